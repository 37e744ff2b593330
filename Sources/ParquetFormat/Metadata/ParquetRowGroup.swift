// A horizontal part of a file.

public struct ParquetRowGroup: Sendable, Hashable {
  /// The number of its first row in the file.
  public let firstRow: Int
  public let rowCount: Int
  /// The bytes of all its columns before compression, as the writer says.
  public let totalByteCount: Int
}
