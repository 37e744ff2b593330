// Readers that get signals while they wait for an answer.

import Glibc
import Platform
import Synchronization
import Testing

@testable import FuseSession

@Suite struct InterruptTests {
  /// Sends `signal` to a reader that waits, and says what the reader printed, or that it was still there after 5 s.
  private func signal(_ signal: String, to reader: String, on mount: TestMount, setUp: String = "") -> String {
    shell(
      """
      python3 - <<'END'
      import os, signal, subprocess, sys, time
      reader = subprocess.Popen([sys.executable, "-c", '''
      import os, signal, sys
      \(setUp)
      print("begins", flush=True)
      try:
          \(reader)
          print("went on")
      except BaseException as error:
          print(type(error).__name__)
      '''], stdout=subprocess.PIPE, text=True, cwd="\(mount.path)")
      reader.stdout.readline()
      time.sleep(0.2)
      \(signal)
      try:
          output = reader.communicate(timeout=5)[0]
          print(output.split() or reader.returncode)
      except subprocess.TimeoutExpired:
          print("still there")
          os.chdir("/")
          reader.kill()
      END
      """
    ).output
  }

  @Test(arguments: ["SIGKILL", "SIGTERM", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGALRM"], ["never", "unread"])
  func whoIsKilledEndsAtOnce(_ name: String, _ file: String) throws {
    // Who waits for the pages of another request, read-ahead, is woken by the kernel alone, and not by signals that dump core.
    if name == "SIGQUIT" && file == "unread" { return }
    try withMount { mount in
      let read = "os.pread(os.open('\(file).bin', os.O_RDONLY), 5, 0)"
      let number = ["SIGKILL": 9, "SIGTERM": 15, "SIGINT": 2, "SIGQUIT": 3, "SIGUSR1": 10, "SIGALRM": 14][name] ?? 0
      #expect(signal("reader.send_signal(signal.\(name))", to: read, on: mount, setUp: "signal.signal(signal.SIGINT, signal.SIG_DFL)") == "-\(number)\n")
      #expect(mount.service.heldCount > 0)
    }
  }

  /// The kernel tells of the first signal only.
  @Test(arguments: ["never", "unread"])
  func whoIsKilledAfterAHarmlessSignalEndsToo(_ file: String) throws {
    try withMount { mount in
      let signals = "reader.send_signal(signal.SIGUSR1); time.sleep(0.3); reader.kill()"
      let read = "os.pread(os.open('\(file).bin', os.O_RDONLY), 5, 0)"
      #expect(signal(signals, to: read, on: mount, setUp: "signal.signal(signal.SIGUSR1, lambda *_: None)") == "-9\n")
    }
  }

  @Test func anOpenThatSomebodyAsksToStopRaises() throws {
    try withMount { mount in
      #expect(signal("reader.send_signal(signal.SIGINT)", to: "open('never.bin')", on: mount) == "['KeyboardInterrupt']\n")
    }
  }

  /// Signals with a handler that raises nothing: the reader gets its file.
  @Test(arguments: ["SIGUSR1", "SIGPROF", "SIGCHLD", "SIGALRM", "SIGINT"], ["never", "unread"])
  func handledSignalsDisturbNobody(_ name: String, _ file: String) throws {
    try withMount { mount in
      let answer = Lock(false)
      let thread = try Thread {
        while !answer.withLock({ $0 }) {
          usleep(900_000)
          mount.service.letGo(isSuccess: true)
        }
      }
      let signals = "for _ in range(6): reader.send_signal(signal.\(name)); time.sleep(0.06)"
      let read = "os.pread(os.open('\(file).bin', os.O_RDONLY), 5, 0)"
      #expect(signal(signals, to: read, on: mount, setUp: "signal.signal(signal.\(name), lambda *_: None)") == "['went', 'on']\n")
      answer.withLock { $0 = true }
      thread.join()
    }
  }

  /// The kernel knows of no open and will send no release: what the service has opened by then is closed all the same.
  @Test func anOpenThatNobodyWaitsForAnyMoreIsClosed() throws {
    try withMount { mount in
      #expect(signal("reader.kill()", to: "os.open('never.bin', os.O_RDONLY)", on: mount) == "-9\n")
      #expect(mount.service.heldCount == 1 && mount.service.closeCount.load(ordering: .relaxed) == 0)
      mount.service.letGo(isSuccess: true)
      #expect(mount.service.closeCount.load(ordering: .relaxed) == 1)
      #expect(shell("cat \(mount.path)/pattern.bin | wc -c").output == "3000001\n")
    }
  }

  @Test func signalsAreReadFromProc() throws {
    func text(_ own: String, _ shared: String, blocked: String = "0", ignored: String = "0", caught: String = "0") -> String {
      "Name:\tx\nSigQ:\t0/1\nSigPnd:\t\(own)\nShdPnd:\t\(shared)\nSigBlk:\t\(blocked)\nSigIgn:\t\(ignored)\nSigCgt:\t\(caught)\nCapInh:\t0\n"
    }
    func signals(_ text: String) throws -> (Bool, Bool) {
      let signals = try #require(ThreadSignals(parsing: text))
      return (signals.willEnd, signals.isAsked)
    }
    #expect(try signals(text("0", "0")) == (false, false))
    // SIGKILL is signal 9, SIGTERM 15, SIGCHLD 17, SIGTSTP 20.
    #expect(try signals(text("0000000000000100", "0", caught: "4000")) == (true, false))
    #expect(try signals(text("0", "4000")) == (true, false))
    #expect(try signals(text("0", "4000", blocked: "4000")) == (false, false))
    #expect(try signals(text("0", "4000", ignored: "4000")) == (false, false))
    #expect(try signals(text("0", "4000", caught: "4000")) == (false, true))
    #expect(try signals(text("10000", "80000")) == (false, false))
    // A real-time signal, the highest.
    #expect(try signals(text("8000000000000000", "0")) == (true, false))
    #expect(ThreadSignals(parsing: "SigPnd:\t0\n") == nil && ThreadSignals(of: -1) == nil)
    #expect(ThreadSignals(of: getpid())?.willEnd == false)
  }
}
