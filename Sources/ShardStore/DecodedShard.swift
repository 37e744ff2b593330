// A shard whose bytes are in memory, with the place of every row of the columns that were asked for.

public import BatchCache
internal import Platform

/// The rows of one shard, as far as they are decoded; what is decoded does not change. Its memory goes back to the budget with the last reference.
public final class DecodedShard: Sendable {
  public let shard: Int
  public let region: ChargedRegion
  public let columns: [DecodedColumn]
  /// Uncompressed and stored bytes of the shard.
  public let byteCount: Int
  public let storedByteCount: Int

  public init(shard: Int, region: ChargedRegion, columns: [DecodedColumn], byteCount: Int, storedByteCount: Int) {
    self.shard = shard
    self.region = region
    self.columns = columns
    self.byteCount = byteCount
    self.storedByteCount = storedByteCount
  }
}

/// Where the values of one column lie in the decoded bytes. The places are in the region too, behind the shard, so that they are charged with it:
/// eight bytes a row, of rows that are decoded only.
public struct DecodedColumn: Sendable {
  /// Where the table of places begins; a multiple of 8.
  let tableByteOffset: Int
  /// Every value has so many bytes, all inside the region (verified when its place was written).
  public let rowByteCount: Int

  /// The place of the value of a row that is decoded; `bytes` are the region's.
  @inline(__always)
  public func byteOffset(ofRow row: Int, in bytes: RawSpan) -> Int {
    // Sound: a number of eight bytes, bounds checked by the span.
    unsafe Int(truncatingIfNeeded: bytes.unsafeLoad(fromByteOffset: tableByteOffset + 8 * row, as: UInt64.self))
  }

  /// Writes the places of the rows from `first` on.
  func write(_ byteOffsets: [UInt64], firstRow first: Int, into region: ChargedRegion) {
    let begin = tableByteOffset + 8 * first
    let span = byteOffsets.span
    // Sound: numbers as bytes.
    region.region.withMutableBytes(begin..<begin + 8 * byteOffsets.count) { target in
      unsafe target.withUnsafeMutableBytes { target in unsafe span.bytes.withUnsafeBytes { unsafe target.copyMemory(from: $0) } }
    }
  }
}
