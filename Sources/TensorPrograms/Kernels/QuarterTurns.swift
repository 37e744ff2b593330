// The exact reductions of an angle, by whole turns in degrees and by quarter turns in radians, in integers: right for every finite angle.

/// The rest of `angle` degrees (finite, at least 1) after whole turns of 360; exact.
func reduceByTurns(_ angle: Double) -> Double {
  let significand = angle.significandBitPattern | 1 << 52
  let exponent = lastBitExponent(angle)
  if exponent <= 0 {
    // In units of the last bit; 360 times at most 2^52 fits.
    let rest = significand % (360 << UInt64(-exponent))
    return Double(rest) * powerOfTwo(exponent)
  }
  var rest = significand % 360
  for _ in 0..<exponent { rest = rest * 2 % 360 }
  return Double(rest)
}

/// The exponent of the last bit of a normal, positive number.
@inline(__always)
private func lastBitExponent(_ value: Double) -> Int { Int(truncatingIfNeeded: value.bitPattern >> 52) - 1075 }

/// 2^exponent, which must be normal.
@inline(__always)
private func powerOfTwo(_ exponent: Int) -> Double { Double(bitPattern: UInt64(truncatingIfNeeded: exponent + 1023) << 52) }

/// 2/π = 0.b1 b2 b3 ...: the first 1280 bits after the point, of which an angle of the largest exponent needs 1161.
private let twoOverPi: InlineArray<20, UInt64> = [
  0xA2F9_836E_4E44_1529, 0xFC27_57D1_F534_DDC0, 0xDB62_9599_3C43_9041, 0xFE51_63AB_DEBB_C561, 0xB724_6E3A_424D_D2E0, 0x0649_2EEA_09D1_921C,
  0xFE1D_EB1C_B129_A73E, 0xE882_35F5_2EBB_4484, 0xE99C_7026_B45F_7E41, 0x3991_D639_8353_39F4, 0x9C84_5F8B_BDF9_283B, 0x1FF8_97FF_DE05_980F,
  0xEF2F_118B_5A0A_6D1F, 0x6D36_7ECF_27CB_09B7, 0x4F46_3F66_9E5F_EA2D, 0x7527_BAC7_EBE5_F17B, 0x3D07_39F7_8A52_92EA, 0x6BFB_5FB1_1F8D_5D08,
  0x5603_3046_FC7B_6BAB, 0xF0CF_BC20_9AF4_361D,
]

/// π/2 · 2^63.
private let halfPi: UInt64 = 0xC90F_DAA2_2168_C235

/// 64 bits of 2/π from the bit `position` on; zeros before its first and after its last.
private func bits(at position: Int) -> UInt64 {
  let word = position >> 6
  let shift = UInt64(truncatingIfNeeded: position & 63)
  let high = twoOverPi.indices.contains(word) ? twoOverPi[word] : 0
  let low = twoOverPi.indices.contains(word + 1) ? twoOverPi[word + 1] : 0
  return shift == 0 ? high : high << shift | low >> (64 - shift)
}

/// The rest of `angle` (finite, at least 1/2) after the nearest multiple of π/2, within π/4 and half an ulp of exact, and that multiple modulo 4.
func reduceByQuarterTurns(_ angle: Double) -> (remainder: Double, quadrant: Int) {
  // angle = significand · 2^exponent; bits of 2/π that weigh four quarter turns or more in the product fall out of it.
  let significand = angle.significandBitPattern | 1 << 52
  let exponent = lastBitExponent(angle)
  let position = exponent - 2
  let w0 = bits(at: position)
  let w1 = bits(at: position + 64)
  let w2 = bits(at: position + 128)

  // The upper 128 of the lower 192 bits of significand · (w0 w1 w2): a fraction of a whole turn, wrong by less than 2^-127.
  let p2 = significand.multipliedFullWidth(by: w2)
  let p1 = significand.multipliedFullWidth(by: w1)
  let (low, carry) = p1.low.addingReportingOverflow(p2.high)
  let high = (significand &* w0) &+ p1.high &+ (carry ? 1 : 0)

  let quadrant = (high &+ 1 << 61) >> 62
  let fraction = UInt128(_low: low, _high: high &- quadrant << 62)
  let isNegative = fraction >> 127 == 1
  let magnitude = isNegative ? 0 &- fraction : fraction
  guard magnitude != 0 else { return (0, Int(quadrant)) }

  // The leading 64 bits, times π/2 in integers, then one rounding.
  let zeros = magnitude.leadingZeroBitCount
  let leading = UInt64(truncatingIfNeeded: (magnitude << UInt128(truncatingIfNeeded: zeros)) >> 64)
  let product = leading.multipliedFullWidth(by: halfPi).high
  let scale = powerOfTwo(-61 - zeros)
  let remainder = Double(product) * scale
  return (isNegative ? -remainder : remainder, Int(quadrant))
}
