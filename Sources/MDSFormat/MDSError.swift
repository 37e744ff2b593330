// What can be wrong with an index or a shard, and where.

public import Checksums
public import Compression
public import JSONParsing
public import NumPyFormat

public enum MDSError: Error, Sendable, Equatable {
  // MARK: The index
  /// The index is not JSON, or a value has the wrong kind.
  case malformedIndex(JSONError)
  /// A key that every index must have; `shard` is its ordinal, nil at the top.
  case missingField(String, shard: Int?, line: Int)
  case invalidField(String, shard: Int?, line: Int, found: String, expected: String)
  case compression(CompressionError, shard: Int, line: Int)
  case limitExceeded(String, shard: Int?, limit: Int)

  // MARK: A shard
  /// The file is smaller than its own table of offsets.
  case shardTooShort(found: Int, expected: Int)
  case shardTooLong(found: Int, limit: Int)
  case sampleCount(found: Int, expected: Int)
  /// An entry of the table of offsets; entry `sampleCount` is the end of the last sample.
  case sampleOffset(entry: Int, byteOffset: Int, found: Int, expected: ClosedRange<Int>)
  /// The parts of a sample do not add up to its extent.
  case sampleByteCount(sample: Int, byteOffset: Int, found: Int, expected: Int)
  case fieldByteCount(sample: Int, column: String, byteOffset: Int, found: Int, expected: Int)
  case noSample(Int, sampleCount: Int)
  /// The bytes are not those whose layout was checked.
  case shardChanged(found: Int, expected: Int)

  // MARK: An array
  /// The header of an `ndarray` value; `byteOffset` counts from the value's start.
  case arrayTooShort(byteOffset: Int, found: Int, expected: Int)
  case unknownElementType(code: Int)
  case impossibleShape([Int])
  case arrayByteCount(elementType: ElementType, shape: [Int], found: Int, expected: Int)
  case arrayType(found: ElementType, foundShape: [Int], expected: ElementType, expectedShape: [Int])
  /// A value of a column, which has one of the faults above.
  indirect case field(sample: Int, column: String, byteOffset: Int, MDSError)

  // MARK: Writing
  case columnsNotSorted
  case compressionFailed(CompressionError)
  case hashFailed(ChecksumError)
  case fieldCount(found: Int, expected: Int)
}
