// What is left to do of a batch when all its rows are there: headers of memory files, checksums of archives, and the files whose sizes the rows tell.

internal import BatchCache
internal import ByteParsing
internal import Checksums
internal import NumPyFormat

struct BatchFinishing {
  let view: ViewPlan
  let rowCount: Int
  let buffers: [BatchBuffer?]
  let rows: VariableRows?
  let partFailures: [BatchPart: BatchError]
  let overhead: SharedCharge?
  let inMemoryFile: Bool
  let budget: MemoryBudget
  /// Asked to have so many bytes freed.
  let makeRoom: (Int) -> Void

  /// The batch's files, complete, but for those that cannot show all rows; nil where there is no memory for them. Called by one thread, without a lock.
  func finish() -> [Batch.File]? {
    let layout = view.layout(rowCount: rowCount)
    var files: [Batch.File] = []
    for (place, file) in view.files.enumerated() {
      if let error = file.failure(partFailures) {
        files.append(.failure(error))
        continue
      }
      if let buffer = buffers[place], let known = layout.files[place], buffer.isWrittenToFile, !known.writeFragments(to: buffer) { return nil }
      guard let buffer = self.file(file.content, buffers[place]) else { return nil }
      files.append(.success(buffer))
    }
    return files
  }

  private func file(_ content: BatchFile.Content, _ buffer: BatchBuffer?) -> BatchBuffer? {
    switch content {
    case .tensor: buffer
    case .archive: buffer.flatMap(addChecksums)
    case .offsets(let part): buffer.flatMap { addOffsets(part, to: $0) }
    case .elements(let part): elements(part)
    case .lines: lines()
    }
  }

  private func addChecksums(to buffer: BatchBuffer) -> BatchBuffer? {
    let archive = view.archive(rowCount: rowCount)
    for member in archive.members.indices {
      var checksum: UInt32 = 0
      let range = archive.checkedRange(member)
      // Piece by piece: of memory files each is a copy.
      for begin in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
        buffer.withBytes(begin..<min(range.upperBound, begin + 1 << 20)) { checksum = CRC32.checksum($0, continuing: checksum) }
      }
      for byteOffset in archive.checksumOffsets(member) {
        guard write((0..<4).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) }, to: buffer, at: byteOffset) else { return nil }
      }
    }
    return buffer
  }

  private func addOffsets(_ part: Int, to buffer: BatchBuffer) -> BatchBuffer? {
    guard let rows, let values = view.values else { return nil }
    let elementByteCount = values.ragged[part].elementType.byteCount
    let bytes = rows.starts(ofPart: part).flatMap { start in (0..<8).map { UInt8(truncatingIfNeeded: (start / elementByteCount) >> (8 * $0)) } }
    return write(bytes, to: buffer, at: buffer.byteCount - bytes.count) ? buffer : nil
  }

  private func elements(_ part: Int) -> BatchBuffer? {
    guard let rows, let values = view.values, let total = rows.starts(ofPart: part).last else { return nil }
    let type = values.ragged[part].elementType
    let header = NpyHeader.bytes(elementType: type, shape: [total / type.byteCount])
    guard let buffer = made(header.count + total), write(header, to: buffer, at: 0) else { return nil }
    return rows.write(part: part, into: buffer, at: header.count) ? buffer : nil
  }

  private func lines() -> BatchBuffer? {
    guard let rows, let values = view.values, let total = rows.starts(ofPart: values.ragged.count).last, let buffer = made(total) else { return nil }
    return rows.write(part: values.ragged.count, into: buffer, at: 0) ? buffer : nil
  }

  private func made(_ byteCount: Int) -> BatchBuffer? {
    if let buffer = BatchBuffer(byteCount: byteCount, rowByteCount: 1, inMemoryFile: inMemoryFile, budget: budget) { return buffer }
    makeRoom(BatchBuffer.chargedByteCount(byteCount, inMemoryFile: inMemoryFile))
    return BatchBuffer(byteCount: byteCount, rowByteCount: 1, inMemoryFile: inMemoryFile, budget: budget)
  }

  private func write(_ bytes: [UInt8], to buffer: BatchBuffer, at byteOffset: Int) -> Bool {
    buffer.write(bytes.rawSpan, at: byteOffset)
  }
}

extension ViewPlan {
  /// The archive of a batch of `rowCount` rows.
  func archive(rowCount: Int) -> NpzArchive {
    NpzArchive(tensors.map { NpzArchive.Member(name: $0.name, header: $0.header(rowCount: rowCount), payloadByteCount: rowCount * $0.rowByteCount) })
  }

  /// Whether something is left to do when the last row of a batch was written.
  var isFinishedLast: Bool { files.contains(where: \.isFinishedLast) }
}
