// Headers against the bytes that NumPy 2.4 writes.

import NumPyFormat
import Testing

struct NpyHeaderTests {
  private static func header(_ text: String, byteCount: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(byteCount - 10), 0] + Array(text.utf8)
    bytes += Array(repeating: UInt8(ascii: " "), count: byteCount - 1 - bytes.count) + [UInt8(ascii: "\n")]
    return bytes
  }

  @Test(arguments: [
    (ElementType.float32, [64, 928, 5], "{'descr': '<f4', 'fortran_order': False, 'shape': (64, 928, 5), }"),
    (.uint8, [5], "{'descr': '|u1', 'fortran_order': False, 'shape': (5,), }"),
    (.bool, [], "{'descr': '|b1', 'fortran_order': False, 'shape': (), }"),
    (.float16, [0, 3], "{'descr': '<f2', 'fortran_order': False, 'shape': (0, 3), }"),
    (.datetime64(.nanoseconds), [2], "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2,), }"),
    (.void(byteCount: 16), [2], "{'descr': '|V16', 'fortran_order': False, 'shape': (2,), }"),
  ])
  func isWhatNumPyWrites(elementType: ElementType, shape: [Int], text: String) {
    let bytes = NpyHeader.bytes(elementType: elementType, shape: shape)
    #expect(bytes == Self.header(text, byteCount: 128))
    #expect(NpyHeader.byteCount(elementType: elementType, shape: shape) == 128)
  }

  @Test func growsBySixtyFourBytesForVeryLongShapes() {
    let shape = Array(repeating: 2, count: 30)
    let text = "{'descr': '<i8', 'fortran_order': False, 'shape': (\(shape.map(String.init).joined(separator: ", "))), }"
    #expect(NpyHeader.bytes(elementType: .int64, shape: shape) == Self.header(text, byteCount: 192))
    #expect(NpyHeader.byteCount(elementType: .int64, shape: shape) == 192)
  }

  @Test func textOfExactlyTheRoomLeftNeedsNoMore() {
    // 128 = 10 bytes before the text, the text and a newline: a text of 117 bytes fits, one of 118 does not.
    let fits = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(Array(repeating: "11", count: 16).joined(separator: ", "))), }"
    #expect(fits.utf8.count == 117)
    #expect(NpyHeader.byteCount(elementType: .float32, shape: Array(repeating: 11, count: 16)) == 128)
    #expect(NpyHeader.byteCount(elementType: .float32, shape: Array(repeating: 11, count: 15) + [111]) == 192)
  }

  @Test func theLongestShapeIsAligned() {
    let shape = Array(repeating: Int.max, count: ArrayShape.maximumDimensionCount)
    let bytes = NpyHeader.bytes(elementType: .bool, shape: shape)
    #expect(bytes.count % 64 == 0)
    #expect(Int(bytes[8]) + Int(bytes[9]) << 8 == bytes.count - 10)
    #expect(bytes.count == NpyHeader.byteCount(elementType: .bool, shape: shape))
  }

  @Test func namesAnyDescriptor() {
    let bytes = NpyHeader.bytes(descriptor: "<M8[ns]", shape: [2])
    #expect(bytes == Self.header("{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2,), }", byteCount: 128))
  }
}
