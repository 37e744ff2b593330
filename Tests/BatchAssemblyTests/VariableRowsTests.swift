// Rows of differing length: gathered by several threads, charged, and written in order.

import BatchCache
import Platform
import Testing

@testable import BatchAssembly

struct VariableRowsTests {
  private func row(_ number: Int, _ part: Int) -> [UInt8] {
    Array(repeating: UInt8(truncatingIfNeeded: number &* 31 &+ part), count: number % 7 == 3 ? 70_000 : number * 13 % 300)
  }

  private func bytes(_ rows: VariableRows, part: Int, _ budget: MemoryBudget) throws -> [UInt8] {
    let total = try #require(rows.starts(ofPart: part).last)
    let buffer = try #require(BatchBuffer(byteCount: total + 3, rowByteCount: 1, inMemoryFile: false, budget: budget))
    #expect(rows.write(part: part, into: buffer, at: 3))
    return buffer.withBytes(3..<total + 3) { found in unsafe found.withUnsafeBytes { unsafe Array($0) } }  // Sound: copied while the buffer lives.
  }

  @Test func rowsOfSeveralThreadsStandInOrder() throws {
    let budget = MemoryBudget(capByteCount: 64 << 20)
    let rows = try #require(VariableRows(partCount: 2, rowCount: 200, budget: budget))
    let threads = try (0..<4).map { thread in
      try Thread {
        for number in stride(from: thread, to: 200, by: 4) {
          for part in 0..<2 { #expect(rows.append(row(number, part), part: part, row: number, budget: budget) { _ in }) }
        }
      }
    }
    for thread in threads { thread.join() }
    for part in 0..<2 {
      #expect(try bytes(rows, part: part, budget) == (0..<200).flatMap { row($0, part) })
      #expect(rows.starts(ofPart: part) == (0...200).map { end in (0..<end).reduce(0) { $0 + row($1, part).count } })
    }
    #expect(budget.usedByteCount >= (0..<200).reduce(0) { $0 + row($1, 0).count } * 2)
  }

  @Test func whatDoesNotFitIsRefusedAndAllComesBack() throws {
    let budget = MemoryBudget(capByteCount: 300_000)
    var rows = VariableRows(partCount: 1, rowCount: 100, budget: budget)
    var asked: [Int] = []
    let fits = (0..<8).filter { number in
      rows?.append(Array(repeating: 1, count: 60_000), part: 0, row: number, budget: budget) { asked.append($0) } == true
    }
    #expect(fits.count == 4 && asked == Array(repeating: 64 << 10, count: 4))
    rows = nil
    #expect(budget.usedByteCount == 0)
    #expect(VariableRows(partCount: 1000, rowCount: 1000, budget: budget) == nil)
  }

  @Test func emptyRowsAreRows() throws {
    let budget = MemoryBudget(capByteCount: 1 << 20)
    let rows = try #require(VariableRows(partCount: 1, rowCount: 3, budget: budget))
    for number in 0..<3 { #expect(rows.append([], part: 0, row: number, budget: budget) { _ in }) }
    #expect(rows.starts(ofPart: 0) == [0, 0, 0, 0])
    #expect(try bytes(rows, part: 0, budget).isEmpty)
  }
}
