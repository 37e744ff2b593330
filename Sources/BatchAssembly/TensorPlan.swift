// One file of every batch: which columns it is made from, by which program, and its exact bytes but for the rows.

internal import NumPyFormat
public import TensorPrograms

public struct TensorPlan: Sendable {
  public let name: String
  /// Places in the view's list of decoded columns.
  public let inputs: [Int]
  public let program: TensorProgram

  public init(name: String, inputs: [Int], program: TensorProgram) {
    self.name = name
    self.inputs = inputs
    self.program = program
  }

  /// Bytes of one row.
  public var rowByteCount: Int { program.outputByteCount }

  /// The `.npy` header of a file of `rowCount` rows.
  public func header(rowCount: Int) -> [UInt8] { NpyHeader.bytes(elementType: program.outputType, shape: [rowCount] + program.outputShape) }

  /// Where the first row of a file of `rowCount` rows begins.
  public func payloadOffset(rowCount: Int) -> Int { NpyHeader.byteCount(elementType: program.outputType, shape: [rowCount] + program.outputShape) }

  /// The exact size of a file of `rowCount` rows.
  public func byteCount(rowCount: Int) -> Int { payloadOffset(rowCount: rowCount) + rowCount * rowByteCount }
}
