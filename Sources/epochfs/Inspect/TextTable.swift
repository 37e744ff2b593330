// Rows of words as columns of text.

struct TextTable {
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private var rows: [[String]]

  init(_ columns: [(title: String, alignment: Alignment)]) {
    alignments = columns.map(\.alignment)
    rows = [columns.map(\.title)]
  }

  /// What comes from files can neither begin a line nor draw on a terminal.
  mutating func add(_ row: [String]) {
    rows.append(
      row.map { cell in String(String.UnicodeScalarView(cell.unicodeScalars.map { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) ? "?" : $0 })) })
  }

  /// The lines, two spaces between columns, none at their ends. Columns without any word are left out.
  var lines: [String] {
    let widths = alignments.indices.map { column in rows.dropFirst().contains { !$0[column].isEmpty } ? rows.map { $0[column].count }.max() ?? 0 : 0 }
    return rows.map { row in
      let cells = alignments.indices.filter { widths[$0] > 0 }.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return alignments[column] == .left ? row[column] + space : space + row[column]
      }
      let line = cells.joined(separator: "  ")
      return String(line.prefix(line.count - line.reversed().prefix { $0 == " " }.count))
    }
  }
}
