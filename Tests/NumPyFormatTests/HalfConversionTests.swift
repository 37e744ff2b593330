// float16 from and to wider floats.

import NumPyFormat
import Testing

struct HalfConversionTests {
  @Test func halvesOfEveryFloat16() throws {
    // Every float16 through float32 and float64 and back, and the midpoints between neighbours, which go to the even one.
    for pattern in UInt16.min...UInt16.max {
      let value = float(halfBits: pattern)
      let isNaN = pattern & 0x7FFF > 0x7C00
      #expect(value.isNaN == isNaN)
      #expect(halfBits(value) == (isNaN ? pattern | 0x200 : pattern))
      guard !isNaN, pattern & 0x7FFF < 0x7BFF else { continue }
      #expect(halfBits(Double(value)) == pattern)
      let middle = (Double(value) + Double(float(halfBits: pattern + 1))) / 2
      let even = pattern & 1 == 0 ? pattern : pattern + 1
      #expect(halfBits(middle) == even && halfBits(Float(middle)) == even)
      #expect(halfBits(middle.nextUp) == (middle > 0 ? pattern + 1 : pattern))
      #expect(halfBits(middle.nextDown) == (middle > 0 ? pattern : pattern + 1))
    }
  }
}
