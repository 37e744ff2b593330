// The logarithm of 1 + x of one float64, at most 2 ulp from the exact value, in own code: the last bits of libm differ between its versions.

/// log(1 + x): NaN below -1, -infinity at -1, x itself where |x| < 2^-54.
///
/// 1 + x = 2^k (1 + f) as for float32; log(1 + f) = 2 artanh(s), s = f / (2 + f), by its series.
func log1p(_ x: Double) -> Double {
  guard x > -1 else { return x == -1 ? -.infinity : .nan }
  guard x < .infinity else { return .infinity }
  guard x.magnitude >= 0x1p-54 else { return x }

  // Moves the exponent up by one where the significand is above √2.
  let shifted = (1 + x).bitPattern &+ (0x3FF0_0000_0000_0000 - 0x3FE6_A09E_667F_3BCD)
  let exponent = Int(truncatingIfNeeded: shifted >> 52)
  let k = Double(exponent - 1023)
  // 4/2^k: 1/2^k itself may be denormal.
  let scale = Double(bitPattern: UInt64(truncatingIfNeeded: 2048 - exponent) << 52)
  let f = (x * 0.25) * scale + (scale * 0.25 - 1)

  let s = f / (2 + f)
  let z = s * s
  // 2 artanh(s) = 2s + s·series(z); |s| < 0.172, so the first term left out is below 2^-60.
  let series: Double =
    z
    * (2 / 3 + z
      * (2 / 5 + z
        * (2 / 7 + z * (2 / 9 + z * (2 / 11 + z * (2 / 13 + z * (2 / 15 + z * (2 / 17 + z * (2 / 19 + z * (2 / 21 + z * (2 / 23)))))))))))
  // 2s = f - s·f and s·f = f²/2 - s·f²/2: only small terms are rounded before the last sum.
  let halfSquare = 0.5 * f * f
  let small = s * (halfSquare + series) + k * 1.9082149292705877e-10
  // ln 2 in two parts, the first of 32 bits: its product with k is exact.
  return k * 0.6931471803691238 - ((halfSquare - small) - f)
}
