// What `-o` may say.

import FuseSession
import Testing

@Suite struct MountOptionsTests {
  @Test(arguments: ["rw", "noatime,rw", "suid", "dev", "fsname", "fsname=", "fsname=a\\b", "subtype=ext4", "auto_unmount", "max_read=7", "a\\,rw"])
  func isRefused(_ text: String) {
    var options = MountOptions()
    #expect(throws: FuseSessionError.self) { try options.add(text) }
  }

  @Test func allowOther() throws {
    var options = MountOptions()
    try options.add("ro,noatime,nodiratime,relatime,,allow_other")
    #expect(options.allowOther)
    try withMount(options) { mount in
      #expect(shell("setpriv --reuid 65534 --regid 65534 --clear-groups cat \(mount.path)/pattern.bin | wc -c").output.contains("3000001"))
      #expect(shell("grep ' \(mount.path) ' /proc/mounts").output.contains("noatime"))
    }
  }

  @Test func theSourceThatListsOfMountsShow() throws {
    var options = MountOptions()
    try options.add("fsname=/etc/epochfs/a name.yaml")
    try withMount(options) { mount in
      #expect(shell("grep ' \(mount.path) ' /proc/mounts").output.contains("/etc/epochfs/a\\040name.yaml \(mount.path) fuse.epochfs "))
    }
  }

  @Test func othersAreKeptOutByDefault() throws {
    try withMount { mount in
      #expect(shell("setpriv --reuid 65534 --regid 65534 --clear-groups ls \(mount.path)").output.contains("Permission denied"))
    }
  }

  @Test func whatLibfuseDoesNotKnowIsAnError() throws {
    let path = try temporaryFolder()
    var options = MountOptions()
    try options.add("flying_pigs")
    #expect(throws: FuseSessionError.self) { _ = try FuseSession(mountpoint: path, options: options, service: PatternService(), logger: quiet) }
    #expect(shell("rmdir \(path)").status == 0)
  }
}
