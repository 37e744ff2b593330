// Bytes over a real mount.

import FuseSession
import Synchronization
import Testing

@Suite struct ReadTests {
  private func digest(_ bytes: [UInt8]) -> Int { bytes.reduce(0) { ($0 &* 131 &+ Int($1)) & 0xffff_ffff } }
  private func remoteDigest(_ expression: String) -> String {
    shell("python3 -c \"\nimport os, mmap\nd = \(expression)\nh = 0\nfor b in d: h = (h * 131 + b) & 0xffffffff\nprint(len(d), h)\"").output
  }

  @Test(arguments: [10, 11, 12, 16] as [UInt64], [true, false])
  func wholeFilesAreTheirBytes(_ inode: UInt64, passthrough: Bool) throws {
    let file = try #require(PatternService.files[inode])
    let bytes = PatternService.pattern(inode, 0..<file.byteCount)
    try withMount(MountOptions(passthrough: passthrough, gracePeriod: 0.2)) { mount in
      for _ in 0..<2 { #expect(remoteDigest("open('\(mount.path)/\(file.name)', 'rb').read()") == "\(bytes.count) \(digest(bytes))\n") }
      if file.byteCount > 0 {
        #expect(
          remoteDigest("mmap.mmap(os.open('\(mount.path)/\(file.name)', os.O_RDONLY), 0, prot=mmap.PROT_READ)[4097:99999]")
            == "95902 \(digest(Array(bytes[4097..<99999])))\n")
      }
    }
  }

  @Test(arguments: [(0, 1), (4095, 2), (3_000_000, 1), (3_000_000, 100), (3_000_001, 5), (9_000_000, 5), (123_457, 1_500_000)])
  func positionedReads(_ byteOffset: Int, _ byteCount: Int) throws {
    let size = 3_000_001
    let bytes = PatternService.pattern(10, min(byteOffset, size)..<min(byteOffset + byteCount, size))
    try withMount { mount in
      #expect(remoteDigest("os.pread(os.open('\(mount.path)/pattern.bin', os.O_RDONLY), \(byteCount), \(byteOffset))") == "\(bytes.count) \(digest(bytes))\n")
    }
  }

  @Test func failuresKeepTheirErrno() throws {
    try withMount { mount in
      #expect(failure(of: "open('\(mount.path)/damaged.bin', 'rb').read()") == "EIO")
      #expect(failure(of: "open('\(mount.path)/refused.bin', 'rb')") == "ENOMEM")
    }
  }

  @Test func controlFilesAreReadAnewAndOthersOnce() throws {
    try withMount { mount in
      #expect(shell("cat \(mount.path)/status.json; cat \(mount.path)/status.json").output == "read 1\nread 2\n")
      shell("cat \(mount.path)/pattern.bin")
      let first = mount.service.readByteCount.load(ordering: .relaxed)
      for _ in 0..<10 { shell("cat \(mount.path)/pattern.bin > /dev/null") }
      // Not none: a kernel may drop single pages at any time, and some do.
      #expect(mount.service.readByteCount.load(ordering: .relaxed) - first < 10 * 3_000_001 / 4)
    }
  }

  @Test func manyReadersAtOnce() throws {
    try withMount { mount in
      let output = shell("for i in $(seq 40); do (cat \(mount.path)/delayed.bin \(mount.path)/batch.bin \(mount.path)/pattern.bin | md5sum) & done; wait")
        .output
      let lines = output.split(separator: "\n")
      #expect(lines.count == 40 && Set(lines).count == 1)
    }
  }

  @Test func everyOpenIsClosed() throws {
    try withMount { mount in
      shell("for i in $(seq 20); do cat \(mount.path)/delayed.bin \(mount.path)/batch.bin > /dev/null & done; wait; cat \(mount.path)/refused.bin")
      shell("sleep 0.3")
      #expect(mount.service.openCount.load(ordering: .relaxed) == 41)
      #expect(mount.service.closeCount.load(ordering: .relaxed) == 40)
      #expect(mount.session.backedFileCount == 0)
    }
  }
}
