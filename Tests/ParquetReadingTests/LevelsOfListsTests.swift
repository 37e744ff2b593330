// Levels are lists, or an error: what is put together from them has those levels again.

import BatchCache
import ByteParsing
import ParquetFormat
import Platform
import Testing

@testable import ParquetReading

@Suite struct LevelsOfListsTests {
  private struct Slot: Equatable {
    var repetition: UInt8
    var definition: UInt8
  }

  /// A column of lists of lists of numbers, all of which may be null.
  private func leaf() throws -> ParquetLeaf {
    let file = try ParquetFile(reading: Fixtures.path("ones"))
    let leaf = try #require(file.metadata.schema.leaves.first { $0.name == "ll" })
    try #require(leaf.lists.map(\.existsLevel) == [1, 3] && leaf.maxDefinitionLevel == 5)
    return leaf
  }

  /// Puts pages of slots together, and spells the rows out as slots again.
  private func again(_ pages: [[Slot]], _ leaf: ParquetLeaf) throws(ParquetReadError) -> [Slot] {
    let budget = MemoryBudget(capByteCount: 1 << 22)
    let rowCount = pages.joined().count { $0.repetition == 0 }
    let assembly = RowAssembly(leaf: leaf, nullPattern: [0, 0, 0, 0], isText: false, rows: 0..<rowCount, firstRow: 0) { budget.region(byteCount: $0) }
    for page in pages {
      let (repetition, definition) = (page.map(\.repetition), page.map(\.definition))
      let values = [UInt8](repeating: 0, count: 4 * definition.count { $0 == 5 })
      let rows = PageRows(
        slotCount: page.count, repetitionLevels: repetition.rawSpan, definitionLevels: definition.rawSpan, values: .fixed(values.rawSpan))
      try assembly.append(rows, pageByteOffset: 0)
    }
    try assembly.finish()
    var offsets: [[Int]] = []
    for level in assembly.offsets {
      let bytes = try level.withBytes { (bytes) throws(ParquetReadError) in Rig.copy(bytes) }
      offsets.append(stride(from: 0, to: bytes.count, by: 8).map { Int(bytes[$0]) })
    }
    var nulls: [[UInt8]] = []
    for level in assembly.nulls { nulls.append(try level.withBytes { (bytes) throws(ParquetReadError) in Rig.copy(bytes) }) }
    func isNull(_ level: Int, _ slot: Int) -> Bool { slot < nulls[level].count && nulls[level][slot] == 1 }
    var found: [Slot] = []
    for row in 0..<rowCount {
      let lists = offsets[0][row]..<offsets[0][row + 1]
      if lists.isEmpty { found.append(Slot(repetition: 0, definition: isNull(0, row) ? 0 : 1)) }
      for list in lists {
        let start: UInt8 = list == lists.lowerBound ? 0 : 1
        let elements = offsets[1][list]..<offsets[1][list + 1]
        if elements.isEmpty { found.append(Slot(repetition: start, definition: isNull(1, list) ? 2 : 3)) }
        for element in elements {
          found.append(Slot(repetition: element == elements.lowerBound ? start : 2, definition: isNull(2, element) ? 4 : 5))
        }
      }
    }
    return found
  }

  private static let all = (0..<3).flatMap { repetition in (0..<6).map { Slot(repetition: repetition, definition: $0) } }

  /// Every three slots, in one page and in two.
  @Test func whatIsAcceptedHasTheSameLevels() throws {
    let leaf = try leaf()
    var acceptedCount = 0
    for first in Self.all.prefix(6) {
      for second in Self.all {
        for third in Self.all {
          let slots = [first, second, third]
          for pages in [[slots], [[first], [second, third]], [[first, second], [third]]] {
            guard let found = try? again(pages, leaf) else { continue }
            acceptedCount += 1
            #expect(found == slots)
          }
        }
      }
    }
    // After a slot without elements 6 may follow, the beginnings of rows; after one with a list in its list 4 more, after one with an element 2 more:
    // 2 * (2 * 6 + 2 * 10 + 2 * 12) + 2 * (2 * 6 + 4 * 10 + 4 * 12) + 2 * (2 * 6 + 4 * 10 + 6 * 12).
    #expect(acceptedCount == 3 * 560)
  }
}
