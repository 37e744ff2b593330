// Reads what a Parquet file says of itself, by positioned reads.

internal import ByteParsing
internal import ParquetFormat
internal import Platform
internal import SampleOrder
internal import ShardStore

/// Why a file cannot be described.
struct InspectionError: Error, CustomStringConvertible {
  let path: String
  let problem: String

  /// `problem`: may begin with the path, as errors of files do.
  init(path: String, problem: String) {
    self.path = path
    self.problem = problem.hasPrefix(path + ": ") ? String(problem.dropFirst(path.count + 2)) : problem
  }

  var description: String { "\(path): \(problem)" }
}

/// A chunk as the footer has it, and what walking its pages found.
struct InspectedChunk {
  var chunk: ParquetColumnChunk
  var bounds: ParquetBounds
  var pages: ParquetPageSummary
}

final class ParquetInspector {
  let path: String
  let fileByteCount: Int
  let footerByteCount: Int
  let metadata: ParquetMetadata
  private let file: InputFile
  private var buffer = [UInt8](repeating: 0, count: headerByteCount)

  /// What is read where a header is expected; nearly all are shorter.
  private static let headerByteCount = 512
  /// A footer is read whole; one that is larger is not believed.
  private static let footerByteLimit = 2 << 30

  init(path: String) throws(InspectionError) {
    self.path = path
    do throws(SystemError) {
      file = try InputFile(opening: path)
      fileByteCount = try file.identity().byteCount
    } catch { throw InspectionError(path: path, problem: "\(error.call): \(error.reason)") }
    let byteCount = fileByteCount
    do throws(ParquetError) {
      let tail = try Self.bytes(of: file, max(0, byteCount - ParquetFooter.trailerByteCount)..<byteCount)
      let footer = try Self.withBytes(tail) { bytes throws(ParquetError) in try ParquetFooter.locate(tail: bytes, fileByteCount: byteCount) }
      let head = try Self.bytes(of: file, 0..<ParquetFooter.magicByteCount)
      try Self.withBytes(head) { bytes throws(ParquetError) in try ParquetFooter.checkHead(bytes) }
      guard footer.count <= Self.footerByteLimit else {
        throw ParquetError(.frame, byteOffset: footer.upperBound, .limitExceeded("bytes of footer", limit: Self.footerByteLimit))
      }
      footerByteCount = footer.count
      metadata = try ParquetMetadata(parsing: try Self.bytes(of: file, footer), fileByteOffset: footer.lowerBound)
    } catch { throw InspectionError(path: path, problem: "\(error)") }
  }

  /// Whether the file begins as Parquet files do.
  static func looksLikeParquet(_ path: String) -> Bool {
    guard Folder.kind(of: path) == .file, let file = try? InputFile(opening: path) else { return false }
    guard let head = try? bytes(of: file, 0..<ParquetFooter.magicByteCount) else { return false }
    do throws(ParquetError) { try withBytes(head) { bytes throws(ParquetError) in try ParquetFooter.checkHead(bytes) } } catch { return false }
    return true
  }

  /// The first rows, decoded.
  func samples(limit: Int) -> Result<SampleReport, InspectionError> {
    do throws(SourceError) {
      let source = try ParquetSource(name: "inspect", paths: [path], declarations: [], verification: .auto)
      let report = SampleReport(source, rows: 0..<min(limit, source.shards.sampleCount), path: path)
      if let problem = report.problem { return .failure(InspectionError(path: path, problem: "samples: \(problem.problem)")) }
      return .success(report)
    } catch { return .failure(InspectionError(path: path, problem: "samples: \(InspectionError(path: path, problem: "\(error)").problem)")) }
  }

  /// - Throws: when the footer's description of the chunk or one of its page headers is damaged.
  func chunk(rowGroup: Int, leaf: ParquetLeaf) throws(ParquetError) -> InspectedChunk {
    let chunk = try metadata.columnChunk(rowGroup: rowGroup, leaf: leaf.ordinal)
    let order = metadata.columnOrder(leaf: leaf.ordinal)
    let bounds = chunk.statistics.map { leaf.bounds(of: $0, order: order, writer: metadata.writer) } ?? ParquetBounds(minimum: nil, maximum: nil)
    return InspectedChunk(chunk: chunk, bounds: bounds, pages: try pages(of: chunk))
  }

  /// Walks the chunk's pages from header to header, until all its values have been met.
  private func pages(of chunk: ParquetColumnChunk) throws(ParquetError) -> ParquetPageSummary {
    var summary = ParquetPageSummary()
    var place = chunk.byteRange.lowerBound
    while summary.valueCount < chunk.valueCount {
      let header = try header(at: place, before: chunk.byteRange.upperBound)
      let byteCount = header.headerByteCount + header.compressedByteCount
      guard byteCount <= chunk.byteRange.upperBound - place else {
        throw ParquetError(
          .pageHeader, byteOffset: place,
          .invalid("a page", found: "of \(byteCount) bytes", expected: "at most \(chunk.byteRange.upperBound - place), what is left of its column chunk"))
      }
      summary.add(header)
      place += byteCount
    }
    guard summary.valueCount == chunk.valueCount else {
      throw ParquetError(
        .pageHeader, byteOffset: chunk.byteRange.lowerBound,
        .invalid("the number of values in the pages", found: "\(summary.valueCount)", expected: "\(chunk.valueCount), as the footer says"))
    }
    return summary
  }

  private func header(at place: Int, before end: Int) throws(ParquetError) -> ParquetPageHeader {
    let limit = min(end - place, ParquetPageHeader.byteCountLimit)
    var byteCount = min(limit, Self.headerByteCount)
    while true {
      if buffer.count < byteCount { buffer = [UInt8](repeating: 0, count: byteCount) }
      let received = try Self.read(file, into: &buffer, from: place, byteCount)
      guard received == byteCount else { throw Self.shortRead(place, byteCount, received) }
      let found = try Self.withBytes(buffer) { bytes throws(ParquetError) in
        try ParquetPageHeader.parse(bytes.extracting(0..<byteCount), fileByteOffset: place)
      }
      if let found { return found }
      guard byteCount < limit else { throw ParquetError(.pageHeader, byteOffset: place, .endOfData(needed: limit + 1, remaining: limit)) }
      byteCount = min(limit, byteCount * 8)
    }
  }

  // MARK: - Bytes

  private static func bytes(of file: borrowing InputFile, _ range: Range<Int>) throws(ParquetError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    let received = try read(file, into: &bytes, from: range.lowerBound, range.count)
    guard received == range.count else { throw shortRead(range.lowerBound, range.count, received) }
    return bytes
  }

  private static func read(_ file: borrowing InputFile, into bytes: inout [UInt8], from place: Int, _ byteCount: Int) throws(ParquetError) -> Int {
    do throws(SystemError) {
      return try bytes.withMutableRawSpan { (target) throws(SystemError) in
        var wanted = target._mutatingExtracting(0..<byteCount)
        return try file.read(into: &wanted, from: place)
      }
    } catch {
      throw ParquetError(.frame, byteOffset: place, .invalid("the file", found: "unreadable (\(error.reason))", expected: "\(byteCount) bytes"))
    }
  }

  private static func withBytes<Value>(_ bytes: [UInt8], _ body: (RawSpan) throws(ParquetError) -> Value) throws(ParquetError) -> Value {
    try body(bytes.rawSpan)
  }

  private static func shortRead(_ place: Int, _ byteCount: Int, _ received: Int) -> ParquetError {
    ParquetError(.frame, byteOffset: place, .endOfData(needed: byteCount, remaining: received))
  }
}
