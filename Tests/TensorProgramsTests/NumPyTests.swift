// Slices, casts, promotions and transforms against what NumPy makes of them (write_fixtures.py).

import NumPyFormat
import Testing

@testable import TensorPrograms

struct NumPyTests {
  @Test(arguments: fixtures("slice"))
  func slices(_ fields: [Substring]) throws {
    let shape = integers(fields[2])
    let slice = try NumPySlice.parse(String(fields[1]))
    let stored = bytes((0..<shape.reduce(1, *)).map(Int32.init))
    for channels in [nil, (0..<shape[shape.count - 1]).map { "c\($0)" }] {
      for castTo in [nil, ElementType.int64] {
        let program = try TensorProgram(TensorSpecification(elementType: .int32, sampleShape: shape, channels: channels, slice: slice, castTo: castTo))
        #expect(program.outputShape == integers(fields[3]))
        let result = try row(program, [stored])
        #expect((castTo == nil ? values(result, Int32.self).map(Int.init) : values(result, Int64.self).map(Int.init)) == integers(fields[4]))
        if let copied = program.copiedRange { #expect(Array(stored[copied]) == result) }
      }
    }
  }

  @Test(arguments: fixtures("cast"))
  func casts(_ fields: [Substring]) throws {
    let source = try #require(ElementType(name: String(fields[1])))
    let target = try #require(ElementType(name: String(fields[2])))
    let (input, expected) = (bytes(hex: fields[3]), bytes(hex: fields[4]))
    let program = try TensorProgram(TensorSpecification(elementType: source, sampleShape: [input.count / source.byteCount], castTo: target))
    #expect(program.outputType == target)
    let result = try row(program, [input])
    #expect(sameValues(result, expected, target, steps: 0), "\(result) is not \(expected)")
  }

  @Test func promotions() throws {
    for fields in fixtures("promote") {
      let types = try fields.dropFirst().map { try #require(ElementType(name: String($0))) }
      #expect(promoted(types[0], types[1]) == types[2], "\(types)")
    }
  }

  @Test(arguments: fixtures("transform"))
  func transforms(_ fields: [Substring]) throws {
    let names = fields[3].split(separator: ",").map(String.init)
    let program = try TensorProgram(
      TensorSpecification(
        elementType: try #require(ElementType(name: String(fields[1]))), sampleShape: integers(fields[2]), channels: names.isEmpty ? nil : names,
        transform: try fields[4].split(separator: ";").map(transform), castTo: ElementType(name: String(fields[5]))))
    #expect(program.outputShape == integers(fields[7]))
    #expect(program.outputChannels == (names.isEmpty ? nil : fields[8].split(separator: ",").map(String.init)))
    let result = try row(program, [bytes(hex: fields[9])])
    #expect(sameValues(result, bytes(hex: fields[10]), program.outputType, steps: try #require(UInt64(fields[6]))), "\(fields[4])")
  }
}

/// `cog:sin_cos degrees,divide 2`.
private func transform(_ text: Substring) throws -> ChannelTransform {
  let parts = text.split(separator: ":")
  let operations = try parts[1].split(separator: ",").map { text -> TransformOperation in
    let words = text.split(separator: " ")
    let numbers = words.dropFirst().compactMap { Double($0) }
    switch words[0] {
    case "add": return .add(numbers[0])
    case "subtract": return .subtract(numbers[0])
    case "multiply": return .multiply(numbers[0])
    case "divide": return .divide(numbers[0])
    case "clamp": return .clamp(low: numbers[0], high: numbers[1])
    case "log1p": return .log1p
    case "standardize": return .standardize(mean: numbers[0], std: numbers[1])
    case "nan_to": return .nanTo(numbers[0])
    default: return .sinCos(try #require(TransformOperation.AngleUnit(rawValue: String(words[1]))))
    }
  }
  return ChannelTransform(channel: String(parts[0]), operations: operations)
}

/// Equal bytes, but any NaN for a NaN, and floats within `steps` of each other.
private func sameValues(_ a: [UInt8], _ b: [UInt8], _ type: ElementType, steps limit: UInt64) -> Bool {
  guard a.count == b.count else { return false }
  switch type {
  case .float16: return zip(values(a, UInt16.self), values(b, UInt16.self)).allSatisfy { halvesAgree($0, $1, limit) }
  case .float32: return zip(values(a, Float.self), values(b, Float.self)).allSatisfy { $0.bitPattern == $1.bitPattern || agree(steps($0, $1), limit, $0 == $1) }
  case .float64:
    return zip(values(a, Double.self), values(b, Double.self)).allSatisfy { $0.bitPattern == $1.bitPattern || agree(steps($0, $1), limit, $0 == $1) }
  default: return a == b
  }
}

/// Zeros of either sign agree only where some rounding is allowed.
private func agree(_ distance: UInt64, _ limit: UInt64, _ isEqual: Bool) -> Bool { distance <= limit && (limit > 0 || !isEqual) }

private func halvesAgree(_ a: UInt16, _ b: UInt16, _ limit: UInt64) -> Bool {
  let (isNaN, other) = (a & 0x7FFF > 0x7C00, b & 0x7FFF > 0x7C00)
  if isNaN || other { return isNaN && other }
  return a & 0x8000 == b & 0x8000 && UInt64((Int(a) - Int(b)).magnitude) <= limit
}
