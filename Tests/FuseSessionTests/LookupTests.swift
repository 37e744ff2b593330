// Names and attributes over a real mount.

import Testing

@Suite struct LookupTests {
  @Test func attributesAreThoseOfTheService() throws {
    try withMount { mount in
      #expect(shell("stat -c '%s %a %F %Y %i' \(mount.path)/pattern.bin").output == "3000001 444 regular file 1700000000 10\n")
      #expect(shell("stat -c '%a %F %i' \(mount.path) \(mount.path)/big").output == "555 directory 1\n555 directory 3\n")
      #expect(shell("stat -c %s \(mount.path)/big/entry-012345").output == "12345\n")
      #expect(shell("cat '\(mount.path)/naïve \u{1F41F}.bin' | wc -c").output == "5\n")
    }
  }

  @Test func missingNamesAndFilesAsFolders() throws {
    try withMount { mount in
      #expect(failure(of: "os.stat('\(mount.path)/nope')") == "ENOENT")
      #expect(failure(of: "os.stat(b'\(mount.path)/\\xff\\xfe')") == "ENOENT")
      #expect(failure(of: "os.stat('\(mount.path)/pattern.bin/x')") == "ENOTDIR")
      #expect(failure(of: "os.listdir('\(mount.path)/pattern.bin')") == "ENOTDIR")
      #expect(failure(of: "open('\(mount.path)/big')") == "EISDIR")
      #expect(failure(of: "os.stat('\(mount.path)/' + 300 * 'x')") == "ENOENT")
    }
  }

  @Test func totals() throws {
    try withMount { mount in
      let output = shell("df --output=size,avail,fstype,source -B1 \(mount.path) | tail -1").output
      #expect(output.split(separator: " ").map { $0.filter { $0 != "\n" } } == ["10002432", "0", "fuse.epochfs", "epochfs"])
      #expect(shell("grep ' \(mount.path) ' /proc/mounts").output.contains("ro,nosuid,nodev"))
    }
  }
}
