// A Parquet file on disk: its footer, and whether it is still the file that was mounted.

internal import ByteParsing
public import ParquetFormat
public import Platform

/// A file whose footer was read. Its data are read by positioned reads, each time through a descriptor of its own: thousands of files may be mounted.
public struct ParquetFile: Sendable {
  public let path: String
  public let metadata: ParquetMetadata
  /// As it was when the footer was read.
  public let identity: FileIdentity

  /// Reads the footer.
  public init(reading path: String) throws(ParquetReadError) {
    self.path = path
    let file = try Self.open(path)
    do throws(SystemError) { identity = try file.identity() } catch { throw .system(error) }
    let byteCount = identity.byteCount
    var head = [UInt8](repeating: 0, count: min(byteCount, ParquetFooter.magicByteCount))
    try file.fill(&head, from: 0)
    let tailByteCount = min(byteCount, Self.tailByteCount)
    var tail = [UInt8](repeating: 0, count: tailByteCount)
    try file.fill(&tail, from: byteCount - tailByteCount)
    let range: Range<Int>
    do throws(ParquetError) {
      range = try ParquetFooter.locate(tail: tail.rawSpan, fileByteCount: byteCount)
      try ParquetFooter.checkHead(head.rawSpan)
    } catch {
      throw .format(error)
    }
    guard range.count <= Self.footerByteLimit else {
      throw .unsupported("the footer has \(range.count) bytes, more than \(Self.footerByteLimit); split the file")
    }
    let missing = range.count + ParquetFooter.trailerByteCount - tailByteCount
    var footer = [UInt8](repeating: 0, count: range.count)
    if missing > 0 {
      try file.fill(&footer, from: range.lowerBound)
    } else {
      footer = Array(tail[(tailByteCount - ParquetFooter.trailerByteCount - range.count)..<(tailByteCount - ParquetFooter.trailerByteCount)])
    }
    do throws(ParquetError) { metadata = try ParquetMetadata(parsing: footer, fileByteOffset: range.lowerBound) } catch { throw .format(error) }
  }

  /// Opens the file again for its data.
  /// - Throws: where it is another than the one whose footer was read.
  func open() throws(ParquetReadError) -> InputFile {
    let file = try Self.open(path)
    let found: FileIdentity
    do throws(SystemError) { found = try file.identity() } catch { throw .system(error) }
    guard found == identity else { throw .contradiction("the file was changed since the mount; mount again to serve the new one", byteOffset: 0) }
    return file
  }

  private static func open(_ path: String) throws(ParquetReadError) -> InputFile {
    do throws(SystemError) { return try InputFile(opening: path) } catch { throw .system(error) }
  }

  /// Read at once in the hope that the footer is in it.
  private static let tailByteCount = 64 << 10
  /// A table of 4640 columns in 100 row groups has 82 MB of footer. What a footer is parsed to takes some times its bytes.
  private static let footerByteLimit = 256 << 20
}

extension InputFile {
  /// Reads exactly as many bytes as `bytes` has.
  func fill(_ bytes: inout [UInt8], from byteOffset: Int) throws(ParquetReadError) {
    try bytes.withMutableRawSpan { (target) throws(ParquetReadError) in try fill(&target, from: byteOffset) }
  }

  func fill(_ target: inout MutableRawSpan, from byteOffset: Int) throws(ParquetReadError) {
    let received: Int
    do throws(SystemError) { received = try read(into: &target, from: byteOffset) } catch { throw .system(error) }
    guard received == target.byteCount else {
      throw .contradiction("the file ends after \(received) of \(target.byteCount) bytes that are to be there", byteOffset: byteOffset)
    }
  }
}
