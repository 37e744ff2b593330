// From planes to strided values of a row, cast to the tensor's type.
//
// Each function answers the index of the first value that the type cannot hold, or -1. All pointers are sound under one condition, which
// PlaneGroup+Run.swift states and its callers keep: `plane` has `count` values, and the row has room for them `stride` bytes apart.

internal import NumPyFormat

@unsafe func store(_ type: ElementType, _ plane: UnsafePointer<Float>, count: Int, _ target: UnsafeMutableRawPointer, stride: Int) -> Int {
  // Sound: see the head of the file; this covers every case.
  switch type {
  case .bool: unsafe storeEach(plane, count, target, stride) { (value: Float) -> UInt8 in value == 0 ? 0 : 1 }
  case .float16: unsafe storeEach(plane, count, target, stride) { (value: Float) -> UInt16 in halfBits(value) }
  case .float32: unsafe storeEach(plane, count, target, stride) { (value: Float) -> Float in value }
  case .float64: unsafe storeEach(plane, count, target, stride) { (value: Float) -> Double in Double(value) }
  case .int8: unsafe storeChecked(plane, count, target, stride) { (value: Float) -> Int8? in truncated(Double(value)) }
  case .uint8: unsafe storeChecked(plane, count, target, stride) { (value: Float) -> UInt8? in truncated(Double(value)) }
  case .int16: unsafe storeChecked(plane, count, target, stride) { (value: Float) -> Int16? in truncated(Double(value)) }
  case .uint16: unsafe storeChecked(plane, count, target, stride) { (value: Float) -> UInt16? in truncated(Double(value)) }
  case .int32: unsafe storeChecked(plane, count, target, stride) { (value: Float) -> Int32? in truncated(Double(value)) }
  case .uint32: unsafe storeChecked(plane, count, target, stride) { (value: Float) -> UInt32? in truncated(Double(value)) }
  case .int64: unsafe storeChecked(plane, count, target, stride) { (value: Float) -> Int64? in truncated(Double(value)) }
  case .uint64: unsafe storeChecked(plane, count, target, stride) { (value: Float) -> UInt64? in truncated(Double(value)) }
  case .datetime64, .timedelta64, .void: preconditionFailure("\(type.name) is only copied")
  }
}

@unsafe func store(_ type: ElementType, _ plane: UnsafePointer<Double>, count: Int, _ target: UnsafeMutableRawPointer, stride: Int) -> Int {
  // Sound: see the head of the file; this covers every case.
  switch type {
  case .bool: unsafe storeEach(plane, count, target, stride) { (value: Double) -> UInt8 in value == 0 ? 0 : 1 }
  case .float16: unsafe storeEach(plane, count, target, stride) { (value: Double) -> UInt16 in halfBits(value) }
  case .float32: unsafe storeEach(plane, count, target, stride) { (value: Double) -> Float in Float(value) }
  case .float64: unsafe storeEach(plane, count, target, stride) { (value: Double) -> Double in value }
  case .int8: unsafe storeChecked(plane, count, target, stride) { (value: Double) -> Int8? in truncated(value) }
  case .uint8: unsafe storeChecked(plane, count, target, stride) { (value: Double) -> UInt8? in truncated(value) }
  case .int16: unsafe storeChecked(plane, count, target, stride) { (value: Double) -> Int16? in truncated(value) }
  case .uint16: unsafe storeChecked(plane, count, target, stride) { (value: Double) -> UInt16? in truncated(value) }
  case .int32: unsafe storeChecked(plane, count, target, stride) { (value: Double) -> Int32? in truncated(value) }
  case .uint32: unsafe storeChecked(plane, count, target, stride) { (value: Double) -> UInt32? in truncated(value) }
  case .int64: unsafe storeChecked(plane, count, target, stride) { (value: Double) -> Int64? in truncated(value) }
  case .uint64: unsafe storeChecked(plane, count, target, stride) { (value: Double) -> UInt64? in truncated(value) }
  case .datetime64, .timedelta64, .void: preconditionFailure("\(type.name) is only copied")
  }
}

@unsafe func store(_ type: ElementType, _ plane: UnsafePointer<Int64>, count: Int, _ target: UnsafeMutableRawPointer, stride: Int) -> Int {
  // Sound: see the head of the file.
  unsafe storeInteger(type, plane, count, target, stride)
}

@unsafe func store(_ type: ElementType, _ plane: UnsafePointer<UInt64>, count: Int, _ target: UnsafeMutableRawPointer, stride: Int) -> Int {
  // Sound: see the head of the file.
  unsafe storeInteger(type, plane, count, target, stride)
}

@inline(__always) @unsafe
private func storeInteger<Value: FixedWidthInteger>(
  _ type: ElementType, _ plane: UnsafePointer<Value>, _ count: Int, _ target: UnsafeMutableRawPointer, _ stride: Int
) -> Int {
  // Sound: see the head of the file; this covers every case.
  switch type {
  case .bool: unsafe storeEach(plane, count, target, stride) { (value: Value) -> UInt8 in value == 0 ? 0 : 1 }
  // Integers below 65520 are exact in float32; the others become infinite.
  case .float16: unsafe storeEach(plane, count, target, stride) { (value: Value) -> UInt16 in halfBits(Float(value)) }
  case .float32: unsafe storeEach(plane, count, target, stride) { (value: Value) -> Float in Float(value) }
  case .float64: unsafe storeEach(plane, count, target, stride) { (value: Value) -> Double in Double(value) }
  case .int8: unsafe storeChecked(plane, count, target, stride) { (value: Value) -> Int8? in Int8(exactly: value) }
  case .uint8: unsafe storeChecked(plane, count, target, stride) { (value: Value) -> UInt8? in UInt8(exactly: value) }
  case .int16: unsafe storeChecked(plane, count, target, stride) { (value: Value) -> Int16? in Int16(exactly: value) }
  case .uint16: unsafe storeChecked(plane, count, target, stride) { (value: Value) -> UInt16? in UInt16(exactly: value) }
  case .int32: unsafe storeChecked(plane, count, target, stride) { (value: Value) -> Int32? in Int32(exactly: value) }
  case .uint32: unsafe storeChecked(plane, count, target, stride) { (value: Value) -> UInt32? in UInt32(exactly: value) }
  case .int64: unsafe storeChecked(plane, count, target, stride) { (value: Value) -> Int64? in Int64(exactly: value) }
  case .uint64: unsafe storeChecked(plane, count, target, stride) { (value: Value) -> UInt64? in UInt64(exactly: value) }
  case .datetime64, .timedelta64, .void: preconditionFailure("\(type.name) is only copied")
  }
}

/// The integer toward zero from `value`, if the type holds it.
@inline(__always)
private func truncated<Target: FixedWidthInteger>(_ value: Double) -> Target? {
  // Two comparisons that NaN fails. Where the type has more bits than a double, min - 1 rounds to min, which is itself allowed.
  let least = Double(Target.min)
  let isAboveLeast = Target.bitWidth == 64 && Target.isSigned ? value >= least : value > least - 1
  // max + 1 is a power of two, and exact.
  guard isAboveLeast, value < Double(Target.max / 2 + 1) * 2 else { return nil }
  return Target(value)
}

@inline(__always) @unsafe
private func storeEach<Value, Stored: BitwiseCopyable>(
  _ plane: UnsafePointer<Value>, _ count: Int, _ target: UnsafeMutableRawPointer, _ stride: Int, _ convert: (Value) -> Stored
) -> Int {
  let size = MemoryLayout<Stored>.size
  // Sound: see the head of the file. The loops differ in that the compiler can make vectors of the first.
  if stride == size {
    for index in 0..<count { unsafe target.storeBytes(of: convert(plane[index]), toByteOffset: index &* size, as: Stored.self) }
  } else {
    for index in 0..<count { unsafe target.storeBytes(of: convert(plane[index]), toByteOffset: index &* stride, as: Stored.self) }
  }
  return -1
}

@inline(__always) @unsafe
private func storeChecked<Value, Stored: BitwiseCopyable>(
  _ plane: UnsafePointer<Value>, _ count: Int, _ target: UnsafeMutableRawPointer, _ stride: Int, _ convert: (Value) -> Stored?
) -> Int {
  for index in 0..<count {
    // Sound: see the head of the file.
    guard let value = unsafe convert(plane[index]) else { return index }
    unsafe target.storeBytes(of: value, toByteOffset: index &* stride, as: Stored.self)
  }
  return -1
}

/// Stores four float32 planes whose values are neighbours in the row.
@unsafe func storeFour(_ planes: UnsafeRawPointer, offsets: SIMD4<Int>, count: Int, _ target: UnsafeMutableRawPointer, stride: Int) {
  var target = unsafe target
  let (p0, p1, p2, p3) = unsafe (planes + offsets[0], planes + offsets[1], planes + offsets[2], planes + offsets[3])
  let whole = count & ~3
  var byteOffset = 0
  // Sound: see the head of the file; planes are aligned to 64 bytes.
  while byteOffset < whole * 4 {
    let a = unsafe p0.load(fromByteOffset: byteOffset, as: FloatVector.self)
    let b = unsafe p1.load(fromByteOffset: byteOffset, as: FloatVector.self)
    let c = unsafe p2.load(fromByteOffset: byteOffset, as: FloatVector.self)
    let d = unsafe p3.load(fromByteOffset: byteOffset, as: FloatVector.self)
    let (w, x, y, z) = transposed(a, b, c, d)
    unsafe target.storeBytes(of: w, as: FloatVector.self)
    unsafe target.storeBytes(of: x, toByteOffset: stride, as: FloatVector.self)
    unsafe target.storeBytes(of: y, toByteOffset: 2 &* stride, as: FloatVector.self)
    unsafe target.storeBytes(of: z, toByteOffset: 3 &* stride, as: FloatVector.self)
    unsafe target += 4 &* stride
    byteOffset &+= 16
  }
  while byteOffset < count * 4 {
    let row = unsafe FloatVector(
      p0.load(fromByteOffset: byteOffset, as: Float.self), p1.load(fromByteOffset: byteOffset, as: Float.self),
      p2.load(fromByteOffset: byteOffset, as: Float.self), p3.load(fromByteOffset: byteOffset, as: Float.self))
    unsafe target.storeBytes(of: row, as: FloatVector.self)
    unsafe target += stride
    byteOffset &+= 4
  }
}

/// Stores two float32 planes whose values are neighbours in the row.
@unsafe func storeTwo(_ planes: UnsafeRawPointer, offsets: SIMD4<Int>, count: Int, _ target: UnsafeMutableRawPointer, stride: Int) {
  var target = unsafe target
  let (p0, p1) = unsafe (planes + offsets[0], planes + offsets[1])
  // Sound: see the head of the file.
  for index in 0..<count {
    let pair = unsafe SIMD2<Float>(p0.load(fromByteOffset: index &* 4, as: Float.self), p1.load(fromByteOffset: index &* 4, as: Float.self))
    unsafe target.storeBytes(of: pair, as: SIMD2<Float>.self)
    unsafe target += stride
  }
}
