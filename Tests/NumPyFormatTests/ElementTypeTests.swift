// Names, descriptors and widths of the element types.

import NumPyFormat
import Testing

struct ElementTypeTests {
  @Test(arguments: ElementType.allCases)
  func namesReadBack(type: ElementType) {
    #expect(ElementType(name: type.name) == type)
    #expect(type.descriptor.utf8.count == 3)
    #expect(Int(type.descriptor.suffix(1)) == type.byteCount)
    #expect(type.descriptor.hasPrefix(type.byteCount == 1 ? "|" : "<"))
    #expect(!(type.isInteger && type.isFloatingPoint))
  }

  @Test(arguments: ["Float32", "float", "int", "", "float32 ", "<f4"])
  func otherNamesAreRefused(name: String) {
    #expect(ElementType(name: name) == nil)
  }

  @Test func boolIsNoNumber() {
    #expect(!ElementType.bool.isInteger && !ElementType.bool.isFloatingPoint)
  }
}
