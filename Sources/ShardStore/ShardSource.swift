// What the batch assembly asks of any stored format: how many samples each shard has, what a sample's columns are, and the rows of a decoded shard.

public import NumPyFormat
internal import Platform
public import SampleOrder

/// A set of stored shards of one format, opened. Answers from its index without touching a shard, and decodes one whole shard at a time.
public protocol ShardSource: Sendable {
  /// Its name in the configuration.
  var name: String { get }
  /// The format's name in the configuration (`mds`).
  var formatName: String { get }
  /// What its shards are to somebody who knows the format, in the singular: `shard`, `row group`.
  var shardNoun: String { get }
  /// How many files its shards are parts of; nil where each is stored by itself.
  var fileCount: Int? { get }
  var columns: [SourceColumn] { get }
  /// Sample counts in stored order.
  var shards: ShardTable { get }
  /// Uncompressed bytes of all shards, from the index.
  var rawByteCount: Int { get }
  /// What a block given in bytes is measured by: of a selection of rows all that it was selected from, so that blocks have as many samples with it as without.
  var blockMeasure: BlockMeasure { get }
  /// The same rows cut into shards that suit a reader of these columns alone, with the same numbers of columns; this source itself where its shards are what is stored.
  func projected(to columns: [Int]) -> any ShardSource
  /// Whether rows of a shard can be decoded without the others, so that few cost little and damage is some rows'.
  var reachesRowsAlone: Bool { get }
  /// When the newest of its files was written, as seen at the mount.
  var modified: FileTimestamp { get }
  /// The memory that decoding the most demanding shard takes when these columns of it are wanted.
  func largestDemand(columns: [Int]) -> DecodeDemand
  /// The memory that `check` takes of any shard.
  var checkDemand: DecodeDemand { get }

  /// Where a shard lies, for messages.
  func path(ofShard shard: Int) -> String
  /// Which row of that file a row of the shard is, for messages.
  func fileRow(_ row: Int, ofShard shard: Int) -> Int
  /// Reads, checks and decodes what is wanted of a shard. Blocking; called on decoding threads only.
  /// The result lies in the workspace's memory, until the next shard is decoded there.
  ///
  /// `onRows` is told of rows as they are decoded, in ascending ranges that together are at least the wanted rows: what is used at once is still in the processor's cache.
  /// Only when the call returns is the shard known to be sound.
  func decode(_ request: ShardRequest, with workspace: DecodeWorkspace, onRows: (DecodedShard, Range<Int>) -> Void) throws(ShardError) -> DecodedShard
  /// Reads and decodes a shard with every hash compared and every sample's parts checked, whatever `verify` says. Blocking.
  func check(shard: Int, with workspace: DecodeWorkspace) throws(ShardError)
  /// Tells the kernel that a shard will be read soon.
  func willNeed(shard: Int)
}

/// Samples, and their raw bytes.
public struct BlockMeasure: Sendable, Equatable {
  public var sampleCount: Int
  public var rawByteCount: Int

  public init(sampleCount: Int, rawByteCount: Int) {
    self.sampleCount = sampleCount
    self.rawByteCount = rawByteCount
  }
}

extension ShardSource {
  public var blockMeasure: BlockMeasure { BlockMeasure(sampleCount: shards.sampleCount, rawByteCount: rawByteCount) }
  public var shardNoun: String { "shard" }
  public var fileCount: Int? { nil }
  public func projected(to columns: [Int]) -> any ShardSource { self }
  public var reachesRowsAlone: Bool { false }
  /// One column is looked at after another.
  public var checkDemand: DecodeDemand { largestDemand(columns: Array(columns.indices.prefix(1))) }
  /// For sources whose shards are files.
  public func fileRow(_ row: Int, ofShard shard: Int) -> Int { row }
}

/// One named field of every sample.
public struct SourceColumn: Sendable {
  public let name: String
  /// How it is stored, as the format names it (`bytes`, `ndarray:int16:2,3`).
  public let encodingName: String
  /// Type and shape of one sample where they are the same for all; nil for columns without fixed shape.
  public let array: (elementType: ElementType, shape: [Int])?
  /// Names along the last axis, where declared.
  public let channels: [String]?

  public init(name: String, encodingName: String, array: (elementType: ElementType, shape: [Int])?, channels: [String]?) {
    self.name = name
    self.encodingName = encodingName
    self.array = array
    self.channels = channels
  }
}

/// The memory that decoding one shard takes: the stored bytes that are in memory at once, the decoded ones, and what a codec's library allocates for itself.
public struct DecodeDemand: Sendable, Equatable {
  public var inputByteCount: Int
  public var outputByteCount: Int
  public var stateByteCount: Int
  /// What is taken only while it is needed, when the data tell how much that is; as far as is known before.
  public var temporaryByteCount: Int

  public init(inputByteCount: Int, outputByteCount: Int, stateByteCount: Int = 0, temporaryByteCount: Int = 0) {
    self.inputByteCount = inputByteCount
    self.outputByteCount = outputByteCount
    self.stateByteCount = stateByteCount
    self.temporaryByteCount = temporaryByteCount
  }

  /// Their sum, little more than 2^61 at most: numbers of a lying index do not overflow.
  public var byteCount: Int { min(inputByteCount, 1 << 60) + min(outputByteCount, 1 << 60) + stateByteCount }

  /// What a workspace for it is charged with: whole pages of bytes, and the state.
  public var chargedByteCount: Int {
    Page.roundUp(max(1, min(outputByteCount, 1 << 60))) + Page.roundUp(max(1, min(inputByteCount, 1 << 60))) + stateByteCount
  }

  public func union(_ other: DecodeDemand) -> DecodeDemand {
    DecodeDemand(
      inputByteCount: max(inputByteCount, other.inputByteCount), outputByteCount: max(outputByteCount, other.outputByteCount),
      stateByteCount: max(stateByteCount, other.stateByteCount), temporaryByteCount: max(temporaryByteCount, other.temporaryByteCount))
  }
}

/// A file's modification time.
public struct FileTimestamp: Sendable, Hashable, Comparable {
  public var seconds: Int
  public var nanoseconds: Int

  public init(seconds: Int, nanoseconds: Int) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  public static func < (a: FileTimestamp, b: FileTimestamp) -> Bool { (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds) }
}
