// What NumPy gets for the values of a column.

public import NumPyFormat

/// The array elements of a column, as the contract of the tree has them.
public enum ParquetValueType: Sendable, Hashable {
  /// Values of one width.
  case fixed(ElementType, ParquetConversion)
  /// Values of any length: text (UTF-8, which is not checked), or bytes.
  case bytes(isText: Bool)
  /// Values that are not understood; the reason is a sentence without its subject, the column.
  case unreadable(reason: String)
}

extension ParquetValueType {
  /// - Parameter duration: the unit of an Arrow duration, which is stored as a bare INT64.
  init(physicalType: ParquetPhysicalType, typeLength: Int?, logicalType: ParquetLogicalType?, duration: TimeUnit? = nil) {
    switch logicalType {
    case nil:
      if physicalType == .int64, let duration {
        self = .fixed(.timedelta64(duration), .copy)
      } else {
        self = Self.plain(physicalType, typeLength)
      }
    // Of `null` nothing is stored but nulls: any type will do. What a type means that is not known cannot be said; the stored values can.
    case .null, .unknown: self = Self.plain(physicalType, typeLength)
    case .integer(let bitWidth, let isSigned): self = Self.integer(physicalType, bitWidth: bitWidth, isSigned: isSigned)
    case .decimal(let precision, _): self = Self.decimal(physicalType, typeLength, precision: precision)
    case .date: self = physicalType == .int32 ? .fixed(.datetime64(.days), .widenInt32) : Self.contradiction(physicalType, logicalType)
    case .time(let unit):
      self =
        switch (unit, physicalType) {
        case (nil, _): .unreadable(reason: "has a time of an unknown unit")
        case (.milliseconds, .int32): .fixed(.timedelta64(.milliseconds), .widenInt32)
        case (.microseconds?, .int64), (.nanoseconds?, .int64): .fixed(.timedelta64(unit ?? .nanoseconds), .copy)
        default: Self.contradiction(physicalType, logicalType)
        }
    case .timestamp(let unit, _):
      self =
        switch (unit, physicalType) {
        case (nil, _): .unreadable(reason: "has a timestamp of an unknown unit")
        case (let unit?, .int64): .fixed(.datetime64(unit), .copy)
        // Spark writes its timestamps so, and some of its relatives annotate them.
        case (_, .int96): Self.plain(physicalType, typeLength)
        default: Self.contradiction(physicalType, logicalType)
        }
    case .string, .enumeration, .json: self = physicalType == .byteArray ? .bytes(isText: true) : Self.contradiction(physicalType, logicalType)
    case .bson, .geometry, .geography: self = physicalType == .byteArray ? .bytes(isText: false) : Self.contradiction(physicalType, logicalType)
    case .uuid: self = Self.opaque(16, physicalType, typeLength, logicalType)
    case .interval: self = Self.opaque(12, physicalType, typeLength, logicalType)
    case .float16:
      self = physicalType == .fixedLengthByteArray && typeLength == 2 ? .fixed(.float16, .copy) : Self.contradiction(physicalType, logicalType)
    case .map, .list, .variant, .file: self = Self.contradiction(physicalType, logicalType)
    }
  }

  /// What the stored type alone says.
  private static func plain(_ type: ParquetPhysicalType, _ typeLength: Int?) -> ParquetValueType {
    switch type {
    case .boolean: return .fixed(.bool, .bits)
    case .int32: return .fixed(.int32, .copy)
    case .int64: return .fixed(.int64, .copy)
    case .int96: return .fixed(.datetime64(.nanoseconds), .int96ToNanoseconds)
    case .float: return .fixed(.float32, .copy)
    case .double: return .fixed(.float64, .copy)
    case .byteArray: return .bytes(isText: false)
    case .fixedLengthByteArray:
      guard let typeLength, typeLength > 0 else {
        return .unreadable(reason: "is FIXED_LEN_BYTE_ARRAY of \(typeLength.map { "\($0) bytes" } ?? "no length")")
      }
      return .fixed(.void(byteCount: typeLength), .copy)
    }
  }

  private static func integer(_ type: ParquetPhysicalType, bitWidth: Int, isSigned: Bool) -> ParquetValueType {
    switch (bitWidth, type) {
    case (8, .int32): .fixed(isSigned ? .int8 : .uint8, .narrowInt32)
    case (16, .int32): .fixed(isSigned ? .int16 : .uint16, .narrowInt32)
    case (32, .int32): .fixed(isSigned ? .int32 : .uint32, .copy)
    case (64, .int64): .fixed(isSigned ? .int64 : .uint64, .copy)
    default: contradiction(type, .integer(bitWidth: bitWidth, isSigned: isSigned))
    }
  }

  /// Unscaled: int64 where it holds every value of the precision, else 16 or 32 bytes of two's complement, least significant byte first.
  private static func decimal(_ type: ParquetPhysicalType, _ typeLength: Int?, precision: Int) -> ParquetValueType {
    guard precision > 0 else { return .unreadable(reason: "is a decimal of the precision \(precision)") }
    switch type {
    case .int32: return .fixed(.int64, .widenInt32)
    case .int64: return .fixed(.int64, .copy)
    case .byteArray, .fixedLengthByteArray:
      if type == .fixedLengthByteArray, typeLength ?? 0 <= 0 { return plain(type, typeLength) }
      if precision <= 18 { return .fixed(.int64, .bigEndianInteger) }
      if precision <= 38 { return .fixed(.void(byteCount: 16), .bigEndianInteger) }
      if precision <= 76 { return .fixed(.void(byteCount: 32), .bigEndianInteger) }
      return .unreadable(reason: "is a decimal of \(precision) digits; at most 76 are supported")
    case .boolean, .int96, .float, .double: return contradiction(type, .decimal(precision: precision, scale: 0))
    }
  }

  private static func opaque(
    _ byteCount: Int, _ type: ParquetPhysicalType, _ typeLength: Int?, _ logicalType: ParquetLogicalType?
  ) -> ParquetValueType {
    guard type == .fixedLengthByteArray, typeLength == byteCount else { return contradiction(type, logicalType) }
    return .fixed(.void(byteCount: byteCount), .copy)
  }

  private static func contradiction(_ type: ParquetPhysicalType, _ logicalType: ParquetLogicalType?) -> ParquetValueType {
    .unreadable(reason: "is stored as \(type.name), which \(logicalType?.description ?? "its logical type") cannot be")
  }
}
