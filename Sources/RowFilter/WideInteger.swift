// Integers of 256 bits, for decimals of up to 76 digits.

/// Two's complement. Compared, and moved by one; nothing else is done with it.
public struct WideInteger: Sendable, Hashable, Comparable {
  let high: Int128
  let low: UInt128

  init(high: Int128, low: UInt128) {
    self.high = high
    self.low = low
  }

  public init(_ value: Int128) { self.init(high: value < 0 ? -1 : 0, low: UInt128(truncatingIfNeeded: value)) }

  /// The integer of up to 32 bytes, the lowest first; the last has its sign.
  public init(littleEndian bytes: [UInt8]) {
    let sign: UInt8 = bytes.last ?? 0 >= 0x80 ? 0xFF : 0
    func number(_ range: Range<Int>) -> UInt128 { range.reversed().reduce(0) { $0 << 8 | UInt128($1 < bytes.count ? bytes[$1] : sign) } }
    self.init(high: Int128(truncatingIfNeeded: number(16..<32)), low: number(0..<16))
  }

  /// Nil where it has more than 128 bits.
  public var narrow: Int128? {
    let narrow = Int128(truncatingIfNeeded: low)
    return high == (narrow < 0 ? -1 : 0) ? narrow : nil
  }

  public static func < (a: WideInteger, b: WideInteger) -> Bool { a.high == b.high ? a.low < b.low : a.high < b.high }
}

/// What ranges of integers are made of.
protocol SteppedInteger: Comparable {
  static var least: Self { get }
  static var greatest: Self { get }
  /// The next integer; none behind the greatest.
  var successor: Self { get }
  /// The one before; none before the least.
  var predecessor: Self { get }
}

extension Int128: SteppedInteger {
  static var least: Int128 { .min }
  static var greatest: Int128 { .max }
  var successor: Int128 { self + 1 }
  var predecessor: Int128 { self - 1 }
}

extension WideInteger: SteppedInteger {
  static var least: WideInteger { WideInteger(high: .min, low: .min) }
  static var greatest: WideInteger { WideInteger(high: .max, low: .max) }
  var successor: WideInteger { low == .max ? WideInteger(high: high + 1, low: 0) : WideInteger(high: high, low: low + 1) }
  var predecessor: WideInteger { low == 0 ? WideInteger(high: high - 1, low: .max) : WideInteger(high: high, low: low - 1) }
}
