// The bytes that stand before the elements in a `.npy` file.

/// Writes headers of `.npy` files: format 1.0, C order.
///
/// Headers are a multiple of 64 bytes long, so that the elements behind them are aligned; 128 bytes wherever the shape's text fits.
public enum NpyHeader {
  /// The bytes before the text: magic, version and the text's length.
  private static let prefixByteCount = 10
  private static let alignment = 64

  /// The whole header of an array of plain elements.
  /// - Precondition: at most `ArrayShape.maximumDimensionCount` dimensions, none negative; `ArrayShape.elementCount` tells.
  public static func bytes(elementType: ElementType, shape: [Int]) -> [UInt8] {
    bytes(descriptor: elementType.descriptor, shape: shape)
  }

  /// The whole header of an array whose type is spelled `descriptor`, as `<M8[ns]`.
  /// - Precondition: as above; the descriptor has at most 64 bytes, of ASCII without quotation marks and backslashes.
  public static func bytes(descriptor: String, shape: [Int]) -> [UInt8] {
    precondition(descriptor.utf8.count <= 64 && descriptor.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x27 && $0 != 0x5C })
    let text = dictionaryText(descriptor: descriptor, shape: shape)
    let total = alignedByteCount(textByteCount: text.utf8.count)
    var header: [UInt8] = []
    header.reserveCapacity(total)
    header += [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]
    let textByteCount = total - prefixByteCount
    header.append(UInt8(truncatingIfNeeded: textByteCount))
    header.append(UInt8(truncatingIfNeeded: textByteCount >> 8))
    header += text.utf8
    header += repeatElement(UInt8(ascii: " "), count: total - 1 - header.count)
    header.append(UInt8(ascii: "\n"))
    return header
  }

  /// The length of the header of an array of plain elements: 128 but for shapes of very many digits.
  public static func byteCount(elementType: ElementType, shape: [Int]) -> Int {
    alignedByteCount(textByteCount: dictionaryText(descriptor: elementType.descriptor, shape: shape).utf8.count)
  }

  /// The literal of a Python dictionary, spelled as NumPy spells it.
  private static func dictionaryText(descriptor: String, shape: [Int]) -> String {
    precondition(shape.count <= ArrayShape.maximumDimensionCount && shape.allSatisfy { $0 >= 0 })
    let dimensions = shape.map(String.init).joined(separator: ", ")
    return "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(dimensions)\(shape.count == 1 ? "," : "")), }"
  }

  /// The prefix, the text and its newline, rounded up; at most 64 dimensions of 19 digits, so the text's length always fits format 1.0's 16 bits.
  private static func alignedByteCount(textByteCount: Int) -> Int {
    (prefixByteCount + textByteCount + 1 + alignment - 1) / alignment * alignment
  }
}
