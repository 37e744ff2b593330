// Sine and cosine of one float64, at most 2 ulp from the exact value, in own code: the last bits of libm differ between its versions.

/// Sine and cosine of `angle` degrees; exact at multiples of 90.
func sineCosine(degrees angle: Double) -> (sine: Double, cosine: Double) {
  guard angle.isFinite else { return (.nan, .nan) }
  let turn = angle.magnitude < 360 ? angle.magnitude : reduceByTurns(angle.magnitude)
  // 0 to 4: a quotient just beside a half goes either way.
  let quadrant = Int(turn * (1 / 90) + 0.5)
  let remainder = turn - Double(quadrant) * 90
  // π/180 in two parts.
  let r = remainder * 0.017453292519943295 + remainder * 2.9486522708701687e-19
  return finish(r, quadrant: quadrant, isNegative: angle.sign == .minus)
}

/// Sine and cosine of `angle` radians, however large.
func sineCosine(radians angle: Double) -> (sine: Double, cosine: Double) {
  guard angle.isFinite else { return (.nan, .nan) }
  let magnitude = angle.magnitude
  guard magnitude > 0.7853981633974483 else { return finish(magnitude, quadrant: 0, isNegative: angle.sign == .minus) }
  let (r, quadrant) = reduceByQuarterTurns(magnitude)
  return finish(r, quadrant: quadrant, isNegative: angle.sign == .minus)
}

/// Taylor's series on |r| <= π/4 + a little: the first term left out is below 0.03 ulp.
@inline(__always)
private func finish(_ r: Double, quadrant: Int, isNegative: Bool) -> (sine: Double, cosine: Double) {
  let square = r * r
  let sineTail: Double =
    -1 / 6 + square
    * (1 / 120 + square
      * (-1 / 5_040 + square
        * (1 / 362_880 + square * (-1 / 39_916_800 + square * (1 / 6_227_020_800 + square * (-1 / 1_307_674_368_000 + square * (1 / 355_687_428_096_000)))))))
  let sine = r + r * (square * sineTail)
  let cosineTail: Double =
    1 / 24 + square
    * (-1 / 720 + square
      * (1 / 40_320 + square
        * (-1 / 3_628_800 + square * (1 / 479_001_600 + square * (-1 / 87_178_291_200 + square * (1 / 20_922_789_888_000))))))
  // 1 - r²/2 is rounded; what the rounding lost is added to the tail.
  let half = 0.5 * square
  let leading = 1 - half
  let cosine = leading + (((1 - leading) - half) + square * square * cosineTail)

  var turnedSine = quadrant & 1 == 0 ? sine : cosine
  var turnedCosine = quadrant & 1 == 0 ? cosine : sine
  if quadrant & 2 != 0 { turnedSine = -turnedSine }
  if (quadrant + 1) & 2 != 0 { turnedCosine = -turnedCosine }
  // Adding zero makes a negative zero positive.
  turnedSine += 0
  return (isNegative ? -turnedSine : turnedSine, turnedCosine + 0)
}
