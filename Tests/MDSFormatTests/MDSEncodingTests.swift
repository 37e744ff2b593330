// The names of encodings.

import MDSFormat
import NumPyFormat
import Testing

struct MDSEncodingTests {
  static let names = [
    "bytes", "str", "int", "ndarray", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "float32", "float64", "str_int",
    "str_float",
    "str_decimal", "pil", "jpeg", "jpeg_array", "jpegarray", "png", "list[pil]", "list[jpeg]", "list[png]", "pkl", "json",
  ]

  @Test func allTwentyEightAreKnown() {
    #expect(Self.names.count == 28)
    for name in Self.names {
      let encoding = MDSEncoding(name: name)
      if case .unknown = encoding { Issue.record("\(name) is unknown") }
      #expect(encoding.name == (name == "jpeg_array" ? "jpegarray" : name))
    }
  }

  static let fixed: [(name: String, elementType: ElementType, shape: [Int])] = [
    ("int", .int64, []), ("uint8", .uint8, []), ("float16", .float16, []), ("ndarray:float32:928,5", .float32, [928, 5]), ("ndarray:uint8:1", .uint8, [1]),
  ]

  @Test(arguments: fixed)
  func fixedShapesAreKnown(name: String, elementType: ElementType, shape: [Int]) throws {
    let encoding = MDSEncoding(name: name)
    let array = try #require(encoding.fixedArray)
    #expect(array.elementType == elementType && array.shape == shape)
    #expect(encoding.name == name)
  }

  @Test(arguments: [("ndarray:", MDSEncoding.array), ("ndarray:int16", .typedArray(.int16)), ("ndarray:int16:", .typedArray(.int16))])
  func arraysMayLeaveTheirShapeOpen(name: String, encoding: MDSEncoding) {
    #expect(MDSEncoding(name: name) == encoding)
    #expect(encoding.fixedArray == nil)
  }

  @Test(arguments: [
    "complex128", "bool", "INT", "", "ndarray::2,3", "ndarray:bool", "ndarray:float32:0", "ndarray:float32:2,,3", "ndarray:float32:-1", "ndarray:float32:+1",
    "ndarray:float32:2:3", "ndarray:float32: 2", "ndarray:float32:9223372036854775807,2", "ndarray:float32:99999999999999999999", "int:8", "list[]",
  ])
  func allElseIsKeptAsItIs(name: String) {
    #expect(MDSEncoding(name: name) == .unknown(name))
    #expect(MDSEncoding(name: name).name == name)
    #expect(MDSEncoding(name: name).fixedArray == nil)
  }
}
