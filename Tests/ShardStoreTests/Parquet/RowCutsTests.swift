// How many runs rows are cut into is known without cutting them.

import Testing

@testable import ShardStore

@Suite struct RowCutsTests {
  @Test func runsAreCountedAsTheyAreCut() {
    for pages in [nil, (first: 7, later: 5), (first: 4, later: 64)] as [(first: Int, later: Int)?] {
      for target in [1, 40, 100] {
        let cuts = RowCuts(rowByteCount: 4, targetByteCount: target, pages: pages)
        for count in 0..<150 { #expect(cuts.runCount(ofRowGroup: count) == cuts.starts(ofRowGroup: count).count, "\(count) rows in runs of \(cuts.rowCount)") }
      }
    }
    #expect(RowCuts(rowByteCount: 1, targetByteCount: 1, pages: nil).runCount(ofRowGroup: .max) == .max)
  }
}
