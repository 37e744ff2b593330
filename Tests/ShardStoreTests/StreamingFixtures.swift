// What mosaicml-streaming's own writers wrote (Tests/Fixtures/write_streaming_fixtures.py), and what a reader must find in it.

import BatchCache
import Foundation
import Platform
import SampleOrder

@testable import ShardStore

enum StreamingFixtures {
  static var folder: String { "\(TestFiles.fixtures)/streaming" }

  struct Expected: Decodable {
    let columns: [String: String]
    /// Base64 of each stored value.
    let samples: [[String: String]]
  }

  static func expected() throws -> Expected { try JSONDecoder().decode(Expected.self, from: Data(TestFiles.bytes("\(folder)/expected.json"))) }

  struct Row {
    let n: Int64
    let text: String
    let x: Double
    let é: String
  }

  static func rows() throws -> [Row] {
    // Python spells infinities as JSON has them not.
    var text = String(decoding: try TestFiles.bytes("\(folder)/rows.json"), as: UTF8.self)
    text = text.replacingOccurrences(of: "-Infinity", with: "\"-inf\"").replacingOccurrences(of: "Infinity", with: "\"inf\"")
    let rows = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
    return rows.map { row in
      let x = (row["x"] as? String).flatMap(Double.init) ?? (row["x"] as? NSNumber)?.doubleValue ?? .nan
      return Row(n: (row["n"] as? NSNumber)?.int64Value ?? 0, text: row["text"] as? String ?? "?", x: x, é: row["é"] as? String ?? "?")
    }
  }
}

extension ShardSource where Self: ColumnSource {
  /// The values of every row of a column, piece after piece, each as its bytes.
  func values(ofColumn name: String) throws -> [[UInt8]] {
    guard let column = storedColumns.firstIndex(where: { $0.name == name }) else { throw NoRoom() }
    let demand = pieceDemand(ofColumn: column)
    let budget = MemoryBudget(capByteCount: 2 * demand.chargedByteCount + 4 << 20)
    guard let workspace = DecodeWorkspace(demand: demand, budget: budget) else { throw NoRoom() }
    var values: [[UInt8]] = []
    for piece in 0..<pieces(ofColumn: column).shardCount { values += try decode(column: column, piece: piece, with: workspace, budget: budget).rows }
    return values
  }
}

extension ColumnPiece {
  /// The bytes of each row, of columns that are fixed or runs of bytes.
  var rows: [[UInt8]] {
    let mapping = region.region
    let bytes = mapping.bytes
    return (0..<rowCount).map { row in
      let range: Range<Int>
      if let offsets = offsets.first {
        range = Int(bytes.unsignedInteger(at: offsets.lowerBound + 8 * row))..<Int(bytes.unsignedInteger(at: offsets.lowerBound + 8 * row + 8))
      } else {
        let width = values.count / rowCount
        range = row * width..<(row + 1) * width
      }
      let value = bytes.extracting(values.lowerBound + range.lowerBound..<values.lowerBound + range.upperBound)
      return unsafe value.withUnsafeBytes { unsafe Array($0) }  // Sound: copied while the region is alive.
    }
  }
}
