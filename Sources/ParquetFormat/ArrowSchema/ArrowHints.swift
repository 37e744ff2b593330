// What the footer's Arrow schema adds to Parquet's.

internal import NumPyFormat

/// By node of the schema's tree.
struct ArrowHints: Sendable {
  struct FixedList: Sendable {
    /// The number of elements of each list.
    var count: Int
    /// The same number as a shape: `[count]`, or that of the tensors that the lists are.
    var shape: [Int]
  }

  /// Lists of fixed length, by their repeated node.
  var lists: [Int: FixedList] = [:]
  /// INT64 columns that are lengths of time.
  var durations: [Int: TimeUnit] = [:]
}
