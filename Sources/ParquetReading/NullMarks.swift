// Which slots of one level of a column are null, noted as they are met.

internal import BatchCache
internal import Platform

/// One byte a slot, 1 where it is null. Nothing is taken, and nothing written, for slots before the first null: columns without nulls cost nothing here.
public final class NullMarks {
  private let bytes: GrowingBytes
  /// Whether some slot is null; where none is there are no bytes.
  public var hasNulls: Bool { bytes.byteCount > 0 }

  /// - Parameter take: gives memory; nil where slots are only counted.
  init(take: ((Int) -> ChargedRegion?)?) { bytes = GrowingBytes(take: take) }

  /// Marks the slots `slots`, which lie behind all that were marked before.
  func mark(_ slots: Range<Int>) throws(ParquetReadError) {
    if slots.isEmpty { return }
    try bytes.append(slots.lowerBound - bytes.byteCount, filledWith: Self.present)
    try bytes.append(slots.count, filledWith: Self.null)
  }

  /// Says how many slots there are; none is marked afterwards.
  func finish(slotCount: Int) throws(ParquetReadError) {
    if hasNulls { try bytes.append(slotCount - bytes.byteCount, filledWith: Self.present) }
  }

  /// Forgets what was marked: the same slots will be met again.
  func removeAll() { bytes.removeAll() }

  public var byteCount: Int { bytes.byteCount }

  /// Hands the bytes to `body`: one a slot, or none where no slot is null.
  public func withBytes<Result>(_ body: (RawSpan) throws(ParquetReadError) -> Result) throws(ParquetReadError) -> Result { try bytes.withBytes(body) }

  private static let present: [UInt8] = [0]
  private static let null: [UInt8] = [1]
}

extension RawSpan {
  /// Whether a slot is null, by the bytes of `NullMarks`.
  @inline(__always)
  func marks(_ slot: Int) -> Bool { !isEmpty && byte(at: slot) != 0 }
}
