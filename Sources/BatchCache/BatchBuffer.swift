// The memory of one batch file, charged to the budget until its last reader is gone.

internal import ByteParsing
internal import Platform

/// The bytes of one file. Written row by row while its batch is assembled, by several threads on disjoint ranges; never after it was published.
public final class BatchBuffer: Sendable {
  public let byteCount: Int
  /// Whether the complete file is to be handed to the kernel.
  private let isForKernel: Bool
  private let budget: MemoryBudget
  /// Changes once at most, when the complete bytes move into a memory file.
  private let storage: Lock<Storage>

  private enum Storage: Sendable {
    /// Large files served by replies.
    case region(ChargedRegion)
    /// Small files, which would waste most of a page.
    case heap(ChargedBytes)
    /// Files that are handed to the kernel.
    case memoryFile(ChargedFile)
  }

  /// Below this a file shares pages with others. Above, mappings keep the allocator from hoarding; at 256 KiB a cap of 16 GiB makes at most 65,536 of them.
  public static let smallestMappedByteCount = 256 << 10
  /// Rows of fewer bytes are gathered in ordinary memory, and the complete file is written at once when it is handed to the kernel: a call for each would cost more than its bytes.
  private static let smallestDirectRowByteCount = 4 << 10

  /// Memory for a file of `byteCount` bytes that is written in rows of `rowByteCount`, or nil where the budget has no room.
  /// `inMemoryFile`: it will be handed to the kernel.
  public init?(byteCount: Int, rowByteCount: Int, inMemoryFile: Bool, budget: MemoryBudget) {
    self.byteCount = byteCount
    self.budget = budget
    isForKernel = inMemoryFile
    // Where no descriptor is left for another memory file the batch lies in ordinary memory, and is served by replies.
    if inMemoryFile, rowByteCount >= Self.smallestDirectRowByteCount, let file = ChargedFile(byteCount: byteCount, budget: budget) {
      storage = Lock(.memoryFile(file))
    } else if byteCount >= Self.smallestMappedByteCount {
      guard let region = budget.region(byteCount: byteCount) else { return nil }
      storage = Lock(.region(region))
    } else {
      guard let bytes = ChargedBytes(byteCount: byteCount, budget: budget) else { return nil }
      storage = Lock(.heap(bytes))
    }
  }

  /// What one file of `byteCount` bytes is charged with.
  public static func chargedByteCount(_ byteCount: Int, inMemoryFile: Bool) -> Int {
    inMemoryFile || byteCount >= smallestMappedByteCount ? Page.roundUp(byteCount) : byteCount + HeapBytes.overheadByteCount
  }

  /// The descriptor that can be handed to the kernel; nil where the bytes lie in ordinary memory.
  public var fileDescriptor: Int32? {
    if case .memoryFile(let charged) = storage.withLock({ $0 }) { charged.file.descriptor } else { nil }
  }

  /// Whether its rows are written straight into a memory file, each first write to a page of which has the kernel clear it.
  public var isWrittenToFile: Bool { if case .memoryFile = storage.withLock({ $0 }) { true } else { false } }

  /// Has the kernel clear the pages of a memory file that nobody has written to yet.
  public func populate() { if case .memoryFile(let charged) = storage.withLock({ $0 }) { charged.populate() } }

  /// No byte will change again. What is to be handed to the kernel lies in a memory file from here on, unless there is no room or no descriptor for one.
  public func seal() {
    guard isForKernel else { return }
    storage.withLock { storage in
      switch storage {
      case .memoryFile(let charged): charged.seal()
      case .region(let charged):
        let region = charged.region
        let bytes = region.bytes
        if let file = filled(with: bytes.extracting(first: byteCount)) { storage = .memoryFile(file) }
      case .heap(let charged):
        let heap = charged.heap
        let bytes = heap.bytes
        if let file = filled(with: bytes) { storage = .memoryFile(file) }
      }
    }
  }

  /// A sealed memory file with these bytes.
  private func filled(with bytes: RawSpan) -> ChargedFile? {
    guard let charged = ChargedFile(byteCount: byteCount, budget: budget), charged.file.write(bytes, at: 0) else { return nil }
    charged.seal()
    return charged
  }

  /// Copies `bytes` to `byteOffset`. False where a memory file could not grow (the machine is out of memory).
  public func write(_ bytes: RawSpan, at byteOffset: Int) -> Bool {
    let range = byteOffset..<byteOffset + bytes.byteCount
    precondition(byteOffset >= 0 && range.upperBound <= byteCount)
    switch storage.withLock({ $0 }) {
    case .region(let charged): charged.region.withMutableBytes(range) { $0.copy(bytes) }
    case .heap(let charged): charged.heap.withMutableBytes(range) { $0.copy(bytes) }
    case .memoryFile(let charged): return charged.file.write(bytes, at: byteOffset)
    }
    return true
  }

  /// Hands `range` of the bytes to `body`.
  public func withBytes<Result>(_ range: Range<Int>, _ body: (RawSpan) -> Result) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    switch storage.withLock({ $0 }) {
    case .region(let charged):
      let region = charged.region
      let bytes = region.bytes
      return body(bytes.extracting(range))
    case .heap(let charged):
      let heap = charged.heap
      let bytes = heap.bytes
      return body(bytes.extracting(range))
    case .memoryFile(let charged):
      var copy = [UInt8](repeating: 0, count: range.count)
      let isComplete = copy.withMutableRawSpan { charged.file.read(into: &$0, from: range.lowerBound) }
      precondition(isComplete, "a sealed memory file of \(byteCount) bytes lost some")
      return body(copy.rawSpan)
    }
  }

  /// The address of the first byte while the batch is assembled, for the loop that scatters rows; nil for a memory file, which is written by `write`.
  @unsafe package var address: UnsafeMutableRawPointer? {
    switch storage.withLock({ $0 }) {
    case .region(let charged): unsafe charged.region.address
    case .heap(let charged): unsafe charged.heap.address
    case .memoryFile: nil
    }
  }
}

/// Bytes of the allocator, charged as long as they live.
private final class ChargedBytes: Sendable {
  let heap: HeapBytes
  private let charge: MemoryCharge

  init?(byteCount: Int, budget: MemoryBudget) {
    guard let charge = budget.charge(byteCount + HeapBytes.overheadByteCount) else { return nil }
    self.charge = charge
    heap = HeapBytes(byteCount: byteCount)
  }
}

/// A memory file, charged as long as it lives.
private final class ChargedFile: Sendable {
  let file: MemoryFile
  private let charge: MemoryCharge
  /// A file that is being populated is mapped for writing, which sealing does not allow.
  private let isSealed = Lock(false)

  init?(byteCount: Int, budget: MemoryBudget) {
    guard let charge = budget.charge(Page.roundUp(byteCount)), let file = MemoryFile(byteCount: byteCount) else { return nil }
    self.charge = charge
    self.file = file
  }

  /// A few pages at a time: the kernel holds back other mappings of the program meanwhile, and who wants to seal waits.
  private static let populatedByteCount = 4 << 20

  func populate() {
    guard let first = file.firstUnwrittenByte else { return }
    for begin in stride(from: first, to: file.byteCount, by: Self.populatedByteCount) {
      let isDone = isSealed.withLock { isSealed in
        if !isSealed { file.populate(begin..<min(file.byteCount, begin + Self.populatedByteCount)) }
        return isSealed
      }
      if isDone { return }
    }
  }

  func seal() {
    isSealed.withLock { isSealed in
      isSealed = true
      _ = file.seal()
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
