// Footers that promise more rows than anybody could keep tables of.

internal import ByteParsing
internal import SampleOrder

extension ParquetSource {
  /// Cuts no rows and looks at no pages, which make runs about half as large at the least.
  /// - Throws: where the rows of a column, or of all together, would be cut into more runs than are allowed.
  func checkRunCounts() throws(SourceError) {
    // No run is without rows.
    guard data.fileTable.sampleCount > SourceLimits.runCount else { return }
    var allByteCount = 0
    for column in data.columns.indices where data.columns[column].elementType != nil {
      let rowByteCount = data.rowByteCount(ofColumn: column)
      allByteCount += rowByteCount
      let pieces = RowCuts(rowByteCount: max(1, rowByteCount), targetByteCount: Self.pieceByteCount, pages: nil, rowLimit: pieceRowLimit(ofColumn: column))
      try check(pieces, "column \(data.columns[column].name)")
    }
    try check(RowCuts(rowByteCount: max(1, allByteCount), targetByteCount: Self.stripeByteCount, pages: nil), "all columns together")
  }

  private func check(_ cuts: RowCuts, _ what: String) throws(SourceError) {
    let count = data.rowGroups.reduce(0) { $0.saturatingAdding(cuts.runCount(ofRowGroup: $1.rowCount)) }
    guard count > SourceLimits.runCount else { return }
    throw SourceError(
      .path,
      "source \(name): by its footers \(what) would be read in \(count) runs of rows, for \(data.fileTable.sampleCount) rows; a source may have \(SourceLimits.runCount): give it fewer files, or several sources of them"
    )
  }
}
