// What can be wrong with a text shard, and where.

public import JSONParsing

/// `byteOffset` counts from the start of the shard's data file, or of its meta file where that is said.
public enum TextShardError: Error, Sendable, Equatable {
  // MARK: The meta file
  case metaTooShort(found: Int, expected: Int)
  case sampleCount(found: Int, expected: Int)
  /// An entry of the table of offsets; entry `sampleCount` is the end of the last sample.
  case sampleOffset(entry: Int, byteOffset: Int, found: Int, expected: ClosedRange<Int>)

  // MARK: The data
  /// What stands before the first row is not the line of column names.
  case header(found: String, expected: String)
  case noNewline(sample: Int, byteOffset: Int)
  case fieldCount(sample: Int, byteOffset: Int, found: Int, expected: Int)
  case json(sample: Int, byteOffset: Int, JSONError)
  case missingColumn(String, sample: Int, byteOffset: Int)
  /// A value that is not what its column's encoding says.
  case value(sample: Int, column: String, byteOffset: Int, found: String, expected: String)
}

extension TextShardError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .metaTooShort(let found, let expected): "meta file of \(found) bytes, its table of offsets alone needs \(expected)"
    case .sampleCount(let found, let expected): "meta file says the shard has \(found) samples, the index says \(expected)"
    case .sampleOffset(let entry, let byteOffset, let found, let expected):
      "meta file, byte \(byteOffset): offset \(entry) is \(found), expected \(expected.lowerBound == expected.upperBound ? "\(expected.lowerBound)" : "\(expected.lowerBound) to \(expected.upperBound)")"
    case .header(let found, let expected): "the first line is '\(found)', expected '\(expected)' as the index names the columns"
    case .noNewline(let sample, let byteOffset): "sample \(sample) at byte \(byteOffset): does not end with a newline as the index gives it"
    case .fieldCount(let sample, let byteOffset, let found, let expected): "sample \(sample) at byte \(byteOffset): \(found) values, expected \(expected)"
    case .json(let sample, let byteOffset, let error): "sample \(sample) at byte \(byteOffset): \(error)"
    case .missingColumn(let name, let sample, let byteOffset): "sample \(sample) at byte \(byteOffset): column '\(name)' is missing"
    case .value(let sample, let column, let byteOffset, let found, let expected):
      "sample \(sample), column '\(column)' at byte \(byteOffset): \(found), expected \(expected)"
    }
  }
}
