// The logarithm of 1 + x of float32 lanes, at most 2 ulp from the exact value, for tiny x too.

/// log(1 + x): NaN below -1, -infinity at -1, x itself where |x| < 2^-25.
///
/// 1 + x = 2^k (1 + f) with f between √½ - 1 and √2 - 1; f = x/2^k + (1/2^k - 1) is rounded only once.
@inline(__always)
func log1p(_ x: FloatVector) -> FloatVector {
  let isTiny = (FloatVector(bits: x.bits & spread(0x7FFF_FFFF)) .< spread(0x1p-25)).bits
  // Tiny lanes are computed as zero: their powers are denormal, which is slow.
  let value = FloatVector(bits: x.bits & ~isTiny)

  // Moves the exponent up by one where the significand is above √2.
  let shifted = (spread(1) + value).bits &+ spread(0x3F80_0000 - 0x3F35_04F3)
  let exponent = shifted &>> spread(23)
  // 4/2^k: 1/2^k itself may be denormal.
  let scale = FloatVector(bits: (spread(256) &- exponent) &<< spread(23))
  let k = FloatVector(SIMD4<Int32>(truncatingIfNeeded: exponent &- spread(127)))
  let f = (value * spread(0.25)) * scale + (scale * spread(0.25) - spread(1))

  // One chain: of a tree of terms the compiler makes a muddle of lanes.
  var series = spread(0.12770338356494904) + f * spread(-0.0764029324054718)
  series = spread(-0.131621852517128) + f * series
  series = spread(0.14200730621814728) + f * series
  series = spread(-0.16623061895370483) + f * series
  series = spread(0.20001259446144104) + f * series
  series = spread(-0.2500082850456238) + f * series
  series = spread(0.3333333134651184) + f * series
  let tail = (f * f) * (f * series - spread(0.5))
  // ln 2 in two parts, the first of 15 bits: its product with k is exact.
  let result = k * spread(0.693145751953125) + (f + (tail + k * spread(1.4286068203094173e-06)))

  let finished = FloatVector(bits: (result.bits & ~isTiny) | (x.bits & isTiny))
  let isOrdinary = (x .> spread(-1)) .& (x .< spread(.infinity))
  return all(isOrdinary) ? finished : replaceExtremes(x, finished)
}

@inline(never)
private func replaceExtremes(_ x: FloatVector, _ result: FloatVector) -> FloatVector {
  var result = result
  for lane in 0..<floatVectorWidth {
    if x[lane] == .infinity {
      result[lane] = .infinity
    } else if x[lane] == -1 {
      result[lane] = -.infinity
    } else if !(x[lane] > -1) {
      result[lane] = canonicalNaN
    }
  }
  return result
}
