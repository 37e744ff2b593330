// Runs a program: the bounds are checked here, once for each sample, and nowhere below.

internal import NumPyFormat

extension TensorProgram {
  /// Makes the row of one sample, or the part of it that comes from one column of a stacked tensor.
  ///
  /// A stacked tensor's row is whole when every column for which `usesColumn` is true has been run on it, in any order.
  /// - Parameters:
  ///   - column: the ordinal of the column in the specification.
  ///   - input: bytes that hold the column's sample from `inputOffset` on.
  ///   - output: bytes that have room for the row at `outputOffset`.
  /// - Throws: `.notRepresentable` for a value that the tensor's type cannot hold; `.inputTooShort`. The row is then unfinished.
  /// - Precondition: `column` is one of the program's; the row lies inside `output`.
  public func run(
    column: Int = 0, input: RawSpan, inputOffset: Int, output: inout MutableRawSpan, outputOffset: Int, scratch: TensorScratch
  ) throws(TensorValueError) {
    let needed = inputByteCounts[column]
    guard inputOffset >= 0, input.byteCount >= needed, inputOffset <= input.byteCount - needed else {
      throw .inputTooShort(byteCount: max(0, input.byteCount - max(0, inputOffset)), needed: needed)
    }
    requireRoom(in: output, at: outputOffset)

    let failure = unsafe input.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { target -> PlaneGroup.Failure? in
        // Sound: both have at least one byte, since no shape is empty, and a whole sample and row from the offsets on, as checked above; the
        // scratch is reserved for the largest group and used by this thread alone, being neither Sendable nor reentrant here.
        guard let input = source.baseAddress, let output = target.baseAddress else { return nil }
        return unsafe run(columns[column], input + inputOffset, output + outputOffset, scratch)
      }
    }
    if let failure { throw error(failure) }
  }

  /// The same of a sample that is null: its values enter the tensor as NaN.
  /// - Returns: false where the tensor's type has no value for one of them. The row is then unfinished.
  /// - Precondition: as `run`'s.
  public func runNull(column: Int = 0, output: inout MutableRawSpan, outputOffset: Int, scratch: TensorScratch) -> Bool {
    requireRoom(in: output, at: outputOffset)
    let program = columns[column]
    guard program.takesNull else { return false }
    return unsafe output.withUnsafeMutableBytes { target in
      // Sound: as `run`; nothing is read of any sample.
      guard let output = target.baseAddress else { return false }
      let memory = unsafe scratch.reserve(scratchByteCount)
      return program.groups.allSatisfy { unsafe $0.runNull(output + outputOffset, memory) == nil }
    }
  }

  private func requireRoom(in output: borrowing MutableRawSpan, at outputOffset: Int) {
    precondition(outputOffset >= 0 && output.byteCount >= outputByteCount && outputOffset <= output.byteCount - outputByteCount, "the row does not fit")
  }

  @inline(__always) @unsafe
  private func run(
    _ program: ColumnProgram, _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ scratch: TensorScratch
  ) -> PlaneGroup.Failure? {
    // Sound: as the caller says.
    for task in program.copies { unsafe task.run(input, output) }
    if program.groups.isEmpty { return nil }
    let memory = unsafe scratch.reserve(scratchByteCount)
    for group in program.groups {
      if let failure = unsafe group.run(input, output, memory) { return failure }
    }
    return nil
  }

  private func error(_ failure: PlaneGroup.Failure) -> TensorValueError {
    var rest = failure.outputOffset / outputType.byteCount
    var position: [Int] = []
    for length in outputShape.reversed() {
      position.insert(rest % length, at: 0)
      rest /= length
    }
    let channel = outputChannels.flatMap { names in position.last.map { names[$0] } }
    return .notRepresentable(value: failure.value, position: position, channel: channel, target: outputType)
  }
}
