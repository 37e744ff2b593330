// The files of Tests/Fixtures/parquet-rows: what they hold as pyarrow reads it, and how tests read them.

import BatchCache
import ByteParsing
import Checksums
import Compression
import Foundation
import NumPyFormat
import ParquetFormat
import Platform

@testable import ParquetReading

enum Fixtures {
  /// EPOCHFS_PARQUET_ROWS: others in their place, as write_random.py writes them.
  static let folder =
    ProcessInfo.processInfo.environment["EPOCHFS_PARQUET_ROWS"] ?? "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    + "/Fixtures/parquet-rows"

  /// Every file with expected values, without `.parquet`.
  static let names: [String] =
    ((try? Folder.names(in: folder)) ?? []).compactMap { $0.hasSuffix(".tsv") ? String($0.dropLast(4)) : nil }.sorted()

  static func path(_ name: String) -> String { "\(folder)/\(name).parquet" }

  static func bytes(_ name: String) throws -> [UInt8] { try InputFile.contents(of: path(name), limit: 1 << 24) }

  /// The parts of each leaf of each row group.
  static func expected(_ name: String) throws -> [ChunkNumber: [String: ExpectedPart]] {
    var chunks: [ChunkNumber: [String: ExpectedPart]] = [:]
    let text = String(decoding: try InputFile.contents(of: "\(folder)/\(name).tsv", limit: 1 << 24), as: UTF8.self)
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 6, let group = Int(fields[0]), let leaf = Int(fields[1]), let byteCount = Int(fields[3]) else { throw BadFixture(name: name) }
      chunks[ChunkNumber(group: group, leaf: leaf), default: [:]][String(fields[2])] =
        ExpectedPart(byteCount: byteCount, sha1: String(fields[4]), head: String(fields[5]))
    }
    return chunks
  }
}

struct ChunkNumber: Hashable {
  let group: Int
  let leaf: Int
}

struct ExpectedPart: Equatable {
  let byteCount: Int
  let sha1: String
  /// The first bytes, for messages.
  let head: String

  init(byteCount: Int, sha1: String, head: String) {
    self.byteCount = byteCount
    self.sha1 = sha1
    self.head = head
  }

  init(_ bytes: [UInt8]) throws {
    byteCount = bytes.count
    sha1 = try HashAlgorithm.sha1.digest(of: bytes.rawSpan).hex
    head = Digest(bytes: Array(bytes.prefix(16))).hex
  }
}

struct BadFixture: Error { let name: String }

/// Rows as tests compare them: the parts of `AssembledRows`, as arrays.
struct Rows: Equatable {
  var offsets: [[Int]] = []
  var values: [UInt8] = []
  /// By level of slots; only where something is null.
  var nulls: [Int: [UInt8]] = [:]

  /// By the names of the expected parts.
  var parts: [String: [UInt8]] {
    var parts = ["values": values]
    for (level, bytes) in nulls { parts["nulls\(level)"] = bytes }
    for (level, places) in offsets.enumerated() {
      parts["offsets\(level)"] = places.flatMap { place in (0..<8).map { UInt8(truncatingIfNeeded: place >> (8 * $0)) } }
    }
    return parts
  }

  /// The rows `range` of these, counted from 0, as they would be read alone.
  func slice(_ range: Range<Int>, of leaf: ParquetLeaf) -> Rows {
    let elementByteCount = leaf.elementByteCount
    var slice = Rows()
    var places = range.lowerBound..<range.upperBound
    for (number, level) in offsets.enumerated() {
      slice.nulls[number] = Self.some(nulls[number]?[places])
      let begin = level[places.lowerBound]
      slice.offsets.append(level[places.lowerBound...places.upperBound].map { $0 - begin })
      places = begin..<level[places.upperBound]
    }
    slice.values = Array(values[places.lowerBound * elementByteCount..<places.upperBound * elementByteCount])
    slice.nulls[offsets.count] = Self.some(nulls[offsets.count]?[places])
    return slice
  }

  private static func some(_ nulls: ArraySlice<UInt8>?) -> [UInt8]? { nulls.flatMap { $0.contains(1) ? Array($0) : nil } }
}

/// A reader with memory of its own, under a cap.
struct Rig {
  let budget: MemoryBudget
  let reader: ParquetReader

  init(capByteCount: Int = 64 << 20, checksCRC: Bool = true) {
    let budget = MemoryBudget(capByteCount: capByteCount)
    self.budget = budget
    reader = ParquetReader(
      memory: ReadingMemory { budget.region(byteCount: $0) }, decompressor: Decompressor(), checksCRC: checksCRC, directories: PageDirectoryCache())
  }

  func rows(_ range: Range<Int>, of chunk: ParquetChunk) throws(ParquetReadError) -> Rows {
    let found = try reader.rows(range, of: chunk)
    var rows = Rows()
    for part in found.parts {
      let bytes = try found.withBytes(of: part) { (bytes) throws(ParquetReadError) in Self.copy(bytes) }
      switch part {
      case .values: rows.values = bytes
      case .nulls(let level): rows.nulls[level] = bytes
      case .offsets: rows.offsets.append((0..<bytes.count / 8).map { place in (0..<8).reduce(0) { $0 | Int(bytes[8 * place + $1]) << (8 * $1) } })
      }
    }
    return rows
  }

  /// The bytes that `fixedRows` writes, and its nulls where it says that there are some.
  func fixedRows(
    _ range: Range<Int>, of chunk: ParquetChunk, rowByteCount: Int, levelNulls: [NullMarks] = []
  ) throws(ParquetReadError) -> (values: [UInt8], nulls: [UInt8]?) {
    let nulls = range.count * rowByteCount
    guard let region = budget.region(byteCount: nulls + range.count + 1) else { throw .noMemory(byteCount: nulls) }
    let result = try reader.fixedRows(range, of: chunk, into: region.region, valuesByteOffset: 0, nullsByteOffset: nulls, levelNulls: levelNulls)
    let mapped = region.region
    let bytes = Self.copy(mapped.bytes.extracting(first: nulls + range.count))
    return (Array(bytes[..<nulls]), result.hasNulls ? Array(bytes[nulls...]) : nil)
  }

  /// The same by `eachPage`; nil where rows cannot be used where they lie.
  func pageRows(_ range: Range<Int>, of chunk: ParquetChunk, rowByteCount: Int) throws(ParquetReadError) -> (values: [UInt8], nulls: [UInt8])? {
    var (values, nulls, next): ([UInt8], [UInt8], Int) = ([], [], range.lowerBound)
    let result = try reader.eachPage(range, of: chunk) { (run) throws(ParquetReadError) in
      guard run.rows.lowerBound == next else { throw .contradiction("rows \(run.rows) after row \(next)", byteOffset: 0) }
      next = run.rows.upperBound
      let mapped = run.region.region
      let bytes = mapped.bytes
      values += Self.copy(bytes.extracting(run.valuesByteOffset..<run.valuesByteOffset + run.rows.count * rowByteCount))
      nulls += run.nullsByteOffset.map { Self.copy(bytes.extracting($0..<$0 + run.rows.count)) } ?? Array(repeating: 0, count: run.rows.count)
    }
    return result == nil ? nil : (values, nulls)
  }

  static func copy(_ span: RawSpan) -> [UInt8] {
    unsafe span.withUnsafeBytes { unsafe Array($0) }  // Sound: copied while the span lives.
  }
}

extension ParquetFile {
  func chunk(_ number: ChunkNumber, shape: [Int]? = nil) throws(ParquetReadError) -> ParquetChunk {
    try ParquetChunk(file: self, fileNumber: 0, leaf: number.leaf, rowGroup: number.group, shape: shape)
  }
}

extension ParquetLeaf {
  /// Bytes of one element; 1 for texts.
  var elementByteCount: Int { if case .fixed(let type, _) = valueType { type.byteCount } else { 1 } }
}
