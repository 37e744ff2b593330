// Where a mount may go.

import FuseSession
import Glibc
import Testing

@Suite struct MountpointTests {
  private func failure(_ path: String) -> FuseSessionError? {
    do throws(FuseSessionError) {
      let session = try FuseSession(mountpoint: path, options: MountOptions(), service: PatternService(), logger: quiet)
      try session.start()
      session.stop()
      session.waitUntilUnmounted()
      return nil
    } catch { return error }
  }

  @Test func missingAndNotAFolder() throws {
    let folder = try temporaryFolder()
    shell("touch \(folder)/file")
    #expect(failure(folder + "/nope") == .mountpointMissing(folder + "/nope"))
    #expect(failure(folder + "/file") == .mountpointNotADirectory(folder + "/file"))
    #expect(failure(folder + "/file/x") == .mountpointNotADirectory(folder + "/file/x"))
    shell("rm -r \(folder)")
  }

  /// Only asked, never tried: a mount there would lie over this machine's root.
  @Test(arguments: ["/", "//", "/tmp/..", "/."]) func theRootIsNoMountpoint(path: String) {
    #expect(throws: FuseSessionError.rootOfAll) { try FuseSession.resolved(path) }
  }

  @Test func aLiveMountIsLeftAlone() throws {
    try withMount { mount in
      #expect(failure(mount.path) == .alreadyMounted(mount.path))
      #expect(shell("cat \(mount.path)/pattern.bin | wc -c").output == "3000001\n")
    }
  }

  @Test func spacesAndLinksInThePath() throws {
    let folder = try temporaryFolder()
    shell("mkdir '\(folder)/a \\b ü'; ln -s 'a \\b ü' \(folder)/link")
    #expect(failure(folder + "/link") == nil)
    #expect(shell("rmdir '\(folder)/a \\b ü'; rm \(folder)/link; rmdir \(folder)").status == 0)
  }

  // The process of an exit test captures nothing; it knows its parent by number.

  /// A process that mounts and is killed leaves a dead mount; two of them lie over one another here.
  @Test func deadMountsAreMountedOver() async throws {
    let path = "/tmp/epochfs-test-dead-\(getpid())"
    shell("mkdir -p \(path)")
    await #expect(processExitsWith: .signal(SIGKILL)) {
      let session = try FuseSession(mountpoint: "/tmp/epochfs-test-dead-\(getppid())", options: MountOptions(), service: PatternService(), logger: quiet)
      try session.start()
      kill(getpid(), SIGKILL)
    }
    #expect(shell("ls \(path)").output.contains("not connected"))
    await #expect(processExitsWith: .signal(SIGKILL)) {
      let session = try FuseSession(mountpoint: "/tmp/epochfs-test-dead-\(getppid())/", options: MountOptions(), service: PatternService(), logger: quiet)
      try session.start()
      kill(getpid(), SIGKILL)
    }
    #expect(shell("ls \(path)").output.contains("not connected"))
    #expect(failure(path) == nil)
    #expect(shell("grep -c \(path) /proc/mounts").output == "0\n")
    shell("rmdir \(path)")
  }

  @Test func unmountCleansADeadMount() async throws {
    let path = "/tmp/epochfs-test-dead-2-\(getpid())"
    shell("mkdir -p \(path)")
    await #expect(processExitsWith: .signal(SIGKILL)) {
      let session = try FuseSession(mountpoint: "/tmp/epochfs-test-dead-2-\(getppid())", options: MountOptions(), service: PatternService(), logger: quiet)
      try session.start()
      kill(getpid(), SIGKILL)
    }
    try FuseSession.unmount(path)
    #expect(shell("rmdir \(path)").status == 0)
  }

  @Test func aSessionThatIsNotStartedLeavesNothing() throws {
    let path = try temporaryFolder()
    do { _ = try FuseSession(mountpoint: path, options: MountOptions(), service: PatternService(), logger: quiet) }
    #expect(shell("rmdir \(path)").status == 0)
  }
}
