// float16 to and from wider floats, in integers: no instruction and no runtime function of the machine takes part.

/// The float of a float16's bits; exact.
@inlinable
@inline(__always)
public func float(halfBits half: UInt16) -> Float {
  let sign = UInt32(half & 0x8000) << 16
  let magnitude = UInt32(half & 0x7FFF)
  if magnitude >= 0x7C00 { return Float(bitPattern: sign | 0x7F80_0000 | (magnitude & 0x3FF) << 13) }
  // As bits of a float, a half's exponent is 112 too small; a multiplication by 2^112 is exact and normalises denormals too.
  return Float(bitPattern: sign | (Float(bitPattern: magnitude << 13) * 0x1p112).bitPattern)
}

/// The float16 nearest to `value`, ties to even, beyond 65504 infinite; NaNs keep their upper bits.
@inlinable
@inline(__always)
public func halfBits(_ value: Float) -> UInt16 {
  let bits = value.bitPattern
  let sign = UInt16(truncatingIfNeeded: (bits >> 16) & 0x8000)
  let magnitude = bits & 0x7FFF_FFFF
  if magnitude > 0x7F80_0000 { return sign | 0x7E00 | UInt16(truncatingIfNeeded: (magnitude >> 13) & 0x3FF) }
  // 65520 and more: half an ulp above the largest.
  if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
  // Below the least normal half: adding 1/2 rounds to multiples of 2^-24, which end up in the low bits.
  if magnitude < 0x3880_0000 { return sign | UInt16(truncatingIfNeeded: (Float(bitPattern: magnitude) + 0.5).bitPattern &- 0x3F00_0000) }
  let rounded = magnitude &+ 0xFFF &+ ((magnitude >> 13) & 1)
  return sign | UInt16(truncatingIfNeeded: (rounded &- 0x3800_0000) >> 13)
}

/// The float16 nearest to `value`, rounded once.
@inlinable
@inline(__always)
public func halfBits(_ value: Double) -> UInt16 {
  // Rounded to odd, a float keeps what decides the second rounding: float32 has more than two bits beyond float16.
  let nearest = Float(value)
  guard nearest.isFinite, Double(nearest) != value else { return halfBits(nearest) }
  let isAbove = Double(nearest).magnitude > value.magnitude
  let towardZero = isAbove ? nearest.bitPattern &- 1 : nearest.bitPattern
  return halfBits(Float(bitPattern: towardZero | 1))
}
