// One stored file from disk to its raw bytes: read, hashed and decompressed piece by piece, so that every byte is used while it is in the cache.

internal import BatchCache
internal import Checksums
internal import Compression
internal import MDSFormat
internal import Platform
internal import TextShardFormat

/// What is wrong with a shard, as a sentence.
enum MDSReadError: Error, CustomStringConvertible {
  case system(SystemError)
  case compression(CompressionError)
  case format(MDSError)
  case text(TextShardError)
  case checksum(ChecksumError)
  /// The cap has no room for so many bytes.
  case noMemory(Int)
  case other(String)

  var description: String {
    switch self {
    case .system(let error): "\(error.call): \(error.reason)"
    case .compression(let error): "\(error)"
    case .format(let error): "\(error)"
    case .text(let error): "\(error)"
    case .checksum(let error): "\(error)"
    case .noMemory(let byteCount): "the memory cap has no room for \(ItemCount.text(byteCount, "more byte"))"
    case .other(let message): message
    }
  }
}

struct MDSShardReader {
  let path: String
  let entry: MDSStoredFile
  /// The file as it was at the mount.
  let seen: FileIdentity?
  let verification: Verification

  /// So much of the file is read at once.
  static let inputByteCount = 1 << 20
  /// So much is decompressed at once; the decompressed bytes fit into a processor's second cache.
  private static let pieceByteCount = 128 << 10

  /// Leaves the raw bytes in the workspace's output, from `start` on: `entry.raw.byteCount` of them. `onBytes` is told how many are there, as they come.
  func read(with workspace: DecodeWorkspace, at start: Int = 0, onBytes: (Int) throws(MDSReadError) -> Void) throws(MDSReadError) {
    try readBeginning(with: workspace, at: start) { (byteCount) throws(MDSReadError) in
      try onBytes(byteCount)
      return true
    }
  }

  /// The same until `wantsMore` says no; of a file with hashes to compare to its end, since they are of the whole.
  func readBeginning(with workspace: DecodeWorkspace, at start: Int = 0, wantsMore: (Int) throws(MDSReadError) -> Bool) throws(MDSReadError) {
    let file = try open()
    try checkIdentity(of: file)
    let output = workspace.output.region
    guard output.byteCount - start >= entry.raw.byteCount else { throw .other("the shard is larger than any the index names") }
    let stored = try FileHashes(entry.file, verification)
    let raw = try FileHashes(entry.stored == nil ? nil : entry.raw, verification)
    try begin(workspace.decompressor)
    var readByteCount = 0
    var rawByteCount = 0
    while readByteCount < entry.file.byteCount {
      let count = min(Self.inputByteCount, entry.file.byteCount - readByteCount)
      try fill(workspace.input.region, from: file, byteOffset: readByteCount, byteCount: count)
      for begin in stride(from: 0, to: count, by: Self.pieceByteCount) {
        let piece = begin..<min(count, begin + Self.pieceByteCount)
        try stored.update(workspace.input.region, piece)
        let before = rawByteCount
        rawByteCount = try decompress(workspace.input.region, piece, into: output, at: start, workspace.decompressor)
        try raw.update(output, start + before..<start + rawByteCount)
        if try !wantsMore(rawByteCount), stored.isEmpty, raw.isEmpty { return }
      }
      readByteCount += count
    }
    do throws(CompressionError) { try workspace.decompressor.end(expecting: entry.raw.byteCount) } catch { throw .compression(error) }
    try stored.compare()
    try raw.compare()
  }

  private func open() throws(MDSReadError) -> InputFile {
    do throws(SystemError) { return try InputFile(opening: path) } catch { throw .system(error) }
  }

  private func begin(_ decompressor: Decompressor) throws(MDSReadError) {
    do throws(CompressionError) { try decompressor.begin(entry.stored == nil ? .none : entry.codec) } catch { throw .compression(error) }
  }

  private func checkIdentity(of file: borrowing InputFile) throws(MDSReadError) {
    let found: FileIdentity
    do throws(SystemError) { found = try file.identity() } catch { throw .system(error) }
    let expected = entry.file.byteCount
    guard found.byteCount == expected else {
      throw .other("the file has \(ItemCount.text(found.byteCount, "byte")), but the index says \(expected); copy it again")
    }
    if let seen, seen != found { throw .other("the file was changed since the mount; mount again to serve the new one") }
  }

  private func fill(_ region: MappedRegion, from file: borrowing InputFile, byteOffset: Int, byteCount: Int) throws(MDSReadError) {
    let received: Int
    do throws(SystemError) {
      received = try region.withMutableBytes(0..<byteCount) { (target) throws(SystemError) in try file.read(into: &target, from: byteOffset) }
    } catch {
      throw .system(error)
    }
    guard received == byteCount else { throw .other("the file ended after \(byteOffset + received) of \(entry.file.byteCount) bytes while it was read") }
  }

  private func decompress(
    _ input: MappedRegion, _ piece: Range<Int>, into output: MappedRegion, at start: Int, _ decompressor: Decompressor
  ) throws(MDSReadError) -> Int {
    let bytes = input.bytes
    do throws(CompressionError) {
      return try output.withMutableBytes(start..<start + entry.raw.byteCount) { (target) throws(CompressionError) in
        try decompressor.feed(bytes.extracting(piece), into: &target)
      }
    } catch {
      throw .compression(error)
    }
  }
}
