// Going into the background, with shells in the place of the program.

import Glibc
import Testing

@testable import Platform

@Suite struct DaemonTests {
  private func start(_ script: String) -> (error: DaemonError?, text: String) {
    var text: [UInt8] = []
    do throws(DaemonError) {
      let process = try Daemon.start(executable: "/bin/sh", arguments: ["sh", "-c", script]) { text += $0 }
      // Its caller goes on here, so the daemon's end must be taken note of, or exit tests of other suites wait for it.
      let isAlive = waitpid(process, nil, WNOHANG) == 0
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
      if !isAlive { text += Array("(ended)".utf8) }
      return (nil, String(decoding: text, as: UTF8.self))
    } catch { return (error, String(decoding: text, as: UTF8.self)) }
  }

  @Test func returnsWhenReadyWhileTheDaemonGoesOn() {
    let (error, text) = start("echo a warning >&2; sleep 0.1; printf '\\0' >&2; exec sleep 5")
    #expect(error == nil && text == "a warning\n")
  }

  @Test func aRefusalIsPassedOn() {
    let (error, text) = start("echo 'config.yaml:3: no' >&2; exit 3")
    #expect(error == .ended(status: 3) && text == "config.yaml:3: no\n")
  }

  @Test func aCrashIsToldApart() {
    #expect(start("kill -SEGV $$").error == .killed(signal: SIGSEGV))
    #expect(start("exec /nowhere/at/all").error == .ended(status: 127))
  }

  @Test func theDaemonHasNothingOfTheCaller() {
    let (error, text) = start(
      "links=$(readlink /proc/$$/fd/0 /proc/$$/fd/1); echo \"$links\" >&2; echo $EPOCHFS_BACKGROUND >&2; printf '\\0' >&2; exec sleep 5")
    #expect(error == nil && text == "/dev/null\n/dev/null\n1\n")
  }

  @Test func aProgramThatIsNotThere() {
    #expect(throws: DaemonError.notStarted(code: ENOENT)) { try Daemon.start(executable: "/nowhere/at/all", arguments: ["x"]) }
  }

  @Test func theMarkIsTakenOffAndTheSessionIsItsOwn() async {
    await #expect(processExitsWith: .exitCode(7)) {
      unsafe _ = setenv("EPOCHFS_BACKGROUND", "1", 1)
      let isFirst = Daemon.enter()
      let isLater = Daemon.enter()
      // Not `exit`: a sanitizer's look for leaks at the end needs descriptors, and they are closed.
      _exit(isFirst && !isLater && getsid(0) == getpid() ? 7 : 1)
    }
  }
}
