// Bytes, runs and a reader of the fixtures, for the tests here.

import NumPyFormat

@testable import TensorPrograms

/// Makes the row of one sample whose columns' bytes are `inputs`, each placed at an odd offset, as in a shard.
func row(_ program: TensorProgram, _ inputs: [[UInt8]]) throws(TensorValueError) -> [UInt8] {
  var output = [UInt8](repeating: 0xAB, count: program.outputByteCount + 5)
  let scratch = TensorScratch()
  for (column, input) in inputs.enumerated() where program.usesColumn(column) {
    let shifted = [1, 2, 3] + input + [9]
    var span = output.mutableSpan
    // Sound: bytes of bytes.
    var bytes = unsafe span.mutableBytes
    let source = shifted.span
    try unsafe program.run(column: column, input: source.bytes, inputOffset: 3, output: &bytes, outputOffset: 2, scratch: scratch)
  }
  guard output.prefix(2) == [0xAB, 0xAB], output.suffix(3) == [0xAB, 0xAB, 0xAB] else { return [] }
  return Array(output.dropFirst(2).dropLast(3))
}

func bytes<Value: BitwiseCopyable>(_ values: [Value]) -> [UInt8] {
  // Sound: the values are plain bits.
  unsafe values.withUnsafeBytes { unsafe Array($0) }
}

func values<Value: BitwiseCopyable>(_ bytes: [UInt8], _ type: Value.Type) -> [Value] {
  // Sound: the loads lie inside the bytes, and every pattern is a value of the types used here.
  stride(from: 0, to: bytes.count, by: MemoryLayout<Value>.size).map { offset in
    unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: Value.self) }
  }
}

func bytes(hex: some StringProtocol) -> [UInt8] {
  let digits = hex.utf8.map { UInt8($0 < 58 ? $0 - 48 : $0 - 87) }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func integers(_ text: some StringProtocol) -> [Int] { text.split(separator: ",").compactMap { Int($0) } }

/// The fields of every fixture of one kind.
func fixtures(_ kind: String) -> [[Substring]] {
  fixtureLines.split(separator: "\n").map { $0.split(separator: "|", omittingEmptySubsequences: false) }.filter { $0[0] == kind }
}

/// A generator whose seed is part of the test (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The distance of two floats in steps between neighbours; NaNs are equal to each other, and far from all else.
func steps(_ a: Float, _ b: Float) -> UInt64 {
  if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : .max }
  func position(_ x: Float) -> Int64 { x.sign == .minus ? -Int64(x.magnitude.bitPattern) : Int64(x.bitPattern) }
  return (position(a) - position(b)).magnitude
}

func steps(_ a: Double, _ b: Double) -> UInt64 {
  if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : .max }
  func position(_ x: Double) -> Int64 { x.sign == .minus ? -Int64(x.magnitude.bitPattern) : Int64(x.bitPattern) }
  let (distance, overflow) = position(a).subtractingReportingOverflow(position(b))
  return overflow ? .max : distance.magnitude
}
