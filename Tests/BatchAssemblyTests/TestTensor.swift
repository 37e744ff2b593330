// Tensors of the fake source's columns, each with a model of its rows that is written without the code under test.

import NumPyFormat
import TensorPrograms

@testable import BatchAssembly

/// Every view of these tests decodes all columns of the source, so `inputs` are the source's ordinals.
struct TestTensor: Sendable {
  let plan: TensorPlan
  let elementType: ElementType
  let shape: [Int]
  /// The bytes of the row of a stored sample.
  let row: @Sendable (Int) -> [UInt8]

  /// Copied as it is stored.
  static func id(_ name: String = "id") throws -> TestTensor {
    let program = try TensorProgram(TensorSpecification(elementType: .int64, sampleShape: []))
    return TestTensor(plan: TensorPlan(name: name, inputs: [0], program: program), elementType: .int64, shape: []) { FakeSource.value(column: 0, sample: $0) }
  }

  static func track() throws -> TestTensor {
    let program = try TensorProgram(TensorSpecification(elementType: .float32, sampleShape: [4, 3], channels: ["x", "y", "z"]))
    return TestTensor(plan: TensorPlan(name: "track", inputs: [1], program: program), elementType: .float32, shape: [4, 3]) {
      FakeSource.value(column: 1, sample: $0)
    }
  }

  /// Sliced, its channels chosen, one of them transformed.
  static func part() throws -> TestTensor {
    let specification = TensorSpecification(
      elementType: .float32, sampleShape: [4, 3], channels: ["x", "y", "z"], slice: try NumPySlice.parse("1:"), selectedChannels: ["z", "x"],
      transform: [ChannelTransform(channel: "z", operations: [.multiply(2)])])
    return TestTensor(plan: TensorPlan(name: "part", inputs: [1], program: try TensorProgram(specification)), elementType: .float32, shape: [3, 2]) { sample in
      var bytes: [UInt8] = []
      for step in 1..<4 {
        let x = Float(sample * 100 + step * 3)
        let z = Float(sample * 100 + step * 3 + 2)
        for value in [z * 2, x] { bytes += littleEndian(UInt64(value.bitPattern), 4) }
      }
      return bytes
    }
  }

  /// Two columns stacked, then cast.
  static func pair() throws -> TestTensor {
    let column = TensorSpecification.Column(elementType: .float32, sampleShape: [])
    let specification = TensorSpecification(stacking: [column, column], names: ["b", "a"], castTo: .float64)
    return TestTensor(plan: TensorPlan(name: "pair", inputs: [3, 2], program: try TensorProgram(specification)), elementType: .float64, shape: [2]) { sample in
      [-Double(sample), Double(sample) / 2].flatMap { littleEndian($0.bitPattern, 8) }
    }
  }

  /// The value does not fit into int8 from sample 128 on.
  static func narrow(_ name: String = "narrow") throws -> TestTensor {
    let program = try TensorProgram(TensorSpecification(elementType: .int64, sampleShape: [], castTo: .int8))
    return TestTensor(plan: TensorPlan(name: name, inputs: [0], program: program), elementType: .int8, shape: []) { [UInt8(truncatingIfNeeded: $0)] }
  }

  static func all() throws -> [TestTensor] { [try id(), try track(), try part(), try pair()] }
}
