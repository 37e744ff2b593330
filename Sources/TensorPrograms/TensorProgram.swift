// A tensor specification, compiled: what every sample's run needs, decided once.

public import NumPyFormat

/// Turns the bytes of one sample into one row of a tensor.
public struct TensorProgram: Sendable {
  /// Of one row, without the batch axis.
  public let outputShape: [Int]
  public let outputType: ElementType
  /// The names of the last axis of the result, where it has any.
  public let outputChannels: [String]?
  public let outputByteCount: Int
  /// The bytes of one sample of each column.
  public let inputByteCounts: [Int]
  /// The bytes of the sample that are the row, when nothing has to be done to them: then nobody need call `run`.
  public let copiedRange: Range<Int>?
  /// The most that `run` reserves of its scratch.
  public let scratchByteCount: Int

  /// What is done with the bytes of one column.
  struct ColumnProgram: Sendable {
    var copies: [CopyTask] = []
    var groups: [PlaneGroup] = []

    /// Whether a null may have a counterpart: whatever is copied has none, since types with a value for null need nobody's help.
    var takesNull: Bool { copies.isEmpty && groups.allSatisfy(\.takesNaN) }
  }
  let columns: [ColumnProgram]

  /// More bytes than this are no sample: shapes come from files.
  public static let byteCountLimit = 1 << 40
  /// More channels than this are not transformed one by one.
  public static let channelLimit = 65_536

  /// - Throws: what is impossible in `specification`.
  public init(_ specification: TensorSpecification) throws(TensorProgramError) {
    try specification.requireNumbers()
    let layout = try SampleLayout(specification)
    let plan = try ChannelPlan(specification, layout)
    self = ProgramBuilder(specification, layout, plan).build()
  }

  init(
    outputShape: [Int], outputType: ElementType, outputChannels: [String]?, inputByteCounts: [Int], columns: [ColumnProgram]
  ) {
    self.outputShape = outputShape
    self.outputType = outputType
    self.outputChannels = outputChannels
    self.inputByteCounts = inputByteCounts
    self.columns = columns
    outputByteCount = outputShape.reduce(outputType.byteCount, *)
    scratchByteCount = columns.flatMap(\.groups).map(\.scratchByteCount).max() ?? 0
    if columns.count == 1, columns[0].groups.isEmpty, columns[0].copies.count == 1, columns[0].copies[0].axes.isEmpty {
      let task = columns[0].copies[0]
      copiedRange = task.inputOffset..<task.inputOffset + task.blockByteCount
    } else {
      copiedRange = nil
    }
  }

  /// The number of columns whose rows `run` takes; 1 unless the tensor is stacked.
  public var columnCount: Int { columns.count }
  /// The bytes of one sample of the only or first column.
  public var inputByteCount: Int { inputByteCounts[0] }

  /// False for a column of a stacked tensor that the slice or the choice of channels leaves out: it need not be read, nor run.
  public func usesColumn(_ column: Int) -> Bool { !columns[column].copies.isEmpty || !columns[column].groups.isEmpty }

  /// Whether a null of a column cannot be shown, for certain.
  public func refusesNull(column: Int) -> Bool {
    let program = columns[column]
    return !program.copies.isEmpty && !outputType.hasNullValue || program.groups.contains { !$0.takesNaN || $0.losesNaN }
  }

  /// The type that would have NaN beside the tensor's values, as NumPy promotes it; nil where those are no numbers.
  public var typeWithNaN: ElementType? { outputType.isNumber ? promoted(.float32, outputType) : nil }
}
