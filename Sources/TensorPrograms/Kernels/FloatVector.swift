// Four floats at once, and their bits: the width of SSE2, which every x86-64 machine has.
//
// Every operation here and in the kernels is one IEEE 754 operation a lane, never fused and never reordered, so the results are the same
// bits on every machine.

typealias FloatVector = SIMD4<Float>
typealias FloatBits = SIMD4<UInt32>

let floatVectorWidth = 4

// Constants are spread before they meet vectors, so that the kernels use operators between vectors alone.

@inline(__always) func spread(_ value: Float) -> FloatVector { FloatVector(repeating: value) }
@inline(__always) func spread(_ value: UInt32) -> FloatBits { FloatBits(repeating: value) }

extension SIMD4<Float> {
  @inline(__always) var bits: FloatBits {
    // Sound: both are four 32-bit lanes, and every pattern is a value of both.
    unsafe unsafeBitCast(self, to: FloatBits.self)
  }

  @inline(__always) init(bits: FloatBits) {
    // Sound: as `bits`.
    self = unsafe unsafeBitCast(bits, to: FloatVector.self)
  }
}

extension SIMDMask<SIMD4<Int32>> {
  /// All ones where the mask is set.
  @inline(__always) var bits: FloatBits {
    // Sound: a mask's lane is an Int32 of all ones or all zeros.
    unsafe unsafeBitCast(self, to: FloatBits.self)
  }
}

/// The one NaN that kernels make; hardware makes NaNs of either sign.
let canonicalNaN = Float(bitPattern: 0x7FC0_0000)
