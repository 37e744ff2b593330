// What an index says about one shard.

public import Checksums
public import Compression

/// One shard of an index.
public struct MDSShardEntry: Sendable, Equatable {
  /// At most 2^32 - 1.
  public let sampleCount: Int
  /// The samples.
  public let data: MDSStoredFile
  /// Where each sample lies in `data`, of the formats that write it to a file of its own.
  public let meta: MDSStoredFile?
  public let columns: MDSSchema

  public var raw: MDSFileEntry { data.raw }
  public var stored: MDSFileEntry? { data.stored }
  public var codec: Codec { data.codec }
  /// The file of the samples that lies on disk.
  public var file: MDSFileEntry { data.file }
}

/// A file that may be compressed.
public struct MDSStoredFile: Sendable, Equatable {
  /// As its reader wants it; on disk only where `stored` is nil.
  public let raw: MDSFileEntry
  /// The compressed file, where there is one.
  public let stored: MDSFileEntry?
  /// How `stored` is compressed; `.none` where it is nil.
  public let codec: Codec

  /// The file that lies on disk.
  public var file: MDSFileEntry { stored ?? raw }
}

/// One file of a shard.
public struct MDSFileEntry: Sendable, Equatable {
  /// The path from the index's folder: relative, without `..`; sub-folders may be named.
  public let basename: String
  public let byteCount: Int
  /// The hashes of the whole file that this reader knows, in the order of the index.
  public let hashes: [MDSHash]
}

/// A hash that an index gives for a file.
public struct MDSHash: Sendable, Equatable {
  public let algorithm: HashAlgorithm
  public let digest: Digest
}
