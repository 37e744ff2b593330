// What the files of a batch of so many rows are before their rows are in.

internal import BatchCache
internal import ByteParsing
internal import NumPyFormat

/// Sizes, headers and charge of one batch's files. Full batches, all but the last, share one: making headers costs more than all else that is done for a small
/// batch, and it is done under the assembler's lock.
struct BatchLayout: Sendable {
  struct File: Sendable {
    let byteCount: Int
    /// What stands in it beside its rows.
    let fragments: [(byteOffset: Int, bytes: [UInt8])]
    /// The bytes that are written to it at once.
    let rowByteCount: Int

    /// False where a memory file could not grow.
    func writeFragments(to buffer: BatchBuffer) -> Bool {
      fragments.allSatisfy { buffer.write($0.bytes.rawSpan, at: $0.byteOffset) }
    }
  }
  /// One a file of the view; nil for those whose size only their values tell.
  let files: [File?]
  /// Where the rows of each sink begin.
  let payloadOffsets: [Int]
  private let charge: Int
  private let chargeInMemoryFiles: Int

  /// What the objects around a batch cost beside its bytes: the entry, its lists, its place in the table, its part of a pass.
  static let overheadByteCount = 768

  init(_ tensors: [TensorPlan], _ files: [BatchFile], _ sinks: [RowSink], _ values: ValuePlan?, rowCount: Int) {
    // Made only where it is shown: thousands of tensors have long names.
    let isArchived = files.contains { $0.content == .archive }
    let archive = NpzArchive(
      (isArchived ? tensors : []).map { NpzArchive.Member(name: $0.name, header: $0.header(rowCount: rowCount), payloadByteCount: rowCount * $0.rowByteCount) })
    self.files = files.map { file -> File? in
      switch file.content {
      case .tensor(let tensor):
        let plan = tensors[tensor]
        return File(byteCount: plan.byteCount(rowCount: rowCount), fragments: [(0, plan.header(rowCount: rowCount))], rowByteCount: plan.rowByteCount)
      case .archive: return File(byteCount: archive.byteCount, fragments: archive.fragments, rowByteCount: tensors.map(\.rowByteCount).min() ?? 1)
      case .offsets:
        let header = NpyHeader.bytes(elementType: .int64, shape: [rowCount + 1])
        return File(byteCount: header.count + 8 * (rowCount + 1), fragments: [(0, header)], rowByteCount: 8)
      case .elements, .lines: return nil
      }
    }
    payloadOffsets = sinks.map { sink in
      if case .archive = files[sink.file].content { return archive.payloadOffset(sink.tensor) }
      return tensors[sink.tensor].payloadOffset(rowCount: rowCount)
    }
    let guess = values.map { rowCount * $0.expectedRowByteCount + VariableRows.tableByteCount(partCount: $0.partCount, rowCount: rowCount) } ?? 0
    let byteCounts = self.files.map { $0?.byteCount ?? 0 }
    charge = byteCounts.reduce(Self.overheadByteCount + guess) { $0 + BatchBuffer.chargedByteCount($1, inMemoryFile: false) }
    chargeInMemoryFiles = byteCounts.reduce(Self.overheadByteCount + guess) { $0 + BatchBuffer.chargedByteCount($1, inMemoryFile: true) }
  }

  /// What a batch is charged with, all its files together; a guess where values tell sizes.
  func chargedByteCount(inMemoryFile: Bool) -> Int { inMemoryFile ? chargeInMemoryFiles : charge }
}
