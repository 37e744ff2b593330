// The recorded hashes of one file, computed while it is read.

internal import Checksums
internal import MDSFormat
internal import Platform

/// Those hashes of a file that `verify` asks for, each with what it should be.
struct FileHashes {
  private let basename: String
  private let hashes: [Running]

  private final class Running {
    let expected: MDSHash
    private let hasher: StreamingHasher

    init(_ expected: MDSHash) throws(ChecksumError) {
      self.expected = expected
      hasher = try StreamingHasher(expected.algorithm)
    }

    func update(_ bytes: RawSpan) throws(ChecksumError) { try hasher.update(bytes) }

    func finish() throws(ChecksumError) -> Digest { try hasher.finish() }
  }

  /// Nothing is hashed where there is no file. One fast hash is as good as several.
  init(_ file: MDSFileEntry?, _ verification: Verification) throws(MDSReadError) {
    basename = file?.basename ?? ""
    let recorded = file?.hashes ?? []
    let wanted: [MDSHash] =
      switch verification {
      case .never: []
      case .auto: Array(recorded.filter { $0.algorithm.isFast }.prefix(1))
      case .always: recorded
      }
    var hashes: [Running] = []
    do throws(ChecksumError) { for hash in wanted { hashes.append(try Running(hash)) } } catch { throw .checksum(error) }
    self.hashes = hashes
  }

  /// Nothing is compared.
  var isEmpty: Bool { hashes.isEmpty }

  func update(_ region: MappedRegion, _ range: Range<Int>) throws(MDSReadError) {
    if hashes.isEmpty || range.isEmpty { return }
    let bytes = region.bytes
    do throws(ChecksumError) { for hash in hashes { try hash.update(bytes.extracting(range)) } } catch { throw .checksum(error) }
  }

  /// Fails for the first that is not as recorded.
  func compare() throws(MDSReadError) {
    for hash in hashes {
      let found: Digest
      do throws(ChecksumError) { found = try hash.finish() } catch { throw .checksum(error) }
      guard found == hash.expected.digest else {
        throw .other(
          "\(hash.expected.algorithm.name) of \(basename) is \(found), but the index says \(hash.expected.digest); the data is damaged, copy it again")
      }
    }
  }
}
