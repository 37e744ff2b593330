// The element types that arrays here may have: width, kind and NumPy's names for them.

/// The type of one array element; always little-endian.
public enum ElementType: Sendable, Hashable {
  case bool
  case int8, uint8
  case int16, uint16
  case int32, uint32
  case int64, uint64
  case float16, float32, float64
  /// A moment: an int64 that counts units since 1970-01-01; the least int64 is NaT.
  case datetime64(TimeUnit)
  /// A length of time: an int64 that counts units; the least int64 is NaT.
  case timedelta64(TimeUnit)
  /// So many bytes of no further meaning; at least 1.
  case void(byteCount: Int)

  /// The types that can be computed with and cast: booleans, integers and floating-point numbers.
  public static let numbers: [ElementType] = [
    .bool, .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64, .float16, .float32, .float64,
  ]

  /// Bytes of one element: 1, 2, 4 or 8, or what `void` says.
  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64, .datetime64, .timedelta64: 8
    case .void(let byteCount): byteCount
    }
  }

  /// NumPy's `dtype.str`: byte order, kind and width, as `<f4`, `<M8[ns]` or `|V16`.
  public var descriptor: String {
    switch self {
    case .bool: "|b1"
    case .int8: "|i1"
    case .uint8: "|u1"
    case .int16: "<i2"
    case .uint16: "<u2"
    case .int32: "<i4"
    case .uint32: "<u4"
    case .int64: "<i8"
    case .uint64: "<u8"
    case .float16: "<f2"
    case .float32: "<f4"
    case .float64: "<f8"
    case .datetime64(let unit): "<M8[\(unit.rawValue)]"
    case .timedelta64(let unit): "<m8[\(unit.rawValue)]"
    case .void(let byteCount): "|V\(byteCount)"
    }
  }

  /// NumPy's `dtype.name`, as `float32`, `datetime64[ns]` or `void128` (which counts bits).
  public var name: String {
    switch self {
    case .bool: "bool"
    case .int8: "int8"
    case .uint8: "uint8"
    case .int16: "int16"
    case .uint16: "uint16"
    case .int32: "int32"
    case .uint32: "uint32"
    case .int64: "int64"
    case .uint64: "uint64"
    case .float16: "float16"
    case .float32: "float32"
    case .float64: "float64"
    case .datetime64(let unit): "datetime64[\(unit.rawValue)]"
    case .timedelta64(let unit): "timedelta64[\(unit.rawValue)]"
    case .void(let byteCount): "void\(byteCount.multipliedReportingOverflow(by: 8).partialValue)"
    }
  }

  /// The one of `numbers` with this `name`, or nil when there is none; the spelling is exact.
  public init?(name: String) {
    guard let type = Self.numbers.first(where: { $0.name == name }) else { return nil }
    self = type
  }

  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .float32, .float64: true
    default: false
    }
  }

  /// Whether this is an integer type; `bool`, moments and lengths of time are none.
  public var isInteger: Bool {
    switch self {
    case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64: true
    default: false
    }
  }

  /// Whether a value of the type stands for null: NaN, NaT.
  public var hasNullValue: Bool {
    switch self {
    case .float16, .float32, .float64, .datetime64, .timedelta64: true
    default: false
    }
  }

  /// Whether this is one of `numbers`. The others can be copied, but neither computed with nor cast.
  public var isNumber: Bool { self == .bool || isInteger || isFloatingPoint }
}

/// The units of moments and of lengths of time; NumPy's codes.
public enum TimeUnit: String, Sendable, Hashable, CaseIterable {
  case days = "D"
  case seconds = "s"
  case milliseconds = "ms"
  case microseconds = "us"
  case nanoseconds = "ns"
}
