// Page-aligned memory of its own mapping, so that no allocator hoards it: unmapped is given back.

import Glibc

/// An anonymous, private mapping, zero at first.
///
/// Several threads may write it at once as long as no byte is written by two, and nobody reads a byte before its writer is known to be done;
/// the batch assembly guarantees both (rows are disjoint, a batch is published under a lock after its last row).
@safe
public final class MappedRegion: @unchecked Sendable {
  // Sound: mapped for exactly `byteCount` bytes until `deinit`; never remapped.
  private let base: UnsafeMutableRawPointer
  /// A multiple of the page size.
  public let byteCount: Int

  /// Maps at least `byteCount` bytes (1 or more). Nil where the kernel refuses.
  public init?(byteCount: Int) {
    precondition(byteCount > 0)
    self.byteCount = Page.roundUp(byteCount)
    let isHuge = self.byteCount >= Self.smallestHugeByteCount
    // What is to lie in huge pages begins at one: a page more is mapped, and what is before and behind given back.
    let slack = isHuge ? Self.hugePageByteCount - Page.byteCount : 0
    let mapped = unsafe mmap(nil, self.byteCount + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { return nil }
    guard isHuge else {
      unsafe base = mapped
      return
    }
    let before = -Int(bitPattern: mapped) & (Self.hugePageByteCount - 1)
    unsafe base = mapped + before
    // Sound: both lie in the mapping that was just made, outside `byteCount` bytes from `base`.
    if before > 0 { unsafe _ = munmap(mapped, before) }
    if slack > before { unsafe _ = munmap(base + self.byteCount, slack - before) }
    unsafe _ = madvise(base, self.byteCount, Self.adviseHugePages)
  }

  /// From this size on a mapping asks for huge pages: fewer faults, and fewer misses of the translation cache while a shard is decoded into it.
  private static let smallestHugeByteCount = 4 << 20
  private static let hugePageByteCount = 2 << 20
  /// MADV_HUGEPAGE, which Glibc lacks.
  private static let adviseHugePages: Int32 = 14

  deinit { unsafe _ = munmap(base, byteCount) }

  public var bytes: RawSpan {
    @_lifetime(borrow self)
    get {
      // Sound: the mapping outlives the borrow of this object.
      let span = unsafe RawSpan(_unsafeStart: base, byteCount: byteCount)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Hands `range` to `body` for writing. The caller keeps to the rule of the type: one writer a byte.
  public func withMutableBytes<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    // Sound: the range was checked against the mapping, which lives through the call.
    var span = unsafe MutableRawSpan(_unsafeStart: base + range.lowerBound, byteCount: range.count)
    return try body(&span)
  }

  /// The address of the first byte, for loops that have checked their bounds once.
  @unsafe public var address: UnsafeMutableRawPointer { unsafe base }
}

/// The machine's page.
public enum Page {
  public static let byteCount = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// The next multiple of the page size. `byteCount` is at most 2^62.
  public static func roundUp(_ byteCount: Int) -> Int { (byteCount + Self.byteCount - 1) & ~(Self.byteCount - 1) }
}
