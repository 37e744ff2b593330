// Samples that are null: NaN where their values would be, in floats; expected bits are those of NumPy's NaN.

import NumPyFormat
import Testing

@testable import TensorPrograms

private typealias Column = TensorSpecification.Column

/// The types that have no value for null.
private let types = ElementType.numbers.filter { !$0.hasNullValue }

private func isNaN(_ type: ElementType, _ bytes: [UInt8]) -> Bool {
  switch type {
  case .float16: values(bytes, UInt16.self).allSatisfy { $0 == 0x7E00 }
  case .float32: values(bytes, UInt32.self).allSatisfy { $0 == 0x7FC0_0000 }
  default: values(bytes, UInt64.self).allSatisfy { $0 == 0x7FF8_0000_0000_0000 }
  }
}

/// The row of a sample of which the columns without bytes are null; nil where it cannot be shown.
private func row(_ program: TensorProgram, _ inputs: [[UInt8]?], scratch: TensorScratch = TensorScratch()) throws -> [UInt8]? {
  var output = [UInt8](repeating: 0xAB, count: program.outputByteCount + 5)
  for (column, input) in inputs.enumerated() where program.usesColumn(column) {
    var span = output.mutableSpan
    // Sound: bytes of bytes.
    var bytes = unsafe span.mutableBytes
    if let input {
      let source = input.span
      try unsafe program.run(column: column, input: source.bytes, inputOffset: 0, output: &bytes, outputOffset: 2, scratch: scratch)
    } else if !program.runNull(column: column, output: &bytes, outputOffset: 2, scratch: scratch) {
      return nil
    }
  }
  #expect(output.prefix(2) == [0xAB, 0xAB] && output.suffix(3) == [0xAB, 0xAB, 0xAB])
  return Array(output.dropFirst(2).dropLast(3))
}

private func every(_ operations: TransformOperation...) -> [ChannelTransform] { [ChannelTransform(channel: "*", operations: operations)] }

struct NullTests {
  @Test(arguments: [[], [1], [3], [17], [40, 33], [5000]], ElementType.numbers.filter(\.isFloatingPoint))
  func castToFloatsTheyAreNaN(shape: [Int], target: ElementType) throws {
    for type in types {
      let program = try TensorProgram(TensorSpecification(elementType: type, sampleShape: shape, castTo: target))
      #expect(try isNaN(target, #require(try row(program, [nil]))), "\(type)")
      #expect(!program.refusesNull(column: 0))
    }
  }

  @Test func slicesAndChannelsAreNaN() throws {
    let program = try TensorProgram(
      TensorSpecification(
        elementType: .int64, sampleShape: [50, 4], channels: ["a", "b", "c", "d"], slice: try NumPySlice.parse("40:3:-2"), selectedChannels: ["d", "a"],
        castTo: .float64))
    let found = try #require(try row(program, [nil]))
    #expect(found.count == 19 * 2 * 8 && isNaN(.float64, found))
  }

  @Test func arithmeticIsThatOfNaN() throws {
    for type in types {
      let filled = try TensorProgram(TensorSpecification(elementType: type, sampleShape: [3], transform: every(.add(1), .nanTo(7), .divide(2))))
      #expect(try values(#require(try row(filled, [nil])), Float.self) == [3.5, 3.5, 3.5], "\(type)")
      let wide = try TensorProgram(TensorSpecification(elementType: type, sampleShape: [], transform: every(.nanTo(0.1)), castTo: .float64))
      #expect(try values(#require(try row(wide, [nil])), Double.self) == [0.1], "\(type)")
      let operations: [TransformOperation] = [.clamp(low: 0, high: 1), .log1p, .multiply(0), .standardize(mean: 1, std: 2)]
      let kept = try TensorProgram(
        TensorSpecification(elementType: type, sampleShape: [2], transform: [ChannelTransform(channel: "*", operations: operations)]))
      #expect(try values(#require(try row(kept, [nil])), Float.self).allSatisfy(\.isNaN), "\(type)")
    }
  }

  /// Channels that are computed, and such that are only cast, on their own way or on that of the others.
  @Test(arguments: [ElementType.int16, .int64])
  func eachChannelForItself(type: ElementType) throws {
    let program = try TensorProgram(
      TensorSpecification(
        elementType: type, sampleShape: [2, 3], channels: ["a", "b", "c"],
        transform: [ChannelTransform(channel: "a", operations: [.nanTo(5)]), ChannelTransform(channel: "c", operations: [.sinCos(.degrees)])]))
    let found = values(try #require(try row(program, [nil])), Float.self)
    for begin in [0, 4] { #expect(found[begin] == 5 && found[begin + 1..<begin + 4].allSatisfy(\.isNaN)) }
  }

  @Test func stacksHaveNaNInOneChannel() throws {
    let columns = [Column(elementType: .int32, sampleShape: []), Column(elementType: .float32, sampleShape: []), Column(elementType: .uint64, sampleShape: [])]
    let program = try TensorProgram(TensorSpecification(stacking: columns, names: ["a", "b", "c"]))
    #expect(program.outputType == .float64)
    let (a, b, c) = (bytes([Int32.min]), bytes([Float(2.5)]), bytes([UInt64.max]))
    for (inputs, expected) in [
      ([nil, b, c], [nil, 2.5, 18_446_744_073_709_551_616]), ([a, b, nil], [-2_147_483_648, 2.5, nil]), ([nil, b, nil], [nil, 2.5, nil]),
    ]
      as [([[UInt8]?], [Double?])]
    {
      let found = values(try #require(try row(program, inputs)), Double.self)
      #expect(found.map { $0.isNaN ? nil : $0 } == expected)
    }
    // What is left out need not be there.
    let part = try TensorProgram(TensorSpecification(stacking: columns, names: ["a", "b", "c"], selectedChannels: ["b"]))
    #expect(try row(part, [nil, b, nil]) == bytes([2.5]) && !part.usesColumn(0))
  }

  @Test func integersHaveNoValueForIt() throws {
    for type in types {
      let copied = try TensorProgram(TensorSpecification(elementType: type, sampleShape: [3]))
      #expect(try row(copied, [nil]) == nil && copied.refusesNull(column: 0) && copied.typeWithNaN?.isFloatingPoint == true)
      for target in types where target != .bool {
        let cast = try TensorProgram(TensorSpecification(elementType: type, sampleShape: [3], castTo: target))
        #expect(try row(cast, [nil]) == nil && cast.refusesNull(column: 0), "\(type) \(target)")
        let computed = try TensorProgram(TensorSpecification(elementType: type, sampleShape: [3], transform: every(.multiply(2)), castTo: target))
        #expect(try row(computed, [nil]) == nil && computed.refusesNull(column: 0), "\(type) \(target)")
        let filled = try TensorProgram(TensorSpecification(elementType: type, sampleShape: [1], transform: every(.nanTo(9), .multiply(2)), castTo: target))
        #expect(try row(filled, [nil]) == [18] + Array(repeating: 0, count: target.byteCount - 1), "\(type) \(target)")
        #expect(!filled.refusesNull(column: 0))
      }
    }
    let half = try TensorProgram(
      TensorSpecification(
        elementType: .int8, sampleShape: [2], channels: ["a", "b"], transform: [ChannelTransform(channel: "a", operations: [.nanTo(1)])], castTo: .int8))
    #expect(try row(half, [nil]) == nil && half.refusesNull(column: 0))
  }

  @Test func floatsAndMomentsAreRefusedWhereTheirNaNIs() throws {
    #expect(!(try TensorProgram(TensorSpecification(elementType: .float32, sampleShape: [3]))).refusesNull(column: 0))
    #expect(!(try TensorProgram(TensorSpecification(elementType: .datetime64(.seconds), sampleShape: [3]))).refusesNull(column: 0))
    #expect((try TensorProgram(TensorSpecification(elementType: .float32, sampleShape: [3], castTo: .int32))).refusesNull(column: 0))
    let opaque = try TensorProgram(TensorSpecification(elementType: .void(byteCount: 16), sampleShape: []))
    #expect(opaque.refusesNull(column: 0) && opaque.typeWithNaN == nil)
  }

  @Test func typesWithNaN() throws {
    let expected: [(ElementType, ElementType)] = [(.bool, .float32), (.int8, .float32), (.uint16, .float32), (.int32, .float64), (.uint64, .float64)]
    for (type, float) in expected {
      #expect(try TensorProgram(TensorSpecification(elementType: type, sampleShape: [])).typeWithNaN == float)
    }
  }

  /// Whatever a run leaves in the scratch is nothing to the next.
  @Test func runsAfterOneAnother() throws {
    let scratch = TensorScratch()
    let program = try TensorProgram(
      TensorSpecification(elementType: .int32, sampleShape: [1001, 5], channels: ["a", "b", "c", "d", "e"], transform: every(.divide(4))))
    let input = bytes((0..<5005).map { Int32($0) })
    let before = try #require(try row(program, [input], scratch: scratch))
    #expect(values(before, Float.self) == (0..<5005).map { Float($0) / 4 })
    #expect(try values(#require(try row(program, [nil], scratch: scratch)), Float.self).allSatisfy(\.isNaN))
    #expect(try row(program, [input], scratch: scratch) == before)
  }
}
