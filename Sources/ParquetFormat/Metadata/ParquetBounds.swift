// Bounds of a column's values that can be trusted.

internal import NumPyFormat

/// A value as arrays have it: moments and lengths of time as their counts of units, decimals unscaled, booleans 0 and 1.
public enum ParquetBound: Sendable, Hashable {
  case integer(Int64)
  case unsigned(UInt64)
  case real(Double)
  /// An unscaled decimal as an array has it where 64 bits are too few: 16 or 32 bytes, the lowest first, the highest with the sign.
  case wide([UInt8])
  /// Compared byte by byte, as unsigned numbers.
  case bytes([UInt8])
}

/// No value that is not null (nor NaN) lies outside; the bounds themselves need not occur. nil where nothing is known.
public struct ParquetBounds: Sendable, Hashable {
  public let minimum: ParquetBound?
  public let maximum: ParquetBound?

  public init(minimum: ParquetBound?, maximum: ParquetBound?) {
    self.minimum = minimum
    self.maximum = maximum
  }

  /// Bounds of the values of both; a side that either does not know is not known.
  public func union(_ other: ParquetBounds) -> ParquetBounds {
    var (low, high): (ParquetBound?, ParquetBound?)
    if let a = minimum, let b = other.minimum { low = b.precedes(a) ? b : a }
    if let a = maximum, let b = other.maximum { high = a.precedes(b) ? b : a }
    return ParquetBounds(minimum: low, maximum: high)
  }
}

extension ParquetLeaf {
  /// The bounds of a chunk that can be trusted, by the format's rules and what is known of the file's writer. Bounds that cannot be are left out, not refused.
  public func bounds(of statistics: ParquetStatistics, order: ParquetColumnOrder, writer: ParquetWriterVersion) -> ParquetBounds {
    guard let kind = boundKind else { return ParquetBounds(minimum: nil, maximum: nil) }
    let (minimum, maximum): ([UInt8]?, [UInt8]?)
    if statistics.minimum != nil || statistics.maximum != nil, isMeaningful(order) {
      (minimum, maximum) = (statistics.minimum, statistics.maximum)
    } else if kind.isSigned, physicalType != .int96 {
      // Compared as signed numbers, whatever the type.
      (minimum, maximum) = (statistics.deprecatedMinimum, statistics.deprecatedMaximum)
    } else {
      (minimum, maximum) = (nil, nil)
    }
    if hasSuspectBounds(of: writer), minimum != maximum { return ParquetBounds(minimum: nil, maximum: nil) }
    // Of a decimal that was cut nothing is left that bounds.
    let (isMinimumCut, isMaximumCut) = (statistics.isMinimumExact == false && kind.isBigEndian, statistics.isMaximumExact == false && kind.isBigEndian)
    return bounds(isMinimumCut ? nil : minimum.map { $0[...] }, isMaximumCut ? nil : maximum.map { $0[...] }, kind)
  }

  /// Whether a writer is known to get bounds of such columns wrong.
  func hasSuspectBounds(of writer: ParquetWriterVersion) -> Bool {
    writer.hasOnlySignedBounds && boundKind?.isSigned != true
      || writer.hasWrongByteBounds && (physicalType == .byteArray || physicalType == .fixedLengthByteArray)
  }

  /// The bounds of a page that can be trusted; none for pages of nulls.
  public func bounds(ofPage page: Int, in index: ParquetColumnIndex, order: ParquetColumnOrder) -> ParquetBounds {
    guard let kind = boundKind, isMeaningful(order), !index.nullPages[page] else { return ParquetBounds(minimum: nil, maximum: nil) }
    return bounds(index.minimums[page], index.maximums[page], kind)
  }

  /// Whether the bounds of a page can be some of the column's values: of the right length, the least not above the greatest. NaN can be, though it bounds nothing.
  func hasPossibleBounds(page: Int, in index: ParquetColumnIndex) -> Bool {
    guard let kind = boundKind, !index.nullPages[page] else { return true }
    let (low, high) = (kind.read(index.minimums[page], self), kind.read(index.maximums[page], self))
    if low == .impossible || high == .impossible { return false }
    guard let low = low.bound, let high = high.bound else { return true }
    return !high.precedes(low) || low == .real(0) && high == .real(0)
  }

  private func bounds(_ minimum: ArraySlice<UInt8>?, _ maximum: ArraySlice<UInt8>?, _ kind: BoundKind) -> ParquetBounds {
    var (low, high) = (minimum.flatMap { kind.read($0, self).bound }, maximum.flatMap { kind.read($0, self).bound })
    // Zero has two signs, of which the file may have lost one.
    if low == .real(0) { low = .real(-0.0) }
    if high == .real(-0.0) { high = .real(0) }
    if let a = low, let b = high, b.precedes(a) { return ParquetBounds(minimum: nil, maximum: nil) }
    return ParquetBounds(minimum: low, maximum: high)
  }

  private func isMeaningful(_ order: ParquetColumnOrder) -> Bool {
    switch order {
    case .typeDefined: physicalType != .int96
    case .totalOrder: boundKind == .real
    case .int96Timestamp: physicalType == .int96
    case .undefined: false
    }
  }

  /// How the column's bounds are stored and compared; nil for columns whose values have no order.
  private var boundKind: BoundKind? {
    switch logicalType {
    case .null, .unknown, .geometry, .geography, .interval, .variant, .file, .list, .map: return nil
    default: break
    }
    switch valueType {
    case .bytes: return .bytes
    case .fixed(.void, .copy): return .bytes
    case .fixed(let type, .bigEndianInteger): return .bigEndian(byteCount: type.byteCount)
    case .fixed(.void, _), .unreadable: return nil
    case .fixed(_, .int96ToNanoseconds): return .int96
    case .fixed(let type, _):
      if type.isFloatingPoint { return .real }
      switch type {
      case .uint8, .uint16, .uint32, .uint64: return .unsigned
      default: return .signed
      }
    }
  }
}

/// How a type's bounds are read and compared.
private enum BoundKind: Equatable {
  case signed
  case unsigned
  case real
  case bytes
  /// Decimals, whose elements have so many bytes.
  case bigEndian(byteCount: Int)
  case int96

  /// Whether old files, which knew no other order, compared them rightly.
  var isSigned: Bool { self == .signed || self == .real }
  var isBigEndian: Bool { if case .bigEndian = self { true } else { false } }

  func read(_ bytes: ArraySlice<UInt8>, _ leaf: ParquetLeaf) -> StoredBound {
    let type = leaf.physicalType
    switch self {
    case .bytes: return .bound(.bytes([UInt8](bytes)))
    case .bigEndian(let byteCount):
      if type == .fixedLengthByteArray, bytes.count != leaf.typeLength { return .impossible }
      return Self.bigEndian(bytes, byteCount: byteCount)
    case .int96:
      guard bytes.count == 12 else { return .impossible }
      let days = Int64(Int32(truncatingIfNeeded: Self.littleEndian(bytes.suffix(4)))) - 2_440_588
      let (start, overflow) = days.multipliedReportingOverflow(by: 86_400_000_000_000)
      let (sum, overflow2) = start.addingReportingOverflow(Int64(bitPattern: Self.littleEndian(bytes.prefix(8))))
      return overflow || overflow2 ? .unread : .bound(.integer(sum))
    case .signed, .unsigned, .real: break
    }
    // Booleans are a byte; two-byte bounds are those of float16.
    let byteCount = type.byteCount ?? (type == .boolean ? 1 : 2)
    guard bytes.count == byteCount else { return .impossible }
    let bits = Self.littleEndian(bytes)
    switch (self, byteCount) {
    case (.real, 2): return Self.real(Double(float(halfBits: UInt16(truncatingIfNeeded: bits))))
    case (.real, 4): return Self.real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
    case (.real, _): return Self.real(Double(bitPattern: bits))
    case (.unsigned, _): return .bound(.unsigned(bits))
    case (_, 1): return bits <= 1 ? .bound(.integer(Int64(bits))) : .impossible
    case (_, 4): return .bound(.integer(Int64(Int32(truncatingIfNeeded: bits))))
    default: return .bound(.integer(Int64(bitPattern: bits)))
    }
  }

  private static func bigEndian(_ bytes: ArraySlice<UInt8>, byteCount: Int) -> StoredBound {
    // Longer ones may have been cut, and are other numbers then.
    guard bytes.count <= 32 else { return .unread }
    let sign: UInt8 = bytes.first ?? 0 >= 0x80 ? 0xFF : 0
    let element = bytes.reversed() + Array(repeating: sign, count: 32 - bytes.count)
    let (kept, rest) = (element.prefix(byteCount), element.dropFirst(byteCount))
    // A bound that no element can have is wider than all there are.
    guard rest.allSatisfy({ $0 == sign }), kept.last.map({ $0 >= 0x80 }) == (sign != 0) else { return .unread }
    return .bound(byteCount == 8 ? .integer(Int64(bitPattern: littleEndian(kept))) : .wide(Array(kept)))
  }

  private static func real(_ value: Double) -> StoredBound { value.isNaN ? .unread : .bound(.real(value)) }

  private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
}

/// What the bytes of a bound are.
private enum StoredBound: Equatable {
  case bound(ParquetBound)
  /// A value that bounds nothing here: NaN, or one out of reach.
  case unread
  /// No value of the type.
  case impossible

  var bound: ParquetBound? { if case .bound(let bound) = self { bound } else { nil } }
}

extension ParquetBound {
  /// Whether this is less than another bound of the same kind; false for bounds of different kinds.
  public func precedes(_ other: ParquetBound) -> Bool {
    switch (self, other) {
    case (.integer(let a), .integer(let b)): a < b
    case (.unsigned(let a), .unsigned(let b)): a < b
    case (.real(let a), .real(let b)): a < b
    case (.wide(let a), .wide(let b)):
      (a.last ?? 0 >= 0x80) != (b.last ?? 0 >= 0x80) ? a.last ?? 0 >= 0x80 : a.reversed().lexicographicallyPrecedes(b.reversed())
    case (.bytes(let a), .bytes(let b)): a.lexicographicallyPrecedes(b)
    default: false
    }
  }
}
