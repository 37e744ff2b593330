// The spellings of codecs in an MDS index.

import Compression
import Testing

struct CodecTests {
  @Test(arguments: ["zstd", "zstd:7", "zstd:"])
  func levelsDoNotMatter(name: String) throws {
    #expect(try Codec(mdsName: name) == .zstd)
  }

  @Test func everyCompressionOfMDSIsKnown() throws {
    #expect(try ["zstd", "gz", "br", "bz2", "snappy"].map { try Codec(mdsName: $0) } == [.zstd, .gzip, .brotli, .bzip2, .snappy])
    #expect(try ["gz:9", "br:11", "bz2:1"].map { try Codec(mdsName: $0) } == [.gzip, .brotli, .bzip2])
  }

  @Test(arguments: ["", "ZSTD", "lz4", ":zstd", "zstd7"])
  func unknownCodecsAreNamed(name: String) {
    #expect(throws: CompressionError.unknownCodec(name: name)) { try Codec(mdsName: name) }
  }
}
