// The floats that bytes stand for.

func floats(_ bytes: some Collection<UInt8>) -> [Float] {
  let bytes = Array(bytes)
  return stride(from: 0, to: bytes.count, by: 4).map { start in
    Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
  }
}
