// The spellings of codecs in an MDS index.

import Compression
import Testing

struct CodecTests {
  @Test(arguments: ["zstd", "zstd:7", "zstd:"])
  func levelsDoNotMatter(name: String) throws {
    #expect(try Codec(mdsName: name) == .zstd)
  }

  @Test(arguments: ["br", "bz2:9", "gz", "snappy"])
  func unsupportedCodecsAreNamed(name: String) {
    #expect(throws: CompressionError.unsupportedCodec(name: name)) { try Codec(mdsName: name) }
    #expect(CompressionError.unsupportedCodec(name: name).description.contains("'\(name)'"))
  }

  @Test(arguments: ["", "ZSTD", "lz4", ":zstd", "zstd7"])
  func unknownCodecsAreNamed(name: String) {
    #expect(throws: CompressionError.unknownCodec(name: name)) { try Codec(mdsName: name) }
  }
}
