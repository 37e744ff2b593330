// How a mount ends.

import FuseSession
import Glibc
import Platform
import Testing

@Suite struct UnmountTests {
  private func isMounted(_ path: String) -> Bool { shell("mountpoint -q \(path)").status == 0 }

  @Test func fromOutside() throws {
    try withMount { mount in
      #expect(shell("umount \(mount.path)").status == 0)
      mount.session.waitUntilUnmounted()
      #expect(!isMounted(mount.path))
    }
  }

  @Test func byTheCommand() throws {
    try withMount { mount in
      try FuseSession.unmount(mount.path + "/")
      #expect(!isMounted(mount.path))
      mount.session.waitUntilUnmounted()
      #expect(throws: FuseSessionError.notAMount(mount.path)) { try FuseSession.unmount(mount.path) }
    }
  }

  @Test func aBusyMountStaysAndNamesWhoHoldsIt() throws {
    try withMount { mount in
      let holder = try Holder(mount.path + "/pattern.bin")
      do {
        try FuseSession.unmount(mount.path)
        Issue.record("unmounted while a file is open")
      } catch {
        #expect("\(error)".contains("sleep (pid ") && "\(error)".contains(mount.path))
      }
      #expect(isMounted(mount.path))
      holder.end()
      try FuseSession.unmount(mount.path)
    }
  }

  /// Who unmounts from inside the mount is told of others, not of the command itself.
  @Test func thisProcessIsNoHolder() throws {
    try withMount { mount in
      let holder = try Holder(mount.path + "/pattern.bin")
      let file = unsafe open(mount.path + "/pattern.bin", O_RDONLY)
      defer {
        close(file)
        holder.end()
      }
      let error = #expect(throws: FuseSessionError.self) { try FuseSession.unmount(mount.path) }
      let message = "\(try #require(error))"
      #expect(message.contains("sleep (pid ") && !message.contains("(pid \(getpid()))"))
    }
  }

  @Test func whatIsNotOursIsLeftAlone() throws {
    #expect(throws: FuseSessionError.foreignMount("/proc", kind: "proc")) { try FuseSession.unmount("/proc") }
    #expect(throws: FuseSessionError.nothingThere("/nowhere/at/all")) { try FuseSession.unmount("/nowhere/at/all") }
  }

  @Test func stoppingWhileAFileIsOpen() throws {
    try withMount(MountOptions(gracePeriod: 30)) { mount in
      let holder = try Holder(mount.path + "/pattern.bin")
      mount.session.stop()
      for _ in 0..<200 where isMounted(mount.path) { usleep(10_000) }
      #expect(!isMounted(mount.path))
      // The reader may finish, and with its last file the session does.
      holder.end()
      mount.session.waitUntilUnmounted()
    }
  }

  @Test func theGracePeriodEnds() throws {
    try withMount(MountOptions(gracePeriod: 0.1)) { mount in
      let holder = try Holder(mount.path + "/pattern.bin")
      defer { holder.end() }
      mount.session.stop()
      mount.session.waitUntilUnmounted()
      #expect(!isMounted(mount.path))
    }
  }

  @Test func aSecondStopDoesNotWait() throws {
    try withMount(MountOptions(gracePeriod: 600)) { mount in
      let holder = try Holder(mount.path + "/pattern.bin")
      defer { holder.end() }
      mount.session.stop()
      mount.session.stop()
      mount.session.waitUntilUnmounted()
      #expect(!isMounted(mount.path))
    }
  }

  @Test func stoppingWhileAReaderIsStuckInOpen() throws {
    try withMount(MountOptions(gracePeriod: 0.1)) { mount in
      shell("cat \(mount.path)/never.bin > /dev/null 2>&1 & sleep 0.2")
      mount.session.stop()
      mount.session.waitUntilUnmounted()
      #expect(!isMounted(mount.path))
    }
  }

  /// As the program does it: the signal's thread stops the session, and the process ends with 0.
  @Test(arguments: [SIGTERM, SIGINT], [true, false])
  func aSignalEndsTheProcess(_ signal: Int32, whileAFileIsOpen isBusy: Bool) async {
    // An exit test's body sees no arguments: the four cases are spelled out.
    switch (signal, isBusy) {
    case (SIGTERM, true): await #expect(processExitsWith: .exitCode(0)) { try serveUntil(SIGTERM, isBusy: true) }
    case (SIGTERM, false): await #expect(processExitsWith: .exitCode(0)) { try serveUntil(SIGTERM, isBusy: false) }
    case (_, true): await #expect(processExitsWith: .exitCode(0)) { try serveUntil(SIGINT, isBusy: true) }
    case (_, false): await #expect(processExitsWith: .exitCode(0)) { try serveUntil(SIGINT, isBusy: false) }
    }
  }
}

/// Mounts, sends `signal` to this process, and exits with 0 when the mount is gone by that.
private func serveUntil(_ signal: Int32, isBusy: Bool) throws {
  let mount = try TestMount(MountOptions(gracePeriod: 0.2))
  try Signals.handle([SIGTERM, SIGINT]) { _ in mount.session.stop() }
  let holder = isBusy ? try Holder(mount.path + "/pattern.bin") : nil
  kill(getpid(), signal)
  mount.session.waitUntilUnmounted()
  let isGone = shell("mountpoint -q \(mount.path)").status != 0
  holder?.end()
  unsafe _ = rmdir(mount.path)
  exit(isGone ? 0 : 1)
}

/// Another process that has a file open.
private struct Holder {
  private let process: pid_t

  init(_ path: String) throws {
    // The shell's child closes its output, so that the shell's end is seen while it goes on.
    let text = shell("exec 3< \(path); sleep 600 > /dev/null 2>&1 & echo $!").output
    process = try #require(pid_t(text.prefix { $0 != "\n" }))
  }

  func end() {
    kill(process, SIGKILL)
    // Not our child: gone when its files are.
    for _ in 0..<100 where kill(process, 0) == 0 && shell("grep -q '^State:.Z' /proc/\(process)/status").status != 0 { usleep(10_000) }
  }
}
