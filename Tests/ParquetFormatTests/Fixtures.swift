// The files of Tests/Fixtures/parquet, and what tests do with bytes.

import ByteParsing
import Glibc
import ParquetFormat
import Testing

enum Fixtures {
  static let names = ["types", "nested", "pages", "bare", "polars", "duckdb", "fastparquet"]

  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    // Sound: the stream is open between fopen and fclose, and reads go into live arrays.
    guard let file = unsafe fopen("/\(folder)/Fixtures/parquet/\(name)", "rb") else { throw MissingFixture(name: name) }
    defer { unsafe _ = fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&piece, 1, piece.count, file)
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }

  /// The lines of a file's description that begin with a word, without it, split at tabs.
  static func lines(_ name: String, _ kind: String) throws -> [[String]] {
    String(decoding: try bytes(name + ".tsv"), as: UTF8.self).split(separator: "\n").map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
    }.filter { $0[0] == kind }.map { Array($0.dropFirst()) }
  }

  static func file(_ name: String) throws -> ParquetFile { try ParquetFile(try bytes(name + ".parquet")) }
}

struct MissingFixture: Error { var name: String }

/// A file in memory with its footer read.
struct ParquetFile {
  let bytes: [UInt8]
  let metadata: ParquetMetadata

  init(_ bytes: [UInt8]) throws(ParquetError) {
    self.bytes = bytes
    let range = try ParquetFooter.locate(tail: bytes.rawSpan, fileByteCount: bytes.count)
    metadata = try ParquetMetadata(parsing: Array(bytes[range]), fileByteOffset: range.lowerBound)
  }

  /// The headers of a chunk's pages and where they begin, found by walking from one to the next.
  func pages(_ chunk: ParquetColumnChunk) throws -> [(byteOffset: Int, header: ParquetPageHeader)] {
    var pages: [(byteOffset: Int, header: ParquetPageHeader)] = []
    var place = chunk.byteRange.lowerBound
    while place < chunk.byteRange.upperBound {
      let rest = bytes.rawSpan.extracting(place..<chunk.byteRange.upperBound)
      let header = try #require(try ParquetPageHeader.parse(rest, fileByteOffset: place))
      pages.append((place, header))
      place += header.headerByteCount + header.compressedByteCount
    }
    #expect(place == chunk.byteRange.upperBound)
    return pages
  }
}
