// Where the parts of archives lie. That Python's zipfile and NumPy read whole ones is tested by Tests/Mounted/test_batch_files.py.

import NumPyFormat
import Testing

struct NpzArchiveTests {
  private let header = NpyHeader.bytes(elementType: .float32, shape: [3])

  @Test func aSmallArchiveIsAsTheSpecificationHasIt() {
    let archive = NpzArchive([.init(name: "é", header: header, payloadByteCount: 12), .init(name: "b", header: header, payloadByteCount: 12)])
    // Local headers of 30 bytes and the name; 128 + 12 bytes each; entries of 46 bytes and the name; the end of 22.
    #expect(archive.byteCount == (30 + 6 + 140) + (30 + 5 + 140) + (46 + 6) + (46 + 5) + 22)
    #expect(archive.memberOffset(0) == 36 && archive.payloadOffset(0) == 36 + 128 && archive.checkedRange(1) == 211..<351)
    #expect(archive.checksumOffsets(0) == [14, 351 + 16] && archive.checksumOffsets(1) == [176 + 14, 351 + 52 + 16])
    let fragments = archive.fragments
    #expect(fragments.map(\.byteOffset) == [0, 176, 351])
    let name: [UInt8] = [0xC3, 0xA9] + Array(".npy".utf8)
    let local: [UInt8] =
      [0x50, 0x4B, 3, 4, 20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0, 140, 0, 0, 0, 140, 0, 0, 0, 6, 0, 0, 0] + name + header
    #expect(fragments[0].bytes == local)
    let entry: [UInt8] =
      [0x50, 0x4B, 1, 2, 20, 0, 20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0, 140, 0, 0, 0, 140, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      + name
    #expect(Array(fragments[2].bytes.prefix(52)) == entry)
    #expect(Array(fragments[2].bytes.suffix(22)) == [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 2, 0, 2, 0, 103, 0, 0, 0, 0x5F, 1, 0, 0, 0, 0])
    // Nothing but elements is left out.
    #expect(fragments.reduce(24) { $0 + $1.bytes.count } == archive.byteCount)
  }

  /// The numbers of an archive that Python's zipfile and NumPy were seen to read.
  @Test func beyondFourGibibytesArchivesAreZip64() {
    let large = NpyHeader.bytes(elementType: .uint8, shape: [5 << 30])
    let archive = NpzArchive([.init(name: "bé", header: large, payloadByteCount: 5 << 30), .init(name: "a", header: header, payloadByteCount: 12)])
    #expect(archive.byteCount == 5_368_709_758)
    #expect(archive.checksumOffsets(0) == [14, 5_368_709_516] && archive.checksumOffsets(1) == [5_368_709_319, 5_368_709_597])
    #expect(archive.checkedRange(1) == 5_368_709_360..<5_368_709_500)
    #expect(archive.fragments.reduce(12 + (5 << 30)) { $0 + $1.bytes.count } == archive.byteCount)
  }

  @Test func theLargestSmallArchive() {
    func archive(_ total: Int) -> NpzArchive { NpzArchive([.init(name: "a", header: header, payloadByteCount: total - (35 + 128 + 51 + 22))]) }
    #expect(archive(0xFFFF_FFFE).byteCount == 0xFFFF_FFFE)
    #expect(archive(0xFFFF_FFFF).byteCount == 0xFFFF_FFFF + 20 + 28 + 76)
  }
}
