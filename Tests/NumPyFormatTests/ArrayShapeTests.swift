// Counting elements and bytes of possible and impossible shapes.

import NumPyFormat
import Testing

struct ArrayShapeTests {
  @Test(arguments: [
    ([], 1), ([7], 7), ([64, 928, 5], 296_960), ([0], 0), ([3, 0, 5], 0), ([Int.max], Int.max), ([Int.max, 1], Int.max),
  ])
  func countsElements(shape: [Int], count: Int) {
    #expect(ArrayShape.elementCount(shape) == count)
  }

  @Test(arguments: [[-1], [Int.max, 2], [2, Int.max, 0], [1 << 32, 1 << 31], Array(repeating: 1, count: 65)])
  func refusesTheImpossible(shape: [Int]) {
    #expect(ArrayShape.elementCount(shape) == nil)
    #expect(ArrayShape.byteCount(shape, elementType: .uint8) == nil)
  }

  @Test func countsBytes() {
    #expect(ArrayShape.byteCount([928, 5], elementType: .float32) == 18_560)
    #expect(ArrayShape.byteCount([], elementType: .float64) == 8)
    #expect(ArrayShape.byteCount([Int.max / 2], elementType: .float16) == Int.max - 1)
    #expect(ArrayShape.byteCount([Int.max / 2 + 1], elementType: .float16) == nil)
  }
}
