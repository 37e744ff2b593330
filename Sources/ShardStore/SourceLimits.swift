// How much the index of a source may promise. What is kept of a source grows with its rows and shards, which a few bytes of an index can make any number of.

enum SourceLimits {
  /// A hundred times the rows of the largest known data sets.
  static let rowCount = 1 << 38
  /// Runs of rows that are decoded at once, of one column or of all together: 128 TiB in runs of 8 MiB, 335 MB of tables.
  static let runCount = 1 << 24
}
