// The memory of one batch file, charged to the budget until its last reader is gone.

internal import Platform

/// The bytes of one file. Written row by row while its batch is assembled, by several threads on disjoint ranges; never after it was published.
public final class BatchBuffer: Sendable {
  public let byteCount: Int
  private let storage: Storage
  private let charge: MemoryCharge?

  private enum Storage: Sendable {
    /// Large files served by replies.
    case region(ChargedRegion)
    /// Small files, which would waste most of a page.
    case heap(HeapBytes)
    /// Files that are handed to the kernel.
    case memoryFile(MemoryFile)
  }

  /// Below this a file shares pages with others. Above, mappings keep the allocator from hoarding; at 256 KiB a cap of 16 GiB makes at most 65,536 of them.
  public static let smallestMappedByteCount = 256 << 10

  /// Memory for a file of `byteCount` bytes, or nil where the budget has no room.
  /// `inMemoryFile`: it will be handed to the kernel.
  public init?(byteCount: Int, inMemoryFile: Bool, budget: MemoryBudget) {
    self.byteCount = byteCount
    // Where no descriptor is left for another memory file the batch lies in ordinary memory, and is served by replies.
    if inMemoryFile, let charge = budget.charge(Page.roundUp(byteCount)), let file = MemoryFile(byteCount: byteCount) {
      storage = .memoryFile(file)
      self.charge = consume charge
    } else if byteCount >= Self.smallestMappedByteCount {
      guard let region = budget.region(byteCount: byteCount) else { return nil }
      storage = .region(region)
      charge = nil
    } else {
      guard let charge = budget.charge(byteCount + HeapBytes.overheadByteCount) else { return nil }
      storage = .heap(HeapBytes(byteCount: byteCount))
      self.charge = consume charge
    }
  }

  /// What one file of `byteCount` bytes is charged with.
  public static func chargedByteCount(_ byteCount: Int, inMemoryFile: Bool) -> Int {
    inMemoryFile || byteCount >= smallestMappedByteCount ? Page.roundUp(byteCount) : byteCount + HeapBytes.overheadByteCount
  }

  /// The descriptor that can be handed to the kernel; nil where the bytes lie in ordinary memory.
  public var fileDescriptor: Int32? {
    if case .memoryFile(let file) = storage { file.descriptor } else { nil }
  }

  /// No byte will change again.
  public func seal() {
    if case .memoryFile(let file) = storage { _ = file.seal() }
  }

  /// Copies `bytes` to `byteOffset`. False where a memory file could not grow (the machine is out of memory).
  public func write(_ bytes: RawSpan, at byteOffset: Int) -> Bool {
    let range = byteOffset..<byteOffset + bytes.byteCount
    precondition(byteOffset >= 0 && range.upperBound <= byteCount)
    switch storage {
    case .region(let charged): charged.region.withMutableBytes(range) { $0.copy(bytes) }
    case .heap(let heap): heap.withMutableBytes(range) { $0.copy(bytes) }
    case .memoryFile(let file): return file.write(bytes, at: byteOffset)
    }
    return true
  }

  /// Hands `range` of the bytes to `body`.
  public func withBytes<Result>(_ range: Range<Int>, _ body: (RawSpan) -> Result) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    switch storage {
    case .region(let charged):
      let region = charged.region
      let bytes = region.bytes
      return body(bytes.extracting(range))
    case .heap(let heap):
      let bytes = heap.bytes
      return body(bytes.extracting(range))
    case .memoryFile(let file):
      var copy = [UInt8](repeating: 0, count: range.count)
      var span = copy.mutableSpan
      var target = unsafe span.mutableBytes  // Sound: any byte is a valid UInt8.
      let isComplete = file.read(into: &target, from: range.lowerBound)
      precondition(isComplete, "a sealed memory file of \(byteCount) bytes lost some")
      let whole = copy.span
      return unsafe body(whole.bytes)  // Sound: bytes of bytes.
    }
  }

  /// The address of the first byte, for the loop that scatters rows; nil for a memory file, which is written by `write`.
  @unsafe package var address: UnsafeMutableRawPointer? {
    switch storage {
    case .region(let charged): unsafe charged.region.address
    case .heap(let heap): unsafe heap.address
    case .memoryFile: nil
    }
  }
}

extension MutableRawSpan {
  /// Fills this span with as many bytes from `source`.
  @_lifetime(self: copy self)
  public mutating func copy(_ source: RawSpan) {
    precondition(source.byteCount == byteCount)
    unsafe withUnsafeMutableBytes { target in
      // Sound: both have the same length, and a batch's memory overlaps no source.
      unsafe source.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
    }
  }
}
