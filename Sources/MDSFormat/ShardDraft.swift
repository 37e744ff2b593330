// One shard of an index while its keys are still coming in, in any order.

internal import Checksums
internal import Compression

/// What was read of a shard so far; its arrays are used again for the next.
struct ShardDraft {
  var hasVersion = false
  var format: String?
  var sampleCount: Int?
  var codec = Codec.none
  var hasRaw = false
  var hasStored = false
  var raw = FileDraft()
  var stored = FileDraft()
  /// Where the texts of `column_names`, `column_encodings` and `column_sizes` stand in the index.
  var names: Range<Int>?
  var encodings: Range<Int>?
  var sizes: Range<Int>?

  mutating func reset() {
    hasVersion = false
    format = nil
    sampleCount = nil
    codec = .none
    hasRaw = false
    hasStored = false
    names = nil
    encodings = nil
    sizes = nil
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
