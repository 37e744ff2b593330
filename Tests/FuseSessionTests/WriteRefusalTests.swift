// Nothing can be changed.

import Testing

@Suite struct WriteRefusalTests {
  static let attempts = [
    "open(p, 'r+b')", "open(p, 'wb')", "open(p, 'ab')", "open(m + '/new', 'wb')", "os.mkdir(m + '/d')", "os.unlink(p)", "os.rename(p, p + 'x')",
    "os.chmod(p, 0o600)", "os.chown(p, 1, 1)", "os.truncate(p, 0)", "os.symlink('a', m + '/s')", "os.link(p, m + '/l')", "os.utime(p)", "os.rmdir(m + '/big')",
    "os.mkfifo(m + '/f')", "os.setxattr(p, 'user.a', b'b')",
  ]

  @Test(arguments: attempts) func isRefused(_ attempt: String) throws {
    try withMount { mount in
      #expect(failure(of: "p = '\(mount.path)/pattern.bin'; m = '\(mount.path)'; \(attempt)") == "EROFS")
    }
  }

  /// Where somebody takes the `ro` off, the operations themselves say so.
  @Test(arguments: attempts) func isRefusedOnARemountedMount(_ attempt: String) throws {
    try withMount { mount in
      #expect(shell("mount -i -o remount,rw \(mount.path)").status == 0)
      #expect(failure(of: "p = '\(mount.path)/pattern.bin'; m = '\(mount.path)'; \(attempt)") == "EROFS")
    }
  }

  @Test func writingIsNotAccessible() throws {
    try withMount { mount in
      #expect(
        shell("python3 -c \"import os; print(os.access('\(mount.path)/pattern.bin', os.W_OK), os.access('\(mount.path)/pattern.bin', os.R_OK))\"").output
          == "False True\n")
    }
  }
}
