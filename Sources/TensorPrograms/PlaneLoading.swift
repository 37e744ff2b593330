// From strided values of a sample to planes, whatever the column's type.
//
// All pointers here are sound under one condition, which PlaneGroup+Run.swift states and its callers keep: `count` values, `stride` bytes
// apart, lie inside the sample, and `plane` has room for them.

internal import NumPyFormat

/// Loads as float32: exactly, or rounded to nearest from 32-bit and wider types.
@unsafe func load(_ type: ElementType, _ source: UnsafeRawPointer, stride: Int, count: Int, _ plane: UnsafeMutablePointer<Float>) {
  // Sound: see the head of the file; this covers every case.
  switch type {
  case .bool: unsafe loadEach(source, stride, count, plane) { (value: UInt8) in value == 0 ? 0 : 1 }
  case .int8: unsafe loadEach(source, stride, count, plane) { (value: Int8) in Float(value) }
  case .uint8: unsafe loadEach(source, stride, count, plane) { (value: UInt8) in Float(value) }
  case .int16: unsafe loadEach(source, stride, count, plane) { (value: Int16) in Float(value) }
  case .uint16: unsafe loadEach(source, stride, count, plane) { (value: UInt16) in Float(value) }
  case .int32: unsafe loadEach(source, stride, count, plane) { (value: Int32) in Float(value) }
  case .uint32: unsafe loadEach(source, stride, count, plane) { (value: UInt32) in Float(value) }
  case .int64: unsafe loadEach(source, stride, count, plane) { (value: Int64) in Float(value) }
  case .uint64: unsafe loadEach(source, stride, count, plane) { (value: UInt64) in Float(value) }
  case .float16: unsafe loadEach(source, stride, count, plane) { (value: UInt16) in float(halfBits: value) }
  case .float32: unsafe loadEach(source, stride, count, plane) { (value: Float) in value }
  case .float64: unsafe loadEach(source, stride, count, plane) { (value: Double) in Float(value) }
  case .datetime64, .timedelta64, .void: preconditionFailure("\(type.name) is only copied")
  }
}

/// Loads as float64: exactly, or rounded to nearest from 64-bit integers.
@unsafe func load(_ type: ElementType, _ source: UnsafeRawPointer, stride: Int, count: Int, _ plane: UnsafeMutablePointer<Double>) {
  // Sound: see the head of the file; this covers every case.
  switch type {
  case .bool: unsafe loadEach(source, stride, count, plane) { (value: UInt8) in value == 0 ? 0 : 1 }
  case .int8: unsafe loadEach(source, stride, count, plane) { (value: Int8) in Double(value) }
  case .uint8: unsafe loadEach(source, stride, count, plane) { (value: UInt8) in Double(value) }
  case .int16: unsafe loadEach(source, stride, count, plane) { (value: Int16) in Double(value) }
  case .uint16: unsafe loadEach(source, stride, count, plane) { (value: UInt16) in Double(value) }
  case .int32: unsafe loadEach(source, stride, count, plane) { (value: Int32) in Double(value) }
  case .uint32: unsafe loadEach(source, stride, count, plane) { (value: UInt32) in Double(value) }
  case .int64: unsafe loadEach(source, stride, count, plane) { (value: Int64) in Double(value) }
  case .uint64: unsafe loadEach(source, stride, count, plane) { (value: UInt64) in Double(value) }
  case .float16: unsafe loadEach(source, stride, count, plane) { (value: UInt16) in Double(float(halfBits: value)) }
  case .float32: unsafe loadEach(source, stride, count, plane) { (value: Float) in Double(value) }
  case .float64: unsafe loadEach(source, stride, count, plane) { (value: Double) in value }
  case .datetime64, .timedelta64, .void: preconditionFailure("\(type.name) is only copied")
  }
}

/// Loads integers of at most 63 bits without their sign, and booleans; nothing for other types, which the builder never asks for.
@unsafe func load(_ type: ElementType, _ source: UnsafeRawPointer, stride: Int, count: Int, _ plane: UnsafeMutablePointer<Int64>) {
  // Sound: see the head of the file; this covers every case.
  switch type {
  case .bool: unsafe loadEach(source, stride, count, plane) { (value: UInt8) in value == 0 ? 0 : 1 }
  case .int8: unsafe loadEach(source, stride, count, plane) { (value: Int8) in Int64(value) }
  case .uint8: unsafe loadEach(source, stride, count, plane) { (value: UInt8) in Int64(value) }
  case .int16: unsafe loadEach(source, stride, count, plane) { (value: Int16) in Int64(value) }
  case .uint16: unsafe loadEach(source, stride, count, plane) { (value: UInt16) in Int64(value) }
  case .int32: unsafe loadEach(source, stride, count, plane) { (value: Int32) in Int64(value) }
  case .uint32: unsafe loadEach(source, stride, count, plane) { (value: UInt32) in Int64(value) }
  case .int64: unsafe loadEach(source, stride, count, plane) { (value: Int64) in value }
  case .uint64, .float16, .float32, .float64, .datetime64, .timedelta64, .void: preconditionFailure("a cast from \(type.name) goes through another type")
  }
}

/// Loads 64-bit integers without a sign.
@unsafe func load(_ source: UnsafeRawPointer, stride: Int, count: Int, _ plane: UnsafeMutablePointer<UInt64>) {
  // Sound: see the head of the file.
  unsafe loadEach(source, stride, count, plane) { (value: UInt64) in value }
}

@inline(__always) @unsafe
private func loadEach<Stored: BitwiseCopyable, Value>(
  _ source: UnsafeRawPointer, _ stride: Int, _ count: Int, _ plane: UnsafeMutablePointer<Value>, _ convert: (Stored) -> Value
) {
  let size = MemoryLayout<Stored>.size
  // Sound: see the head of the file. The loops differ in that the compiler can make vectors of the first.
  if stride == size {
    for index in 0..<count { unsafe plane[index] = convert(source.loadUnaligned(fromByteOffset: index &* size, as: Stored.self)) }
  } else {
    for index in 0..<count { unsafe plane[index] = convert(source.loadUnaligned(fromByteOffset: index &* stride, as: Stored.self)) }
  }
}

/// Loads four neighbouring float32 channels into four planes, `planeStride` bytes apart.
@unsafe func loadFour(_ source: UnsafeRawPointer, stride: Int, count: Int, _ planes: UnsafeMutableRawPointer, planeStride: Int) {
  var source = unsafe source
  let (p0, p1, p2, p3) = unsafe (planes, planes + planeStride, planes + 2 * planeStride, planes + 3 * planeStride)
  let whole = count & ~3
  var byteOffset = 0
  // Sound: see the head of the file; each row's four channels are inside the sample.
  while byteOffset < whole * 4 {
    let a = unsafe source.loadUnaligned(as: FloatVector.self)
    let b = unsafe source.loadUnaligned(fromByteOffset: stride, as: FloatVector.self)
    let c = unsafe source.loadUnaligned(fromByteOffset: 2 &* stride, as: FloatVector.self)
    let d = unsafe source.loadUnaligned(fromByteOffset: 3 &* stride, as: FloatVector.self)
    let (w, x, y, z) = transposed(a, b, c, d)
    unsafe p0.storeBytes(of: w, toByteOffset: byteOffset, as: FloatVector.self)
    unsafe p1.storeBytes(of: x, toByteOffset: byteOffset, as: FloatVector.self)
    unsafe p2.storeBytes(of: y, toByteOffset: byteOffset, as: FloatVector.self)
    unsafe p3.storeBytes(of: z, toByteOffset: byteOffset, as: FloatVector.self)
    unsafe source += 4 &* stride
    byteOffset &+= 16
  }
  while byteOffset < count * 4 {
    let row = unsafe source.loadUnaligned(as: FloatVector.self)
    unsafe p0.storeBytes(of: row[0], toByteOffset: byteOffset, as: Float.self)
    unsafe p1.storeBytes(of: row[1], toByteOffset: byteOffset, as: Float.self)
    unsafe p2.storeBytes(of: row[2], toByteOffset: byteOffset, as: Float.self)
    unsafe p3.storeBytes(of: row[3], toByteOffset: byteOffset, as: Float.self)
    unsafe source += stride
    byteOffset &+= 4
  }
}

/// Four rows of four to four columns of four.
@inline(__always)
func transposed(
  _ a: FloatVector, _ b: FloatVector, _ c: FloatVector, _ d: FloatVector
) -> (FloatVector, FloatVector, FloatVector, FloatVector) {
  (
    FloatVector(a[0], b[0], c[0], d[0]), FloatVector(a[1], b[1], c[1], d[1]), FloatVector(a[2], b[2], c[2], d[2]), FloatVector(a[3], b[3], c[3], d[3])
  )
}
