// The footers of a data set's files: all were read at the mount, some are kept.

internal import ParquetFormat
internal import ParquetReading
internal import Platform

/// The files of a data set, in order. Footers are kept while they are small together; others are read again when they are wanted.
final class ParquetFiles: Sendable {
  let paths: [String]
  /// Size and time of each as seen when its footer was first read.
  private let identities: [FileIdentity]
  private let kept: Lock<Kept>

  private struct Kept: Sendable {
    var files: [Int: (file: ParquetFile, use: UInt64)] = [:]
    var byteCount = 0
    var useCount: UInt64 = 0
  }

  /// Footers of so many bytes are kept together, as parsed about twice that.
  private static let keptByteLimit = 16 << 20

  init(_ files: [ParquetFile], paths: [String], identities: [FileIdentity]) {
    self.paths = paths
    self.identities = identities
    kept = Lock(Kept())
    for (index, file) in files.enumerated() { keep(file, index) }
  }

  /// The file numbered `index`, its footer read again where it was not kept.
  /// - Throws: also where it is not the one that was seen at the mount.
  func file(_ index: Int) throws(ParquetReadError) -> ParquetFile {
    if let found = kept(index) { return found }
    let file = try ParquetFile(reading: paths[index])
    guard file.identity == identities[index] else {
      throw .contradiction("the file was changed since the mount; mount again to serve the new one", byteOffset: 0)
    }
    keep(file, index)
    return file
  }

  /// The file numbered `index` where its footer is in memory.
  func kept(_ index: Int) -> ParquetFile? {
    kept.withLock { kept in
      kept.useCount += 1
      kept.files[index]?.use = kept.useCount
      return kept.files[index]?.file
    }
  }

  private func keep(_ file: ParquetFile, _ index: Int) {
    kept.withLock { kept in
      guard kept.files[index] == nil else { return }
      kept.byteCount += file.metadata.footerByteCount
      kept.useCount += 1
      kept.files[index] = (file, kept.useCount)
      while kept.byteCount > Self.keptByteLimit, kept.files.count > 1, let oldest = kept.files.min(by: { $0.value.use < $1.value.use }) {
        kept.byteCount -= oldest.value.file.metadata.footerByteCount
        kept.files[oldest.key] = nil
      }
    }
  }
}
