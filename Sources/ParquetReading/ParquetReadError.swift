// Why rows of a Parquet file cannot be had.

public import Compression
public import ParquetEncodings
public import ParquetFormat
public import Platform

public enum ParquetReadError: Error, Sendable, CustomStringConvertible {
  case system(SystemError)
  /// A footer, header or index cannot be parsed.
  case format(ParquetError)
  /// The page whose header begins at `byteOffset` of the file does not decompress.
  case compression(CompressionError, pageByteOffset: Int)
  /// The levels or values of the page whose header begins at `byteOffset` of the file are damaged.
  case encoding(EncodingError, pageByteOffset: Int)
  /// What a page or chunk holds contradicts what was said of it; a sentence that says what was found and expected.
  case contradiction(String, byteOffset: Int)
  /// Rows have another number of values than the schema or the configuration says.
  case otherShape(String, byteOffset: Int)
  /// Something of the format that is known and not read here.
  case unsupported(String)
  /// Rows of the row group that lie in a page that cannot be read; others may be sound.
  indirect case inRows(Range<Int>, ParquetReadError)
  /// What is wrong with one column.
  indirect case inColumn(String, ParquetReadError)
  /// The cap has no room for so many bytes more.
  case noMemory(byteCount: Int)

  public var description: String {
    switch self {
    case .system(let error): "\(error.call): \(error.reason)"
    case .format(let error): "\(error)"
    case .compression(let error, let byteOffset): "the page at byte \(byteOffset): \(error)"
    case .encoding(let error, let byteOffset): "the page at byte \(byteOffset): \(error)"
    case .contradiction(let message, let byteOffset), .otherShape(let message, let byteOffset): "byte \(byteOffset): \(message)"
    case .unsupported(let message): message
    case .inRows(_, let error): error.description
    case .inColumn(let name, let error): "column \(name): \(error)"
    case .noMemory(let byteCount):
      "a page, with what it unpacks to, takes \(ByteCount.text(byteCount)) more, for which the memory cap has no room; raise `memory`"
    }
  }

  /// The rows of the row group that it is about; nil where that may be all.
  public var rows: Range<Int>? {
    switch self {
    case .inRows(let rows, _): rows
    case .inColumn(_, let error): error.rows
    case .system, .format, .compression, .encoding, .contradiction, .otherShape, .unsupported, .noMemory: nil
    }
  }
}
