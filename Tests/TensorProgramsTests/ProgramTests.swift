// Programs against a reference that goes value by value, and what they say of themselves.

import NumPyFormat
import Testing

@testable import TensorPrograms

private let names = ["lat", "lon", "sog", "cog", "dt_seconds"]
private let normalisation: [ChannelTransform] = [
  ChannelTransform(channel: "lat", operations: [.divide(90)]), ChannelTransform(channel: "lon", operations: [.divide(180)]),
  ChannelTransform(channel: "sog", operations: [.clamp(low: 0, high: 30), .divide(30)]),
  ChannelTransform(channel: "cog", operations: [.sinCos(.degrees)]), ChannelTransform(channel: "dt_seconds", operations: [.log1p, .divide(10)]),
]

private func window(_ seed: UInt64) -> [Float] {
  var random = SeededGenerator(state: seed)
  return (0..<928).flatMap { _ in
    [
      Float.random(in: -90...90, using: &random), .random(in: -180...180, using: &random), .random(in: -1...40, using: &random),
      .random(in: 0...360, using: &random), .random(in: 0...14_400, using: &random),
    ]
  }
}

struct ProgramTests {
  @Test func normalisedWindow() throws {
    let program = try TensorProgram(
      TensorSpecification(elementType: .float32, sampleShape: [928, 5], channels: names, slice: try NumPySlice.parse(":128"), transform: normalisation))
    #expect(program.outputShape == [128, 6])
    #expect(program.outputChannels == ["lat", "lon", "sog", "cog_sin", "cog_cos", "dt_seconds"])
    #expect(program.outputType == .float32 && program.outputByteCount == 3072 && program.inputByteCount == 18_560 && program.copiedRange == nil)
    let x = window(1)
    let y = values(try row(program, [bytes(x)]), Float.self)
    for i in 0..<128 {
      let angle = sineCosine(degrees: FloatVector(repeating: x[5 * i + 3]))
      let expected = [
        x[5 * i] / 90, x[5 * i + 1] / 180, min(max(x[5 * i + 2], 0), 30) / 30, angle.sine[0], angle.cosine[0],
        log1p(FloatVector(repeating: x[5 * i + 4]))[0] / 10,
      ]
      #expect(Array(y[6 * i..<6 * i + 6]) == expected)
    }
  }

  @Test func contiguousSlicesAreCopiedRanges() throws {
    func range(_ slice: String, channels: [String]? = nil, castTo: ElementType? = nil) throws -> Range<Int>? {
      try TensorProgram(
        TensorSpecification(
          elementType: .float32, sampleShape: [928, 5], channels: names, slice: try NumPySlice.parse(slice), selectedChannels: channels, castTo: castTo)
      ).copiedRange
    }
    #expect(try range(":") == 0..<18_560)
    #expect(try range(":128") == 0..<2560)
    #expect(try range("128:228") == 2560..<4560)
    #expect(try range("-1") == 18_540..<18_560)
    #expect(try range("7, 1:3") == 144..<152)
    #expect(try range("7, 2") == 148..<152)
    #expect(try range("7", channels: ["lon", "sog"]) == 144..<152)
    #expect(try range(":128", castTo: .float32) == 0..<2560)
    #expect(try range(":, :2") == nil)
    #expect(try range("::-1") == nil)
    #expect(try range("7", channels: ["sog", "lon"]) == nil)
    #expect(try range(":128", castTo: .float16) == nil)
  }

  @Test(arguments: [
    ["lat", "lon"], ["lon", "lat"], ["dt_seconds"], ["lat", "lon", "dt_seconds"], ["cog", "lat", "dt_seconds", "sog", "lon"], ["lat", "sog", "dt_seconds"],
  ])
  func chosenChannels(_ chosen: [String]) throws {
    let x = window(2)
    for castTo in [ElementType.float32, .float64] {
      for transform in [[], [ChannelTransform(channel: "*", operations: [.divide(3)])], [ChannelTransform(channel: chosen[0], operations: [.divide(3)])]] {
        let program = try TensorProgram(
          TensorSpecification(
            elementType: .float32, sampleShape: [928, 5], channels: names, slice: try NumPySlice.parse("900:"), selectedChannels: chosen,
            transform: transform, castTo: castTo))
        #expect(program.outputChannels == chosen && program.outputShape == [28, chosen.count])
        let positions = chosen.compactMap { names.firstIndex(of: $0) }
        let result = try row(program, [bytes(x)])
        let expected = (900..<928).flatMap { i in
          positions.enumerated().map { ordinal, c in
            let isDivided = transform.first.map { $0.channel == "*" || ordinal == 0 } ?? false
            let value = Double(x[5 * i + c])
            return castTo == .float64 ? (isDivided ? value / 3 : value) : Double(isDivided ? x[5 * i + c] / 3 : x[5 * i + c])
          }
        }
        #expect((castTo == .float64 ? values(result, Double.self) : values(result, Float.self).map(Double.init)) == expected)
      }
    }
  }

  /// More rows than a block, more axes than one, odd counts: every seam between runs, blocks and vectors.
  @Test(arguments: [[5000, 3], [70, 90, 2], [3, 5, 7, 11], [4097], [2, 3000], [1500, 1], [13, 17, 19]])
  func largeAndSmallShapes(_ shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let x = (0..<count).map { Float($0) - 100 }
    for (slice, keeps) in [
      ("...", { (_: Int) in true }), ("..., ::-1", { _ in true }), ("..., -1", { $0 % shape[shape.count - 1] == shape[shape.count - 1] - 1 }),
    ] {
      for castTo in [nil, ElementType.float64, .int32] {
        let program = try TensorProgram(
          TensorSpecification(
            elementType: .float32, sampleShape: shape, slice: try NumPySlice.parse(slice),
            transform: [ChannelTransform(channel: "*", operations: [.add(100), .multiply(2), .subtract(4)])], castTo: castTo))
        var expected = x.indices.filter(keeps).map { Double(x[$0] + 100) * 2 - 4 }
        if slice.hasSuffix("-1"), slice.contains(":") {
          let last = shape[shape.count - 1]
          expected = Swift.stride(from: 0, to: expected.count, by: last).flatMap { expected[$0..<$0 + last].reversed() }
        }
        let result = try row(program, [bytes(x)])
        switch castTo {
        case .float64: #expect(values(result, Double.self) == expected)
        case .int32: #expect(values(result, Int32.self).map(Double.init) == expected)
        default: #expect(values(result, Float.self).map(Double.init) == expected)
        }
      }
    }
  }

  @Test func stackedColumns() throws {
    typealias Column = TensorSpecification.Column
    let columns = [
      Column(elementType: .float64, sampleShape: []), Column(elementType: .int64, sampleShape: []), Column(elementType: .float32, sampleShape: []),
    ]
    let stored = [bytes([1.5]), bytes([Int64(-7)]), bytes([Float(2.25)])]
    let plain = try TensorProgram(TensorSpecification(stacking: columns, names: ["a", "b", "c"]))
    #expect(plain.outputShape == [3] && plain.outputType == .float64 && plain.inputByteCounts == [8, 8, 4] && plain.copiedRange == nil)
    #expect(values(try row(plain, stored), Double.self) == [1.5, -7, 2.25])

    let chosen = try TensorProgram(
      TensorSpecification(
        stacking: columns, names: ["a", "b", "c"], selectedChannels: ["c", "a"],
        transform: [ChannelTransform(channel: "c", operations: [.sinCos(.degrees)]), ChannelTransform(channel: "a", operations: [.multiply(2)])],
        castTo: .float32))
    #expect(chosen.outputChannels == ["c_sin", "c_cos", "a"] && !chosen.usesColumn(1))
    let result = values(try row(chosen, stored), Float.self)
    #expect(result == [Float(sineCosine(degrees: FloatVector(repeating: 2.25)).sine[0]), sineCosine(degrees: FloatVector(repeating: 2.25)).cosine[0], 3])

    let vectors = [Column](repeating: Column(elementType: .int16, sampleShape: [4]), count: 2)
    let matrix = try TensorProgram(TensorSpecification(stacking: vectors, names: ["x", "y"], slice: try NumPySlice.parse("1:3, ::-1")))
    #expect(matrix.outputShape == [2, 2] && matrix.outputChannels == ["y", "x"])
    #expect(values(try row(matrix, [bytes([1, 2, 3, 4] as [Int16]), bytes([5, 6, 7, 8] as [Int16])]), Int16.self) == [6, 2, 7, 3])

    let one = try TensorProgram(TensorSpecification(stacking: [Column(elementType: .float32, sampleShape: [])], names: ["a"]))
    #expect(one.outputShape == [1] && one.copiedRange == 0..<4)
  }

  @Test func transformsInTheOrderWritten() throws {
    let program = try TensorProgram(
      TensorSpecification(
        elementType: .float32, sampleShape: [2], channels: ["a", "b"],
        transform: [
          ChannelTransform(channel: "a", operations: [.add(1)]), ChannelTransform(channel: "*", operations: [.multiply(10)]),
          ChannelTransform(channel: "a", operations: [.sinCos(.degrees), .multiply(2)]), ChannelTransform(channel: "a_sin", operations: [.add(5)]),
        ]))
    #expect(program.outputChannels == ["a_sin", "a_cos", "b"])
    #expect(values(try row(program, [bytes([8, 3] as [Float])]), Float.self) == [7, 0, 30])
  }

  @Test func zeroTimesInfinityIsTheOneNaN() throws {
    let program = try TensorProgram(
      TensorSpecification(elementType: .float32, sampleShape: [2], transform: [ChannelTransform(channel: "*", operations: [.multiply(0)])]))
    #expect(values(try row(program, [bytes([Float.infinity, 5])]), UInt32.self) == [0x7FC0_0000, 0])
  }

  @Test func untouchedChannelsOfATransformedTensorStayExact() throws {
    let large = Int64(1) << 60 + 1
    let program = try TensorProgram(
      TensorSpecification(
        elementType: .int64, sampleShape: [2], channels: ["id", "x"], transform: [ChannelTransform(channel: "x", operations: [.divide(2)])], castTo: .int64))
    #expect(values(try row(program, [bytes([large, 9])]), Int64.self) == [large, 4])
  }
}
