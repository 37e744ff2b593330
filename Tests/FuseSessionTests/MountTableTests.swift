// The kernel's list of mounts.

import Testing

@testable import FuseSession

@Suite struct MountTableTests {
  @Test func linesAreParsed() {
    let text = """
      36 35 98:0 / / rw,noatime - ext4 /dev/root rw
      40 36 0:55 / /mnt/a\\040b\\134c ro,nosuid shared:7 master:2 - fuse.epochfs epochfs ro,user_id=0
      41 36 0:56 / /half ro
      42 36 0:57 / /dash rw shared:1 -

      """
    #expect(
      MountedFileSystem.parse(Array(text.utf8)) == [
        MountedFileSystem(device: "98:0", path: "/", kind: "ext4"), MountedFileSystem(device: "0:55", path: "/mnt/a b\\c", kind: "fuse.epochfs"),
      ])
    #expect(MountedFileSystem.at("/proc")?.kind == "proc")
    #expect(MountedFileSystem.at("/nowhere") == nil)
  }

  @Test func readAheadIsRaised() throws {
    try withMount { mount in
      let device = try #require(MountedFileSystem.at(mount.path)).device
      #expect(shell("cat /sys/class/bdi/\(device)/read_ahead_kb").output == "1024\n")
    }
  }
}
