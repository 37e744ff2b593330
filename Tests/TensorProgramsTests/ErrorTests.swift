// What is refused, and how it is said.

import NumPyFormat
import Testing

@testable import TensorPrograms

private func refusal(
  _ type: ElementType = .float32, shape: [Int] = [928, 5], channels: [String]? = ["lat", "lon", "sog", "cog", "dt"], slice: String? = nil,
  selected: [String]? = nil, transform: [ChannelTransform] = []
) -> TensorProgramError? {
  do throws(TensorProgramError) {
    let components = if let slice { try NumPySlice.parse(slice) } else { [] as [SliceComponent] }
    _ = try TensorProgram(
      TensorSpecification(
        elementType: type, sampleShape: shape, channels: channels, slice: components, selectedChannels: selected, transform: transform))
    return nil
  } catch {
    return error
  }
}

private func refusal(_ operation: TransformOperation) -> String? {
  refusal(transform: [ChannelTransform(channel: "sog", operations: [operation])])?.description
}

struct ErrorTests {
  @Test(arguments: [
    "2000:3000", "929:", ":929", "-929:", ":-929", "928", "-929", "0, 5", ":, :6", "928::-1", "3:3", "5:2", "928:", "2:5:-1", ":0", ":, 2:2", "0, 0, 0",
    "..., 0, 0, 0",
    "9223372036854775807", "-9223372036854775808:", "::-1, 5:1",
  ])
  func slicesBeyondTheAxis(_ slice: String) throws {
    let error = try #require(refusal(slice: slice))
    #expect(error.description.hasPrefix("slice \""))
  }

  @Test func messagesOfSlices() {
    #expect(refusal(slice: "2000:3000")?.description == "slice \"2000:3000\": 2000:3000 reaches beyond axis 0, whose length is 928")
    #expect(refusal(slice: "5:, 3:3")?.description == "slice \"5:, 3:3\": 3:3 keeps nothing of axis 1, whose length is 5")
    #expect(refusal(slice: "0,0,0")?.description == "slice \"0, 0, 0\" has 3 components for 2 axes of a sample (the batch axis is not among them)")
  }

  @Test(arguments: [
    "", "a", "1:2:3:4", ":::", "1;2", ",", "1,,2", "[1:2]", "1.5", "...,...", "None", "99999999999999999999", "1:b", "- 1", "::0", ".. .", "newaxis",
  ])
  func textsThatAreNoSlice(_ text: String) {
    #expect(throws: TensorProgramError.self) { try NumPySlice.parse(text) }
  }

  @Test func slicesAsWritten() throws {
    #expect(try NumPySlice.parse(" :128 ") == [.range(start: nil, stop: 128, step: 1)])
    #expect(try NumPySlice.parse("128, :2") == [.index(128), .range(start: nil, stop: 2, step: 1)])
    #expect(try NumPySlice.parse("..., ::-2, -1,") == [.ellipsis, .range(start: nil, stop: nil, step: -2), .index(-1)])
    #expect(try NumPySlice.parse("1:None") == [.range(start: 1, stop: nil, step: 1)])
  }

  @Test func channels() {
    #expect(refusal(selected: ["lat", "speed"])?.description == "unknown channel \"speed\"; the channels are lat, lon, sog, cog, dt")
    #expect(refusal(selected: ["lat", "lat"]) == .duplicateChannel("lat"))
    #expect(refusal(selected: []) == .noSelectedChannels)
    #expect(refusal(channels: nil, selected: ["lat"]) == .noChannelNames(channel: "lat"))
    #expect(refusal(slice: "..., 0", selected: ["lat"]) == .noChannelNames(channel: "lat"))
    #expect(refusal(slice: ":, :2", selected: ["sog"]) == .unknownChannel("sog", known: ["lat", "lon"]))
    #expect(refusal(channels: ["a", "b"]) == .channelCount(names: 2, lastAxis: 5))
    #expect(refusal(shape: [], channels: ["a"]) == .channelCount(names: 1, lastAxis: nil))
    #expect(refusal(shape: [2], channels: ["a", "a"]) == .duplicateChannel("a"))
  }

  @Test func transformedChannels() {
    let sinCos = TransformOperation.sinCos(.degrees)
    func transform(_ channel: String, _ operations: [TransformOperation] = [.add(1)]) -> ChannelTransform {
      ChannelTransform(channel: channel, operations: operations)
    }
    #expect(refusal(transform: [transform("speed")]) == .unknownChannel("speed", known: ["lat", "lon", "sog", "cog", "dt"]))
    #expect(refusal(selected: ["lat"], transform: [transform("lon")]) == .unknownChannel("lon", known: ["lat"]))
    #expect(refusal(transform: [transform("speed", [])]) == .unknownChannel("speed", known: ["lat", "lon", "sog", "cog", "dt"]))
    #expect(refusal(channels: nil, transform: [transform("lat")]) == .noChannelNames(channel: "lat"))
    #expect(refusal(channels: nil, transform: [transform("*", [sinCos])]) == .sinCosWithoutNames)
    #expect(refusal(shape: [], channels: nil, transform: [transform("*", [sinCos])]) == .sinCosWithoutNames)
    #expect(refusal(shape: [2], channels: ["a", "a_sin"], transform: [transform("a", [sinCos])]) == .duplicateChannel("a_sin"))
    #expect(
      refusal(transform: [transform("cog", [sinCos]), transform("cog")]) == .unknownChannel("cog", known: ["lat", "lon", "sog", "cog_sin", "cog_cos", "dt"]))
    #expect(
      refusal(shape: [1], channels: ["a"], transform: [transform("a", Array(repeating: sinCos, count: 40))]) == .tooManyChannels(found: 65_537, limit: 65_536))
  }

  @Test func impossibleOperations() {
    #expect(refusal(.divide(0)) == "channel \"sog\", divide: 0.0: it divides by zero")
    #expect(refusal(.divide(1e-60)) == "channel \"sog\", divide: 1e-60: it divides by zero")
    #expect(refusal(.clamp(low: 2, high: 1)) == "channel \"sog\", clamp: [2.0, 1.0]: the lower bound is above the upper one")
    #expect(refusal(.standardize(mean: 0, std: 0)) == "channel \"sog\", standardize: {mean: 0.0, std: 0.0}: std must be positive")
    for operation in [
      TransformOperation.add(.nan), .subtract(.infinity), .multiply(1e300), .divide(.nan), .clamp(low: .nan, high: 1), .standardize(mean: .nan, std: 1),
      .nanTo(1e300),
    ] {
      #expect(refusal(operation)?.hasSuffix("its numbers must be finite in the tensor's arithmetic") == true)
    }
    #expect(refusal(.clamp(low: -.infinity, high: 3)) == nil)
  }

  @Test func impossibleShapes() {
    #expect(refusal(shape: [0, 5]) == .impossibleShape([0, 5]))
    #expect(refusal(shape: [-1, 5]) == .impossibleShape([-1, 5]))
    #expect(refusal(shape: [1 << 40, 5]) == .impossibleShape([1 << 40, 5]))
    #expect(refusal(shape: [.max, .max], channels: nil) == .impossibleShape([.max, .max]))
    typealias Column = TensorSpecification.Column
    #expect(throws: TensorProgramError.noColumns) { try TensorProgram(TensorSpecification(stacking: [], names: [])) }
    #expect(throws: TensorProgramError.stackedShapesDiffer(first: [], other: [2])) {
      try TensorProgram(
        TensorSpecification(stacking: [Column(elementType: .int8, sampleShape: []), Column(elementType: .int8, sampleShape: [2])], names: ["a", "b"]))
    }
  }

  @Test func whatIsNoNumberIsOnlyCopied() throws {
    typealias Column = TensorSpecification.Column
    let moment = ElementType.datetime64(.nanoseconds)
    let program = try TensorProgram(TensorSpecification(elementType: moment, sampleShape: [4], slice: try NumPySlice.parse("1:3"), castTo: moment))
    #expect(program.copiedRange == 8..<24 && program.outputType == moment)
    let stack = [Column](repeating: Column(elementType: .void(byteCount: 3), sampleShape: []), count: 2)
    #expect(try TensorProgram(TensorSpecification(stacking: stack, names: ["a", "b"])).outputByteCount == 6)
    for (type, castTo) in [(moment, ElementType.int64), (.int64, moment), (.timedelta64(.days), .timedelta64(.seconds))] {
      #expect(throws: TensorProgramError.self) { try TensorProgram(TensorSpecification(elementType: type, sampleShape: [4], castTo: castTo)) }
    }
    #expect(throws: TensorProgramError.notANumber(moment)) {
      try TensorProgram(
        TensorSpecification(elementType: moment, sampleShape: [4], transform: [ChannelTransform(channel: "*", operations: [.divide(2)])]))
    }
    #expect(throws: TensorProgramError.notANumber(moment)) {
      let columns = [Column(elementType: .int64, sampleShape: []), Column(elementType: moment, sampleShape: [])]
      return try TensorProgram(TensorSpecification(stacking: columns, names: ["a", "b"]))
    }
  }

  /// The first value, in the order of rows, that each target cannot hold, between two that it can.
  @Test func valuesThatTheTargetCannotHold() throws {
    for target in ElementType.numbers where !target.isFloatingPoint && target != .bool {
      let isSigned = target.name.hasPrefix("int")
      let bits = target.byteCount * 8
      let most = isSigned ? UInt64.max >> UInt64(65 - bits) : UInt64.max >> UInt64(64 - bits)
      let beyond = Double(sign: .plus, exponent: isSigned ? bits - 1 : bits, significand: 1)
      for value in [Double.nan, .infinity, -.infinity, beyond, isSigned ? (-beyond).nextDown - 1 : -1, 1e300] {
        try expectRefused(bytes([1, value, 2]), .float64, target, .real(value))
      }
      for value in [Float.nan, .infinity, Float(beyond), isSigned ? Float(-beyond).nextDown - 1 : -1] {
        try expectRefused(bytes([1, value, 2]), .float32, target, .real(Double(value)))
      }
      if most < UInt64.max { try expectRefused(bytes([1, most + 1, 2]), .uint64, target, .unsigned(most + 1)) }
      if most < UInt64(Int64.max) { try expectRefused(bytes([1, Int64(most) + 1, 2]), .int64, target, .signed(Int64(most) + 1)) }
      if bits < 64 || !isSigned {
        let least = isSigned ? -Int64(most) - 1 : 0
        try expectRefused(bytes([1, least - 1, 2]), .int64, target, .signed(least - 1))
      }
      if !isSigned { try expectRefused(bytes([1, -1, 2] as [Int8]), .int8, target, .signed(-1)) }
    }
  }

  private func expectRefused(_ input: [UInt8], _ source: ElementType, _ target: ElementType, _ number: TensorValueError.Number) throws {
    let program = try TensorProgram(TensorSpecification(elementType: source, sampleShape: [3], castTo: target))
    do {
      _ = try row(program, [input])
      Issue.record("\(number) was cast to \(target)")
    } catch {
      // NaN is not equal to itself, its sentence is.
      let expected = TensorValueError.notRepresentable(value: number, position: [1], channel: nil, target: target)
      #expect(error.description == expected.description)
    }
  }

  @Test func placeOfAValue() throws {
    let program = try TensorProgram(
      TensorSpecification(
        elementType: .float32, sampleShape: [2000, 3], channels: ["a", "b", "c"], selectedChannels: ["c", "a"],
        transform: [ChannelTransform(channel: "a", operations: [.multiply(2)])], castTo: .int16))
    var x = [Float](repeating: 1, count: 6000)
    x[1700 * 3] = 20_000
    do {
      _ = try row(program, [bytes(x)])
      Issue.record("cast")
    } catch {
      #expect(error.description == "the value 40000.0 at [1700, 1] (channel \"a\") cannot be cast to int16")
    }
  }

  @Test func inputTooShort() throws {
    let program = try TensorProgram(TensorSpecification(elementType: .float32, sampleShape: [4]))
    let input = [UInt8](repeating: 0, count: 20)
    var output = [UInt8](repeating: 0, count: 16)
    for (offset, left) in [(5, 15), (19, 1), (20, 0), (21, 0), (Int.max, 0), (-1, 20)] {
      var span = output.mutableSpan
      // Sound: bytes of bytes.
      var bytes = unsafe span.mutableBytes
      let source = input.span
      do throws(TensorValueError) {
        try unsafe program.run(input: source.bytes, inputOffset: offset, output: &bytes, outputOffset: 0, scratch: TensorScratch())
        Issue.record("ran at \(offset)")
      } catch {
        #expect(error == .inputTooShort(byteCount: left, needed: 16))
      }
    }
  }

  @Test func rowOutsideTheOutput() async {
    await #expect(processExitsWith: .failure) {
      let program = try TensorProgram(TensorSpecification(elementType: .float32, sampleShape: [4]))
      var output = [UInt8](repeating: 0, count: 16)
      var span = output.mutableSpan
      // Sound: bytes of bytes.
      var bytes = unsafe span.mutableBytes
      let input = [UInt8](repeating: 0, count: 16)
      let source = input.span
      try unsafe program.run(input: source.bytes, inputOffset: 0, output: &bytes, outputOffset: 1, scratch: TensorScratch())
    }
  }
}
