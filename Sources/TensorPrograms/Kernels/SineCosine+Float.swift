// Sine and cosine of float32 lanes, of degrees and of radians, at most 2 ulp from the exact value.
//
// An angle is reduced to at most 45.5 degrees around a multiple of a quarter turn. For degrees the reduction is exact, so 0, 90, 180, 270 and
// 360 give exact zeros and ones. The polynomials are minimax fits over that range, by Tests/TensorProgramsTests/fit_polynomials.py.

/// Polynomials of one unit of angle: sin r = r*s1 + r*(s1Rest + r²(s3 + r²(s5 + r²*s7))), cos r = 1 + r²(c2 + r²(c4 + r²(c6 + r²*c8))).
private struct AnglePolynomial {
  let s1: FloatVector, s1Rest: FloatVector, s3: FloatVector, s5: FloatVector, s7: FloatVector
  let c2: FloatVector, c4: FloatVector, c6: FloatVector, c8: FloatVector

  @inline(__always) static var degrees: AnglePolynomial {
    AnglePolynomial(
      s1: spread(0.01745329238474369), s1Rest: spread(1.3519960151420207e-10), s3: spread(-8.860954494593898e-07), s5: spread(1.349401406586237e-11),
      s7: spread(-9.623254472063903e-17), c2: spread(-0.00015230871213134378), c4: spread(3.866321929280048e-09), c6: spread(-3.92536277462642e-14),
      c8: spread(2.1029115444902986e-19))
  }

  @inline(__always) static var radians: AnglePolynomial {
    AnglePolynomial(
      s1: spread(1), s1Rest: spread(0), s3: spread(-0.16666653752326965), s5: spread(0.008332096971571445), s7: spread(-0.0001950654695974663),
      c2: spread(-0.5), c4: spread(0.04166664555668831), c6: spread(-0.0013887229142710567), c8: spread(2.442317236273084e-05))
  }
}

/// Adding this to a float below 2^22 rounds it to an integer, to nearest even, and leaves the integer in the low bits.
private let roundingShift: Float = 12_582_912

/// Up to here 90 times the quotient is exact, and so is the difference to it.
private let degreesLimit: Float = 4_194_304

/// Up to here the quotient, computed in float32, is off by less than 0.004.
private let radiansLimit: Float = 100_000

/// Sine and cosine of `angle` degrees.
@inline(__always)
func sineCosine(degrees angle: FloatVector) -> (sine: FloatVector, cosine: FloatVector) {
  let magnitude = FloatVector(bits: angle.bits & spread(0x7FFF_FFFF))
  let shifted = magnitude * spread(1 / 90) + spread(roundingShift)
  let remainder = magnitude - (shifted - spread(roundingShift)) * spread(90)
  var result = finish(remainder, quadrant: shifted.bits, sign: angle.bits & spread(0x8000_0000), .degrees)
  let outside = .!(magnitude .<= spread(degreesLimit))
  if any(outside) { replaceOutside(outside, angle, &result, degrees: true) }
  return result
}

/// Sine and cosine of `angle` radians.
@inline(__always)
func sineCosine(radians angle: FloatVector) -> (sine: FloatVector, cosine: FloatVector) {
  let magnitude = FloatVector(bits: angle.bits & spread(0x7FFF_FFFF))
  let shifted = magnitude * spread(0.63661975) + spread(roundingShift)
  let quotient = shifted - spread(roundingShift)
  let rest = FloatVector(
    lowHalf: remainder(of: magnitude.lowHalf, quotient.lowHalf), highHalf: remainder(of: magnitude.highHalf, quotient.highHalf))
  var result = finish(rest, quadrant: shifted.bits, sign: angle.bits & spread(0x8000_0000), .radians)
  let outside = .!(magnitude .<= spread(radiansLimit))
  if any(outside) { replaceOutside(outside, angle, &result, degrees: false) }
  return result
}

/// `angle` less `quotient` quarter turns, in double: the quotient times the first 33 bits of π/2 is exact, and what is left out is below 2^-70.
@inline(__always)
private func remainder(of angle: SIMD2<Float>, _ quotient: SIMD2<Float>) -> SIMD2<Float> {
  let turns = SIMD2<Double>(quotient)
  let leading = SIMD2<Double>(angle) - turns * SIMD2<Double>(repeating: 1.5707963267341256)
  return SIMD2<Float>(leading - turns * SIMD2<Double>(repeating: 6.077100506506192e-11))
}

/// The polynomials on the reduced angle, then the quadrant's swap and signs. `sign` is the angle's: the sine is odd, its zeros too.
@inline(__always)
private func finish(
  _ r: FloatVector, quadrant: FloatBits, sign: FloatBits, _ p: AnglePolynomial
) -> (sine: FloatVector, cosine: FloatVector) {
  let square = r * r
  let sine = r * p.s1 + r * (p.s1Rest + square * (p.s3 + square * (p.s5 + square * p.s7)))
  let cosine = spread(1) + square * (p.c2 + square * (p.c4 + square * (p.c6 + square * p.c8)))
  // All ones in odd quadrants, where sine and cosine change places.
  let swap = spread(0) &- (quadrant & spread(1))
  let difference = (sine.bits ^ cosine.bits) & swap
  let sineSign = (quadrant & spread(2)) &<< spread(30)
  let cosineSign = ((quadrant &+ spread(1)) & spread(2)) &<< spread(30)
  // Adding zero makes a negative zero positive.
  let turnedSine = FloatVector(bits: (sine.bits ^ difference) ^ sineSign) + spread(0)
  let turnedCosine = FloatVector(bits: (cosine.bits ^ difference) ^ cosineSign) + spread(0)
  return (FloatVector(bits: turnedSine.bits ^ sign), turnedCosine)
}

/// The lanes that the fast reduction does not cover: huge, infinite and NaN angles.
@inline(never)
private func replaceOutside(
  _ outside: SIMDMask<SIMD4<Int32>>, _ angle: FloatVector, _ result: inout (sine: FloatVector, cosine: FloatVector), degrees: Bool
) {
  for lane in 0..<floatVectorWidth where outside[lane] {
    guard angle[lane].isFinite else {
      result.sine[lane] = canonicalNaN
      result.cosine[lane] = canonicalNaN
      continue
    }
    let exact = degrees ? sineCosine(degrees: Double(angle[lane])) : sineCosine(radians: Double(angle[lane]))
    result.sine[lane] = Float(exact.sine)
    result.cosine[lane] = Float(exact.cosine)
  }
}
