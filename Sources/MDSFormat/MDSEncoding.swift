// How MDS columns store their values: the names of the encodings, and what they say about size and shape.

public import NumPyFormat

/// The encoding of one column.
public enum MDSEncoding: Sendable, Hashable {
  case bytes
  /// UTF-8.
  case string
  /// `int`: a signed 64-bit integer.
  case int
  /// `uint8` to `float64`; never `bool`.
  case scalar(ElementType)
  /// `str_int`, `str_float`, `str_decimal`: numbers as Python spells them.
  case integerText, floatText, decimalText
  /// `ndarray`: element type and shape stand before each value.
  case array
  /// `ndarray:DT`: the shape stands before each value.
  case typedArray(ElementType)
  /// `ndarray:DT:d0,d1,...`: nothing but the elements; every dimension at least 1.
  case shapedArray(ElementType, shape: [Int])
  case pil, jpeg, png
  /// `jpegarray`, also spelled `jpeg_array`.
  case jpegArray
  case pilList, jpegList, pngList
  /// `pkl`: never unpacked here.
  case pickle
  case json
  /// A name this reader does not know, such as one a user registered; its bytes are served as they are.
  case unknown(String)

  public init(name: String) {
    switch name {
    case "bytes": self = .bytes
    case "str": self = .string
    case "int": self = .int
    case "str_int": self = .integerText
    case "str_float": self = .floatText
    case "str_decimal": self = .decimalText
    case "pil": self = .pil
    case "jpeg": self = .jpeg
    case "png": self = .png
    case "jpegarray", "jpeg_array": self = .jpegArray
    case "list[pil]": self = .pilList
    case "list[jpeg]": self = .jpegList
    case "list[png]": self = .pngList
    case "pkl": self = .pickle
    case "json": self = .json
    default:
      if let type = ElementType(name: name), type != .bool {
        self = .scalar(type)
      } else {
        self = Self.array(named: name) ?? .unknown(name)
      }
    }
  }

  /// The name in an index; of two spellings the one listed first above.
  public var name: String {
    switch self {
    case .bytes: "bytes"
    case .string: "str"
    case .int: "int"
    case .scalar(let type): type.name
    case .integerText: "str_int"
    case .floatText: "str_float"
    case .decimalText: "str_decimal"
    case .array: "ndarray"
    case .typedArray(let type): "ndarray:\(type.name)"
    case .shapedArray(let type, let shape): "ndarray:\(type.name):\(shape.map(String.init).joined(separator: ","))"
    case .pil: "pil"
    case .jpeg: "jpeg"
    case .png: "png"
    case .jpegArray: "jpegarray"
    case .pilList: "list[pil]"
    case .jpegList: "list[jpeg]"
    case .pngList: "list[png]"
    case .pickle: "pkl"
    case .json: "json"
    case .unknown(let name): name
    }
  }

  /// The element type and shape that every value has: `[]` for scalars; nil where values differ in size or are no arrays.
  public var fixedArray: (elementType: ElementType, shape: [Int])? {
    switch self {
    case .int: (.int64, [])
    case .scalar(let type): (type, [])
    case .shapedArray(let type, let shape): (type, shape)
    default: nil
    }
  }

  /// The forms of `ndarray`, nil for any other name and for dimensions or types that cannot be written.
  private static func array(named name: String) -> MDSEncoding? {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    guard parts[0] == "ndarray", parts.count <= 3 else { return nil }
    if parts.count == 1 || parts.count == 2 && parts[1].isEmpty { return .array }
    guard let type = ElementType(name: String(parts[1])), type != .bool else { return nil }
    if parts.count == 2 || parts[2].isEmpty { return .typedArray(type) }
    var shape: [Int] = []
    for text in parts[2].split(separator: ",", omittingEmptySubsequences: false) {
      guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let dimension = Int(text), dimension >= 1 else { return nil }
      shape.append(dimension)
    }
    guard ArrayShape.byteCount(shape, elementType: type) != nil else { return nil }
    return .shapedArray(type, shape: shape)
  }
}
