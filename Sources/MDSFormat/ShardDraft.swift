// One shard of an index while its keys are still coming in, in any order.

internal import Checksums
internal import Compression

/// What was read of a shard so far; its arrays are used again for the next.
struct ShardDraft {
  var hasVersion = false
  var format: Format?
  var sampleCount: Int?
  var codec = Codec.none
  /// `raw_data` and `zip_data`; `raw_meta` and `zip_meta`.
  var data = StoredDraft()
  var meta = StoredDraft()
  /// Where the texts of `column_names`, `column_encodings` and `column_sizes` stand in the index; of the text formats also `columns`, `newline`, `separator`.
  var texts = SchemaTexts()

  enum Format: String { case mds, json, xsv, csv, tsv }

  mutating func reset() {
    hasVersion = false
    format = nil
    sampleCount = nil
    codec = .none
    data.reset()
    meta.reset()
    texts = SchemaTexts()
  }
}

/// Where the values stand by which schemas are known again.
struct SchemaTexts {
  var names: Range<Int>?
  var encodings: Range<Int>?
  var sizes: Range<Int>?
  var columns: Range<Int>?
  var newline: Range<Int>?
  var separator: Range<Int>?
}

/// A file and its compressed form while they are read.
struct StoredDraft {
  var hasRaw = false
  var hasStored = false
  var raw = FileDraft()
  var stored = FileDraft()

  mutating func reset() {
    hasRaw = false
    hasStored = false
  }
}

/// One file of a shard while it is read.
struct FileDraft {
  /// UTF-8.
  var basename: [UInt8] = []
  var byteCount = 0
  var algorithms: [HashAlgorithm] = []
  /// The digests of `algorithms`, one after another.
  var digests: [UInt8] = []

  mutating func reset() {
    basename.removeAll(keepingCapacity: true)
    byteCount = 0
    resetHashes()
  }

  mutating func resetHashes() {
    algorithms.removeAll(keepingCapacity: true)
    digests.removeAll(keepingCapacity: true)
  }
}
