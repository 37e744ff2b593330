// The element types that arrays here may have: width, kind and NumPy's names for them.

/// The type of one array element; always little-endian.
public enum ElementType: UInt8, Sendable, CaseIterable, Hashable {
  case bool
  case int8, uint8
  case int16, uint16
  case int32, uint32
  case int64, uint64
  case float16, float32, float64

  /// Bytes of one element: 1, 2, 4 or 8.
  public var byteCount: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// NumPy's `dtype.str`: byte order, kind and width, as `<f4`.
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
    }
  }

  /// NumPy's `dtype.name`, as `float32`.
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
    }
  }

  /// The type of this `name`, or nil when there is none; the spelling is exact.
  public init?(name: String) {
    guard let type = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = type
  }

  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .float32, .float64: true
    case .bool, .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64: false
    }
  }

  /// Whether this is an integer type; `bool` is not one.
  public var isInteger: Bool {
    switch self {
    case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64: true
    case .bool, .float16, .float32, .float64: false
    }
  }
}
