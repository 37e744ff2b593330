// A declared shape is tried on the data at the mount.

internal import BatchCache
internal import ParquetReading
internal import Platform

extension ParquetSource {
  /// Decodes the first row of every column whose shape is declared, where its pages can be read at all: a damaged file does not stop a mount.
  /// - Throws: for a declaration that the data contradicts.
  func tryDeclarations(_ declarations: [ColumnDeclaration]) throws(SourceError) {
    guard let group = data.rowGroups.firstIndex(where: { $0.rowCount > 0 }) else { return }
    for declaration in declarations where declaration.shape != nil {
      guard let column = data.columns.firstIndex(where: { $0.name == declaration.name }), let rowByteCount = data.columns[column].rowByteCount else { continue }
      let budget = MemoryBudget(capByteCount: 1 << 30)
      guard let workspace = DecodeWorkspace(demand: DecodeDemand(inputByteCount: 0, outputByteCount: rowByteCount + 1), budget: budget) else { continue }
      do throws(ParquetReadError) {
        let reader = data.reader(workspace, verification: .never)
        let chunk = try data.chunk(column: column, rowGroup: group)
        _ = try reader.fixedRows(0..<1, of: chunk, into: workspace.output.region, valuesByteOffset: 0, nullsByteOffset: rowByteCount)
      } catch {
        guard case .otherShape(let message, _) = error else { continue }
        throw SourceError(
          .column(declaration.name),
          "column \(declaration.name) is declared as of shape \(data.columns[column].shape ?? []), but the data says otherwise: \(data.path(ofRowGroup: group)): \(message)"
        )
      }
    }
  }
}
