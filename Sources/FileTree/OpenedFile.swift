// What an open and a read hand back.

internal import BatchAssembly
public import BatchCache
internal import ByteParsing
internal import Platform

/// How the bytes of an open file reach its reader.
public struct OpenedFile: Sendable {
  public enum Serving: Sendable {
    /// The kernel asks by READ and may keep what it got: the bytes of this path never change.
    case cachedReplies
    /// The kernel asks by READ each time and keeps nothing: the bytes are of the moment.
    case uncachedReplies
    /// The whole file lies in this sealed memory file, which the kernel reads by itself.
    case passthrough(BatchBuffer)
  }
  public var handle: FileHandle
  public var serving: Serving
  public init(handle: FileHandle, serving: Serving) {
    self.handle = handle
    self.serving = serving
  }

  /// The memory file to hand to the kernel, where there is one. It stays open while this value is kept.
  public var backingDescriptor: Int32? {
    if case .passthrough(let buffer) = serving { buffer.fileDescriptor } else { nil }
  }
}

/// Some bytes of a file, alive as long as this value.
public struct FileBytes: Sendable {
  private enum Storage: Sendable {
    case array([UInt8])
    case buffer(BatchBuffer)
    case region(ChargedRegion)
  }
  private let storage: Storage
  private let range: Range<Int>

  /// The bytes `range` of an array that holds the whole file.
  public init(_ array: [UInt8], _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= array.count)
    storage = .array(array)
    self.range = range
  }

  /// The bytes `range` of a batch.
  public init(_ buffer: BatchBuffer, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.byteCount)
    storage = .buffer(buffer)
    self.range = range
  }

  /// The bytes `range` of decoded data.
  init(_ region: ChargedRegion, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= region.region.byteCount)
    storage = .region(region)
    self.range = range
  }

  init(_ bytes: ArrayBytes) {
    switch bytes {
    case .piece(let region, let range): self.init(region, range)
    case .assembled(let buffer): self.init(buffer, 0..<buffer.byteCount)
    case .none: self.init([], 0..<0)
    }
  }

  public var byteCount: Int { range.count }

  public func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
    switch storage {
    case .array(let array):
      return body(array.rawSpan.extracting(range))
    case .buffer(let buffer):
      return buffer.withBytes(range, body)
    case .region(let charged):
      let mapping = charged.region
      let bytes = mapping.bytes
      return body(bytes.extracting(range))
    }
  }
}
