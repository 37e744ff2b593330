// index.json from disk to table.

internal import ByteParsing
internal import MDSFormat
internal import Platform

enum MDSIndexFile {
  /// 50 million shards of 1 KiB each would be more; no index seen has over 100 MiB.
  static let byteLimit = 4 << 30

  static func read(_ path: String) throws(SourceError) -> MDSIndex {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try InputFile.contents(of: path, limit: byteLimit) } catch { throw SourceError(.path, "\(error)") }
    do throws(MDSError) {
      return try MDSIndex(parsing: bytes.rawSpan)
    } catch {
      throw SourceError(.path, "\(path): \(error)")
    }
  }
}
