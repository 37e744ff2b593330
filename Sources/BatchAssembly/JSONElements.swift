// Single elements of arrays as JSON.

internal import NumPyFormat

enum JSONElements {
  /// Appends the element of `type` that stands at `byteOffset`.
  /// - Parameter decimalScale: of decimals, the digits behind the point.
  static func append(_ type: ElementType, decimalScale: Int? = nil, at byteOffset: Int, in all: RawSpan, to bytes: inout [UInt8]) {
    if let decimalScale {
      let stored = (byteOffset..<byteOffset + type.byteCount).map { all.byte(at: $0) }
      bytes += DecimalText.text(littleEndian: stored, scale: decimalScale).utf8
      return
    }
    func load<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) -> Number {
      // Sound: bounds checked by the span, and every pattern of bits is an integer.
      Number(littleEndian: unsafe all.unsafeLoadUnaligned(fromByteOffset: byteOffset, as: Number.self))
    }
    switch type {
    case .bool: bytes += (load(UInt8.self) != 0 ? "true" : "false").utf8
    case .int8: bytes += String(load(Int8.self)).utf8
    case .uint8: bytes += String(load(UInt8.self)).utf8
    case .int16: bytes += String(load(Int16.self)).utf8
    case .uint16: bytes += String(load(UInt16.self)).utf8
    case .int32: bytes += String(load(Int32.self)).utf8
    case .uint32: bytes += String(load(UInt32.self)).utf8
    case .int64: bytes += String(load(Int64.self)).utf8
    case .uint64: bytes += String(load(UInt64.self)).utf8
    case .float16: append(float(halfBits: load(UInt16.self)), to: &bytes)
    case .float32: append(Float(bitPattern: load(UInt32.self)), to: &bytes)
    case .float64: append(Double(bitPattern: load(UInt64.self)), to: &bytes)
    case .datetime64(let unit):
      let count = load(Int64.self)
      bytes += (count == .min ? "null" : "\"\(unit.text(ofMoment: count))\"").utf8
    case .timedelta64:
      let count = load(Int64.self)
      bytes += (count == .min ? "null" : String(count)).utf8
    case .void(let byteCount): Base64.append(all.extracting(byteOffset..<byteOffset + byteCount), to: &bytes)
    }
  }

  /// The number of a type that is one, as a double; 64-bit integers lose what a double does not hold.
  static func double(_ type: ElementType, at byteOffset: Int, in all: RawSpan) -> Double {
    func load<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) -> Number {
      // Sound: bounds checked by the span, and every pattern of bits is an integer.
      Number(littleEndian: unsafe all.unsafeLoadUnaligned(fromByteOffset: byteOffset, as: Number.self))
    }
    return switch type {
    case .bool: load(UInt8.self) != 0 ? 1 : 0
    case .int8: Double(load(Int8.self))
    case .uint8: Double(load(UInt8.self))
    case .int16: Double(load(Int16.self))
    case .uint16: Double(load(UInt16.self))
    case .int32: Double(load(Int32.self))
    case .uint32: Double(load(UInt32.self))
    case .int64, .datetime64, .timedelta64: Double(load(Int64.self))
    case .uint64: Double(load(UInt64.self))
    case .float16: Double(float(halfBits: load(UInt16.self)))
    case .float32: Double(Float(bitPattern: load(UInt32.self)))
    case .float64: Double(bitPattern: load(UInt64.self))
    case .void: .nan
    }
  }

  private static func append(_ value: some BinaryFloatingPoint & CustomStringConvertible, to bytes: inout [UInt8]) {
    if value.isFinite {
      bytes += value.description.utf8
    } else {
      bytes += (value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity").utf8
    }
  }
}

/// Bytes as the text of RFC 4648, with padding.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Appends the text as a JSON string.
  static func append(_ data: RawSpan, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for begin in stride(from: 0, to: data.byteCount, by: 3) {
      let count = min(3, data.byteCount - begin)
      var group: UInt32 = 0
      for index in 0..<count { group |= UInt32(data.byte(at: begin + index)) << UInt32(16 - 8 * index) }
      for index in 0..<4 { bytes.append(index <= count ? alphabet[Int(group >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "=")) }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
