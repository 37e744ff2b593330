// A small MDS data set written for one test, whose values are a function of the sample's number.

import MDSFormat
import NumPyFormat

enum TestDataSet {
  /// `features`: bytes, 4 x 3 float32; `id`: int; `label`: int16; `name`: text.
  static let columns = [
    MDSColumn(name: "features", encoding: .bytes, fixedByteCount: nil), MDSColumn(name: "id", encoding: .int, fixedByteCount: 8),
    MDSColumn(name: "label", encoding: .scalar(.int16), fixedByteCount: 2), MDSColumn(name: "name", encoding: .string, fixedByteCount: nil),
  ]

  static func feature(_ sample: Int, _ step: Int, _ channel: Int) -> Float { Float(sample) + Float(step) / 4 - 50 * Float(channel) }
  static func label(_ sample: Int) -> Int16 { Int16(truncatingIfNeeded: sample &* 31 % 1000 - 500) }

  static func features(_ sample: Int) -> [UInt8] {
    (0..<4).flatMap { step in (0..<3).flatMap { littleEndian(UInt64(feature(sample, step, $0).bitPattern), 4) } }
  }

  static func fields(_ sample: Int) -> [[UInt8]] {
    [
      features(sample), littleEndian(UInt64(sample), 8), littleEndian(UInt64(UInt16(bitPattern: label(sample))), 2),
      Array(("sample \(sample)" + String(repeating: "é", count: sample % 5)).utf8),
    ]
  }

  /// Writes samples `first ..< first + count` into the new folder `path`; `level` of zstd, nil for none.
  static func write(to path: String, first: Int = 0, count: Int, level: Int? = nil, sizeLimit: Int = 1500) throws {
    try TestFiles.makeFolder(path)
    var writer = try MDSShardWriter(columns: columns, compressionLevel: level, sizeLimit: sizeLimit)
    var shards: [MDSWrittenShard] = []
    for sample in first..<first + count { if let shard = try writer.append(fields(sample)) { shards.append(shard) } }
    if let shard = try writer.finishShard() { shards.append(shard) }
    for shard in shards { try TestFiles.write(shard.bytes, to: "\(path)/\(shard.basename)") }
    try TestFiles.write(writer.indexBytes(), to: "\(path)/index.json")
  }
}

/// The lowest `byteCount` bytes of a number, lowest first.
func littleEndian(_ bits: UInt64, _ byteCount: Int) -> [UInt8] { (0..<byteCount).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) } }
