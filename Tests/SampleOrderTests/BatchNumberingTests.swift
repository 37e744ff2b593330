// Batches and ranks against a model that lists every position.

import Testing

@testable import SampleOrder

@Suite struct BatchNumberingTests {
  @Test(arguments: [false, true])
  func batchesAgreeWithAList(_ dropLast: Bool) {
    for sampleCount in 0...40 {
      for batchSize in 1...45 {
        let numbering = BatchNumbering(sampleCount: sampleCount, batchSize: batchSize, dropLast: dropLast)
        var expected = stride(from: 0, to: sampleCount, by: batchSize).map { $0..<min($0 + batchSize, sampleCount) }
        if dropLast { expected.removeAll { $0.count < batchSize } }
        #expect((0..<numbering.batchCount).map(numbering.rows) == expected)
        for batch in 0..<numbering.batchCount { #expect(Array(numbering.runs(inGlobalBatch: batch, wrapping: false)) == [expected[batch]]) }
      }
    }
  }

  /// With every rank's rows, in steps: equally many full batches, the epoch in order, wrapped or cut.
  @Test(arguments: [false, true])
  func ranksAgreeWithAList(_ dropLast: Bool) {
    for sampleCount in [0, 1, 2, 3, 5, 8, 12, 13, 24, 31, 64] {
      for batchSize in [1, 2, 3, 4, 7, 13, 70] {
        for worldSize in [1, 2, 3, 8] {
          let numbering = BatchNumbering(sampleCount: sampleCount, batchSize: batchSize, dropLast: dropLast)
          let step = batchSize * worldSize
          let count = numbering.rankBatchCount(worldSize: worldSize)
          #expect(count == (dropLast ? sampleCount / step : (sampleCount + step - 1) / step))
          var read: [Int] = []
          for batch in 0..<count {
            for rank in 0..<worldSize {
              let runs = numbering.runs(inBatch: batch, rank: rank, worldSize: worldSize)
              #expect(runs.rowCount == batchSize)
              let ranges = Array(runs)
              #expect(ranges.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= sampleCount })
              #expect(ranges.dropFirst().allSatisfy { $0.lowerBound == 0 })
              read += ranges.joined()
            }
          }
          #expect(read == (0..<(count * step)).map { $0 % sampleCount })
        }
      }
    }
  }

  @Test func batchesOfAllRanksAreOneLargerBatch() {
    let small = BatchNumbering(sampleCount: 960, batchSize: 8, dropLast: false)
    let large = BatchNumbering(sampleCount: 960, batchSize: 32, dropLast: false)
    for batch in 0..<large.batchCount {
      let together = (0..<4).flatMap { small.runs(inBatch: batch, rank: $0, worldSize: 4).joined() }
      #expect(together == Array(large.rows(inBatch: batch)))
    }
  }

  @Test func digits() {
    let expected = [0: 4, 1: 4, 9999: 4, 10_000: 4, 10_001: 5, 100_000: 5, 100_001: 6, Int.max: 19]
    for (batchCount, digits) in expected { #expect(BatchNumbering.digitCount(batchCount: batchCount) == digits, "\(batchCount) batches") }
    #expect(BatchNumbering(sampleCount: 20_002, batchSize: 2, dropLast: false).digitCount == 5)
    #expect(BatchNumbering(sampleCount: 20_001, batchSize: 2, dropLast: true).digitCount == 4)
  }

  @Test func largestNumbers() {
    let whole = BatchNumbering(sampleCount: Int.max, batchSize: Int.max, dropLast: true)
    #expect(whole.batchCount == 1)
    #expect(whole.rows(inBatch: 0) == 0..<Int.max)
    #expect(whole.rankBatchCount(worldSize: 4096) == 0)
    let wrapped = BatchNumbering(sampleCount: Int.max, batchSize: Int.max, dropLast: false)
    #expect(wrapped.rankBatchCount(worldSize: 4096) == 1)
    #expect(Array(wrapped.runs(inBatch: 0, rank: 4095, worldSize: 4096)) == [0..<Int.max])
    let uneven = BatchNumbering(sampleCount: Int.max, batchSize: Int.max - 1, dropLast: false)
    #expect(uneven.batchCount == 2)
    #expect(uneven.rows(inBatch: 1) == (Int.max - 1)..<Int.max)
    // Rank 1 starts one position before the end.
    #expect(Array(uneven.runs(inBatch: 0, rank: 1, worldSize: 4096)) == [(Int.max - 1)..<Int.max, 0..<(Int.max - 2)])
    let single = BatchNumbering(sampleCount: Int.max, batchSize: 1, dropLast: false)
    #expect(single.digitCount == 19)
    #expect(single.rows(inBatch: Int.max - 1) == (Int.max - 1)..<Int.max)
    #expect(Array(single.runs(inGlobalBatch: Int.max, wrapping: false)).isEmpty)
    #expect(Array(single.runs(inGlobalBatch: Int.max, wrapping: true)) == [0..<1])
  }

  @Test func emptyEpochs() {
    for dropLast in [false, true] {
      let none = BatchNumbering(sampleCount: 0, batchSize: 64, dropLast: dropLast)
      #expect(none.batchCount == 0 && none.rankBatchCount(worldSize: 8) == 0 && none.digitCount == 4)
      #expect(Array(none.runs(inGlobalBatch: 0, wrapping: true)).isEmpty)
    }
  }
}
