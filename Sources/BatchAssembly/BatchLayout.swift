// What the files of a batch of so many rows are before their rows are in.

internal import BatchCache

/// Sizes, headers and charge of one batch's files. Full batches, all but the last, share one: making headers costs more than all else that is done for a small
/// batch, and it is done under the assembler's lock.
struct BatchLayout: Sendable {
  struct File: Sendable {
    let byteCount: Int
    let header: [UInt8]
  }
  /// One a tensor.
  let files: [File]
  /// Where the rows of each begin.
  let payloadOffsets: [Int]
  private let charge: Int
  private let chargeInMemoryFiles: Int

  /// What the objects around a batch cost beside its bytes: the entry, its lists, its place in the table, its part of a pass.
  static let overheadByteCount = 768

  init(_ tensors: [TensorPlan], rowCount: Int) {
    files = tensors.map { File(byteCount: $0.byteCount(rowCount: rowCount), header: $0.header(rowCount: rowCount)) }
    payloadOffsets = tensors.map { $0.payloadOffset(rowCount: rowCount) }
    charge = files.reduce(Self.overheadByteCount) { $0 + BatchBuffer.chargedByteCount($1.byteCount, inMemoryFile: false) }
    chargeInMemoryFiles = files.reduce(Self.overheadByteCount) { $0 + BatchBuffer.chargedByteCount($1.byteCount, inMemoryFile: true) }
  }

  /// What a batch is charged with, all its files together.
  func chargedByteCount(inMemoryFile: Bool) -> Int { inMemoryFile ? chargeInMemoryFiles : charge }
}
