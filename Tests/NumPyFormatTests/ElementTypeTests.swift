// Names, descriptors and widths of the element types.

import NumPyFormat
import Testing

struct ElementTypeTests {
  @Test(arguments: ElementType.numbers)
  func namesReadBack(type: ElementType) {
    #expect(ElementType(name: type.name) == type)
    #expect(type.descriptor.utf8.count == 3)
    #expect(Int(type.descriptor.suffix(1)) == type.byteCount)
    #expect(type.descriptor.hasPrefix(type.byteCount == 1 ? "|" : "<"))
    #expect(!(type.isInteger && type.isFloatingPoint) && type.isNumber)
  }

  @Test(arguments: ["Float32", "float", "int", "", "float32 ", "<f4"])
  func otherNamesAreRefused(name: String) {
    #expect(ElementType(name: name) == nil)
  }

  @Test func boolIsNeitherIntegerNorFloatingPoint() {
    #expect(!ElementType.bool.isInteger && !ElementType.bool.isFloatingPoint)
  }

  /// The names are what `numpy.dtype(descriptor).name` says.
  @Test(arguments: [
    (ElementType.datetime64(.days), "<M8[D]", "datetime64[D]", 8), (.datetime64(.seconds), "<M8[s]", "datetime64[s]", 8),
    (.datetime64(.milliseconds), "<M8[ms]", "datetime64[ms]", 8), (.datetime64(.nanoseconds), "<M8[ns]", "datetime64[ns]", 8),
    (.timedelta64(.microseconds), "<m8[us]", "timedelta64[us]", 8), (.void(byteCount: 16), "|V16", "void128", 16), (.void(byteCount: 3), "|V3", "void24", 3),
  ])
  func othersAreSpelledAsInNumPy(type: ElementType, descriptor: String, name: String, byteCount: Int) {
    #expect(type.descriptor == descriptor && type.name == name && type.byteCount == byteCount)
    #expect(!type.isNumber && !type.isInteger && !type.isFloatingPoint && ElementType(name: name) == nil)
  }
}
