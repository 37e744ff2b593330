// What `-o` may say.

import Testing

@testable import FuseSession

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

  /// Only what was written is named, with what may be.
  @Test(arguments: [
    ("flying_pigs", "-o flying_pigs: refused, because it is not known; allowed: allow_other, fsname=NAME, noatime, "),
    ("noatime,umask=022", "-o umask=022: refused, because it is not known; allowed: "),
    ("uid=1000", "-o uid=1000: refused, because the configuration says whose its files are: uid: 1000, or --set uid=1000"),
    ("ro,gid=7", "-o gid=7: refused, because the configuration says whose its files are: gid: 7, or --set gid=7"),
  ])
  func whatIsNotKnownIsTold(_ text: String, _ message: String) {
    var options = MountOptions()
    let error = #expect(throws: FuseSessionError.self) { try options.add(text) }
    #expect(error.map { "\($0)".hasPrefix(message) } == true, "\(String(describing: error))")
  }

  /// Every option that the message allows is one that libfuse takes.
  @Test func whatIsAllowedMounts() throws {
    var options = MountOptions()
    let error = #expect(throws: FuseSessionError.self) { try options.add("?") }
    let names = "\(try #require(error))".split(separator: "allowed: ")[1].split(separator: ", ").map(String.init)
    #expect(names.count > 7)
    for name in names { try options.add(name) }
    for name in names where name != "fsname=NAME" {
      var one = MountOptions()
      try one.add(name)
      try withMount(one) { mount in #expect(shell("ls \(mount.path)").status == 0, "\(name)") }
    }
  }

  @Test func usersMayAllowOthersWhereTheAdministratorSaysSo() throws {
    let folder = try temporaryFolder()
    defer { shell("rm -r \(folder)") }
    shell("printf '# comment\\n user_allow_other \\n' > \(folder)/yes; printf '#user_allow_other\\nmount_max = 1000\\n' > \(folder)/no")
    #expect(MountOptions.othersMayBeAllowed(folder + "/yes"))
    #expect(!MountOptions.othersMayBeAllowed(folder + "/no") && !MountOptions.othersMayBeAllowed(folder + "/none"))
  }
}
