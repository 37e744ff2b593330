// Bytes that are appended to, in charged memory.

internal import BatchCache
internal import ByteParsing
internal import Platform

/// Belongs to one thread.
final class GrowingBytes {
  private(set) var byteCount = 0
  private var region: ChargedRegion?
  private let take: ((Int) -> ChargedRegion?)?

  /// - Parameter take: gives memory; nil where bytes are only counted.
  init(take: ((Int) -> ChargedRegion?)?) { self.take = take }

  /// Makes room for `count` bytes more.
  func reserve(_ count: Int) throws(ParquetReadError) {
    let (needed, overflow) = byteCount.addingReportingOverflow(count)
    let capacity = region?.region.byteCount ?? 0
    guard !overflow else { throw .noMemory(byteCount: count) }
    guard let take else { return }
    guard needed > capacity else { return }
    guard let larger = take(max(needed, capacity * 2, Self.leastByteCount)) ?? take(needed) else { throw .noMemory(byteCount: needed) }
    if byteCount > 0, let region {
      let old = region.region
      let bytes = old.bytes
      larger.region.withMutableBytes(0..<byteCount) { $0.copy(bytes.extracting(first: byteCount)) }
    }
    region = larger
  }

  func append(_ bytes: RawSpan) throws(ParquetReadError) {
    if bytes.isEmpty { return }
    try append(bytes.byteCount) { $0.copy(bytes) }
  }

  func append(_ number: Int64) throws(ParquetReadError) {
    try append(8) { $0.storeBytes(of: number, toByteOffset: 0, as: Int64.self) }
  }

  func append(_ byte: UInt8) throws(ParquetReadError) {
    try append(1) { $0.storeBytes(of: byte, toByteOffset: 0, as: UInt8.self) }
  }

  /// Appends `count` bytes, which `body` writes.
  func append(_ count: Int, _ body: (inout MutableRawSpan) -> Void) throws(ParquetReadError) {
    if count == 0 { return }
    try reserve(count)
    guard let region else {
      byteCount += count
      return
    }
    region.region.withMutableBytes(byteCount..<byteCount + count, body)
    byteCount += count
  }

  /// Appends as many times as fit into `count` bytes the bytes of `pattern`.
  func append(_ count: Int, filledWith pattern: [UInt8]) throws(ParquetReadError) {
    try append(count) { $0.fill(with: pattern) }
  }

  /// Forgets all bytes; the memory stays.
  func removeAll() { byteCount = 0 }

  /// Hands all bytes to `body`.
  func withBytes<Result>(_ body: (RawSpan) throws(ParquetReadError) -> Result) throws(ParquetReadError) -> Result {
    guard let region else {
      let none: [UInt8] = []
      return try body(none.rawSpan)
    }
    let mapped = region.region
    let bytes = mapped.bytes
    return try body(bytes.extracting(first: byteCount))
  }

  private static let leastByteCount = 64 << 10
}

extension MutableRawSpan {
  /// Writes a pattern as often as fits.
  @_lifetime(self: copy self)
  mutating func fill(with pattern: [UInt8]) {
    let total = byteCount
    var filled = min(pattern.count, total)
    for place in 0..<filled { storeBytes(of: pattern[place], toByteOffset: place, as: UInt8.self) }
    // What is filled is copied behind itself, twice as much each time.
    unsafe withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress, filled > 0 else { return }
      while filled < total {
        let count = min(filled, total - filled)
        // Sound: both parts lie in the span and do not overlap.
        unsafe (base + filled).copyMemory(from: base, byteCount: count)
        filled += count
      }
    }
  }
}
