// One read of a file of whole columns: header, rows or elements, piece after piece.

public import BatchCache
internal import ByteParsing
internal import Platform
internal import ShardStore

/// The bytes of an answer: a part of a decoded piece as it lies in memory, or bytes put together.
public enum ArrayBytes: Sendable {
  case piece(ChargedRegion, Range<Int>)
  case assembled(BatchBuffer)
  case none
}

/// Reads a range of a file. One step at a time, on whatever thread has what the step needs: no thread waits, and no more than one piece is held beside the answer.
/// Where there is no memory for the answer the read holds nothing and stands in line for it.
final class ArrayRead: Sendable {
  typealias Answer = @Sendable (Result<ArrayBytes, BatchError>) -> Void

  private let assembler: BatchAssembler
  private let plan: ArraysPlan
  private let key: ArrayKey
  private let file: ArrayFile
  private let table: ArrayTable
  /// Bytes of the file.
  private let range: Range<Int>
  private let answer: Answer
  private let progress: Lock<Progress>

  private struct Progress: Sendable {
    var buffer: BatchBuffer?
    /// The first entry that is not in the buffer.
    var nextEntry: Int
    /// When it found no memory first.
    var stalledSinceNanoseconds: UInt64?
    /// Whether it is the one of those in line that was let on.
    var isResumed = false
  }

  /// Room for an answer, beside the pieces it is made from; what the kernel asks for at once.
  static let longestByteCount = 2 << 20

  init(_ key: ArrayKey, of assembler: BatchAssembler, _ table: ArrayTable, _ range: Range<Int>, _ answer: @escaping Answer) {
    self.assembler = assembler
    self.key = key
    self.table = table
    self.range = range
    self.answer = answer
    plan = assembler.arrays[key.plan]
    file = plan.files.files[key.file]
    let payload = max(0, range.lowerBound - table.header.count)
    progress = Lock(Progress(buffer: nil, nextEntry: payload / max(1, table.entryByteCount)))
  }

  func run() {
    if range.isEmpty { return end(.success(.none)) }
    while let (piece, byteCount) = nextPiece() {
      let pieceKey = PieceKey(plan: key.plan, column: file.column, piece: piece)
      let isHolding = progress.withLock { $0.buffer != nil }
      guard let result = assembler.piece(pieceKey, serving: byteCount, isHolding: isHolding, { if self.take($0, piece) { self.run() } }) else { return }
      if !take(result, piece) { return }
    }
    finish()
  }

  /// The next piece that is needed, and how many bytes of the answer it has.
  private func nextPiece() -> (piece: Int, byteCount: Int)? {
    let entry = progress.withLock { $0.nextEntry }
    guard let piece = table.piece(ofEntry: entry), byteOffset(ofEntry: entry) < range.upperBound else { return nil }
    return (piece, (byteOffset(ofEntry: entry)..<byteOffset(ofEntry: table.entries(ofPiece: piece).upperBound)).clamped(to: range).count)
  }

  private func byteOffset(ofEntry entry: Int) -> Int { table.header.count + entry * table.entryByteCount }

  /// Takes what a piece has; false where the read is over.
  private func take(_ result: Result<ColumnPiece, BatchError>, _ number: Int) -> Bool {
    let piece: ColumnPiece
    switch result {
    case .failure(let error):
      end(.failure(error))
      return false
    case .success(let decoded): piece = decoded
    }
    let entries = table.entries(ofPiece: number)
    let whole = byteOffset(ofEntry: entries.lowerBound)..<byteOffset(ofEntry: entries.upperBound)
    let part = whole.clamped(to: range)
    // All that is asked for lies in memory as it is: it is sent from there.
    if part == range, let stored = table.stored(piece) {
      let begin = stored.lowerBound + part.lowerBound - whole.lowerBound
      end(.success(.piece(piece.region, begin..<begin + part.count)))
      return false
    }
    guard let buffer = buffer() else { return false }
    let local = part.lowerBound - whole.lowerBound..<part.upperBound - whole.lowerBound
    table.write(piece, number, bytes: local, into: buffer, at: part.lowerBound - range.lowerBound)
    progress.withLock { $0.nextEntry = entries.upperBound }
    return true
  }

  /// The answer's memory; nil where there is none: then the read is in line for it, or was answered.
  private func buffer() -> BatchBuffer? {
    if let buffer = progress.withLock({ $0.buffer }) { return buffer }
    if let buffer = makeBuffer() { return buffer }
    stall()
    return nil
  }

  private func makeBuffer() -> BatchBuffer? {
    let buffer = assembler.replyBuffer(byteCount: range.count)
    if let buffer { progress.withLock { $0.buffer = buffer } }
    return buffer
  }

  private func stall() {
    let since = progress.withLock { progress in
      let since = progress.stalledSinceNanoseconds ?? MonotonicClock.nanoseconds
      progress.stalledSinceNanoseconds = since
      return since
    }
    if !assembler.stall(self, ColumnKey(plan: key.plan, column: file.column), byteCount: range.count, since: since) { end(.failure(.stopping)) }
  }

  /// Goes on, with the answer's memory taken first. Called on a worker, for one read at a time.
  func resume(isLastTry: Bool) {
    progress.withLock { $0.isResumed = true }
    if makeBuffer() != nil { return run() }
    if isLastTry {
      end(.failure(.noMemory("the memory cap has no room for an answer of \(range.count) bytes, while other readers hold theirs; raise `memory`")))
    } else {
      leave()
      stall()
    }
  }

  /// Answers, once.
  func end(_ result: Result<ArrayBytes, BatchError>) {
    leave()
    answer(result)
  }

  /// Lets the next in line on.
  private func leave() {
    let wasResumed = progress.withLock { progress in
      defer { progress.isResumed = false }
      return progress.isResumed
    }
    if wasResumed { assembler.stalledReadEnded() }
  }

  /// What no piece has: the header, and the last offset.
  private func finish() {
    guard let buffer = buffer() else { return }
    let header = (0..<table.header.count).clamped(to: range)
    let headerBytes = table.header
    if !header.isEmpty { _ = buffer.write(headerBytes.rawSpan.extracting(header), at: header.lowerBound - range.lowerBound) }
    if let last = table.lastEntry {
      let begin = byteOffset(ofEntry: table.entryCount - 1)
      let part = (begin..<begin + 8).clamped(to: range)
      if !part.isEmpty {
        _ = buffer.write(last.rawSpan.extracting(part.lowerBound - begin..<part.upperBound - begin), at: part.lowerBound - range.lowerBound)
      }
    }
    end(.success(.assembled(buffer)))
  }
}
