// Which type holds the values of several, as NumPy promotes them, and the type of a tensor.

internal import NumPyFormat

extension TensorSpecification {
  /// The type of the columns together.
  var inputType: ElementType { columns.dropFirst().reduce(columns[0].elementType) { promoted($0, $1.elementType) } }

  /// Refuses to compute with what is no number.
  func requireNumbers() throws(TensorProgramError) {
    let types = columns.map(\.elementType) + (castTo.map { [$0] } ?? [])
    guard let odd = types.first(where: { !$0.isNumber }) else { return }
    guard types.allSatisfy({ $0 == odd }), transform.allSatisfy(\.operations.isEmpty) else { throw .notANumber(odd) }
  }

  /// The type of the tensor's values.
  var outputType: ElementType {
    if let castTo { return castTo }
    let isTransformed = transform.contains { !$0.operations.isEmpty }
    return isTransformed && !inputType.isFloatingPoint ? .float32 : inputType
  }
}

/// `np.promote_types` of two numbers, or of a type with itself.
func promoted(_ a: ElementType, _ b: ElementType) -> ElementType {
  if a == b || b == .bool { return a }
  if a == .bool { return b }
  switch (a.isFloatingPoint, b.isFloatingPoint) {
  case (true, true): return a.byteCount > b.byteCount ? a : b
  case (true, false): return promoted(floating: a, integer: b)
  case (false, true): return promoted(floating: b, integer: a)
  case (false, false):
    guard a.isSigned != b.isSigned else { return a.byteCount > b.byteCount ? a : b }
    let (signed, unsigned) = a.isSigned ? (a, b) : (b, a)
    if signed.byteCount > unsigned.byteCount { return signed }
    switch unsigned.byteCount {
    case 1: return .int16
    case 2: return .int32
    case 4: return .int64
    default: return .float64
    }
  }
}

/// The least type that holds the floating one and every value of the integer (or 64-bit integers as float64).
private func promoted(floating: ElementType, integer: ElementType) -> ElementType {
  let needed: ElementType =
    switch integer.byteCount {
    case 1: .float16
    case 2: .float32
    default: .float64
    }
  return needed.byteCount > floating.byteCount ? needed : floating
}

extension ElementType {
  fileprivate var isSigned: Bool {
    switch self {
    case .int8, .int16, .int32, .int64: true
    default: false
    }
  }

  /// Whether float32 holds every value of this type.
  var isExactInFloat: Bool {
    switch self {
    case .bool, .int8, .uint8, .int16, .uint16, .float16, .float32: true
    case .int32, .uint32, .int64, .uint64, .float64, .datetime64, .timedelta64, .void: false
    }
  }

  /// Whether float64 holds every value of this type.
  var isExactInDouble: Bool { isNumber && self != .int64 && self != .uint64 }
}
