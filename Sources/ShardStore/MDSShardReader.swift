// One MDS shard from disk to its raw bytes: size, hashes, decompression.

internal import BatchCache
internal import Checksums
internal import Compression
internal import MDSFormat
internal import Platform

/// What is wrong with a shard, as a sentence.
enum MDSReadError: Error, CustomStringConvertible {
  case system(SystemError)
  case compression(CompressionError)
  case format(MDSError)
  case checksum(ChecksumError)
  case other(String)

  var description: String {
    switch self {
    case .system(let error): "\(error.call): \(error.reason)"
    case .compression(let error): "\(error)"
    case .format(let error): "\(error)"
    case .checksum(let error): "\(error)"
    case .other(let message): message
    }
  }
}

struct MDSShardReader {
  let path: String
  let entry: MDSShardEntry
  /// The file as it was at the mount.
  let seen: FileIdentity?
  let verification: Verification

  /// Leaves the raw shard in the workspace's output: `entry.raw.byteCount` bytes.
  func read(with workspace: DecodeWorkspace) throws(MDSReadError) {
    let file = try open()
    let found: FileIdentity
    do throws(SystemError) { found = try file.identity() } catch { throw .system(error) }
    let expected = entry.file.byteCount
    guard found.byteCount == expected else { throw .other("the file has \(found.byteCount) bytes, but the index says \(expected); copy it again") }
    if let seen, seen != found { throw .other("the file was changed since the mount; mount again to serve the new one") }

    guard let stored = entry.stored else {
      try fill(workspace.output.region, from: file, byteCount: expected)
      try check(entry.raw, workspace.output.region)
      return
    }
    guard let input = workspace.input?.region, input.byteCount >= stored.byteCount, workspace.output.region.byteCount >= entry.raw.byteCount else {
      throw .other("the shard is larger than any the index names")
    }
    try fill(input, from: file, byteCount: stored.byteCount)
    try check(stored, input)
    let inputBytes = input.bytes
    let compressed = inputBytes.extracting(first: stored.byteCount)
    do throws(CompressionError) {
      try workspace.output.region.withMutableBytes(0..<entry.raw.byteCount) { (target) throws(CompressionError) in
        try workspace.decompressor.decompress(compressed, codec: entry.codec, filling: &target)
      }
    } catch {
      throw .compression(error)
    }
    try check(entry.raw, workspace.output.region)
  }

  private func open() throws(MDSReadError) -> InputFile {
    do throws(SystemError) { return try InputFile(opening: path) } catch { throw .system(error) }
  }

  private func fill(_ region: MappedRegion, from file: borrowing InputFile, byteCount: Int) throws(MDSReadError) {
    guard region.byteCount >= byteCount else { throw .other("the shard is larger than any the index names") }
    let received: Int
    do throws(SystemError) {
      received = try region.withMutableBytes(0..<byteCount) { (target) throws(SystemError) in try file.read(into: &target, from: 0) }
    } catch {
      throw .system(error)
    }
    guard received == byteCount else { throw .other("the file ended after \(received) of \(byteCount) bytes while it was read") }
  }

  /// Compares the recorded hashes that are to be checked.
  private func check(_ file: MDSFileEntry, _ region: MappedRegion) throws(MDSReadError) {
    let all = region.bytes
    let bytes = all.extracting(first: file.byteCount)
    for hash in file.hashes {
      switch verification {
      case .never: continue
      case .auto: if !hash.algorithm.isFast { continue }
      case .always: break
      }
      let found: Digest
      do throws(ChecksumError) { found = try hash.algorithm.digest(of: bytes) } catch { throw .checksum(error) }
      guard found == hash.digest else {
        throw .other(
          "\(hash.algorithm.name) of \(file.basename) (bytes 0 to \(bytes.byteCount)) is \(found), but the index says \(hash.digest); the data is damaged, copy it again"
        )
      }
    }
  }
}
