// What stands before the elements of an `ndarray` value.

internal import ByteParsing
public import NumPyFormat

/// The element type and shape of one array value, and where its elements lie in it.
public struct MDSNDArrayHeader: Sendable, Equatable {
  public let elementType: ElementType
  public let shape: [Int]
  /// The elements, from the start of the value; they reach to its end.
  public let payload: Range<Int>

  /// Reads the header of a value of an `ndarray` column without type (`known` is nil) or with one, but without a shape.
  ///
  ///     [element type: 1 byte, where none is known] [dimensions << 2 | w: 1 byte] [shape: integers of 8 << w bits] [elements]
  public init(parsing value: RawSpan, elementType known: ElementType?) throws(MDSError) {
    var byteOffset = 0
    var type = known
    if known == nil {
      try Self.need(1, at: 0, of: value)
      let code = value.littleEndianUInt8(at: 0)
      type = Self.elementType(code: code)
      byteOffset = 1
    }
    guard let type else { throw .unknownElementType(code: Int(value.littleEndianUInt8(at: 0))) }
    try Self.need(1, at: byteOffset, of: value)
    let dimensions = Int(value.littleEndianUInt8(at: byteOffset) >> 2)
    let width = value.littleEndianUInt8(at: byteOffset) & 3
    byteOffset += 1
    try Self.need(dimensions << Int(width), at: byteOffset, of: value)
    var shape: [Int] = []
    for _ in 0..<dimensions {
      let dimension =
        switch width {
        case 0: UInt64(value.littleEndianUInt8(at: byteOffset))
        case 1: UInt64(value.littleEndianUInt16(at: byteOffset))
        case 2: UInt64(value.littleEndianUInt32(at: byteOffset))
        default: value.littleEndianUInt64(at: byteOffset)
        }
      shape.append(Int(clamping: dimension))
      byteOffset += 1 << Int(width)
    }
    guard let expected = ArrayShape.byteCount(shape, elementType: type) else { throw .impossibleShape(shape) }
    let found = value.byteCount - byteOffset
    guard found == expected else { throw .arrayByteCount(elementType: type, shape: shape, found: found, expected: expected) }
    elementType = type
    self.shape = shape
    payload = byteOffset..<value.byteCount
  }

  /// The header that the writers put before a value of this type and shape: shape words as narrow as the greatest dimension allows.
  /// - Precondition: at most 63 dimensions, none negative.
  public static func bytes(elementType: ElementType, shape: [Int], isTyped: Bool) -> [UInt8] {
    precondition(shape.count <= 63 && shape.allSatisfy { $0 >= 0 })
    let greatest = shape.max() ?? 0
    let width = greatest < 1 << 8 ? 0 : greatest < 1 << 16 ? 1 : greatest < 1 << 32 ? 2 : 3
    var header: [UInt8] = isTyped ? [] : [code(of: elementType)]
    header.append(UInt8(shape.count) << 2 | UInt8(width))
    for dimension in shape {
      for byte in 0..<1 << width { header.append(UInt8(truncatingIfNeeded: dimension >> (8 * byte))) }
    }
    return header
  }

  private static func need(_ byteCount: Int, at byteOffset: Int, of value: RawSpan) throws(MDSError) {
    let found = value.byteCount - byteOffset
    guard found >= byteCount else { throw .arrayTooShort(byteOffset: byteOffset, found: found, expected: byteCount) }
  }

  private static func elementType(code: UInt8) -> ElementType? {
    ElementType.numbers.first { $0 != .bool && Self.code(of: $0) == code }
  }

  /// The number of an element type in headers; `bool` has none, and is written as the bytes that it is.
  private static func code(of type: ElementType) -> UInt8 {
    switch type {
    case .uint8, .bool: 8
    case .int8: 9
    case .uint16: 16
    case .int16: 17
    case .float16: 18
    case .uint32: 32
    case .int32: 33
    case .float32: 34
    case .uint64: 64
    case .int64: 65
    case .float64: 66
    case .datetime64, .timedelta64, .void: preconditionFailure("an MDS array cannot hold \(type.name)")
    }
  }
}
