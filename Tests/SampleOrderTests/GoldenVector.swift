// Reads the lines of Golden.swift.

import Testing

@testable import SampleOrder

/// One line: `kind name=value name=value ...`.
struct GoldenVector: CustomTestStringConvertible, Sendable {
  let kind: Substring
  private let fields: [Substring: Substring]

  init(_ line: Substring) {
    let words = line.split(separator: " ")
    kind = words[0]
    fields = Dictionary(
      uniqueKeysWithValues: words.dropFirst().map { word in
        let sign = word.firstIndex(of: "=") ?? word.endIndex
        return (word[..<sign], word[sign...].dropFirst())
      })
  }

  static func all(_ kind: String, in vectors: String = goldenVectors) -> [GoldenVector] {
    vectors.split(separator: "\n").map(GoldenVector.init).filter { $0.kind == kind }
  }

  var testDescription: String {
    fields.filter { $0.value.utf8.count < 24 }.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
  }

  func text(_ name: Substring) throws -> Substring { try #require(fields[name]) }
  func int(_ name: Substring) throws -> Int { try #require(Int(text(name))) }
  func word(_ name: Substring) throws -> UInt64 { try #require(UInt64(text(name))) }
  func ints(_ name: Substring) throws -> [Int] { try text(name).split(separator: ",").map { try #require(Int($0)) } }
  func locations(_ name: Substring) throws -> [SampleLocation] {
    try text(name).split(separator: ",").map { pair in
      let parts = pair.split(separator: ":")
      return SampleLocation(shard: try #require(Int(parts[0])), row: try #require(Int(parts[1])))
    }
  }
}

/// FNV-1a, 64 bits, over the little-endian bytes of words.
struct FNV {
  private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  mutating func add(_ word: Int) {
    for byte in 0..<8 { hash = (hash ^ (UInt64(word) >> (8 * UInt64(byte)) & 0xff)) &* 0x100_0000_01b3 }
  }
}
