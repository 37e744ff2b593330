// The files of `layout: arrays`: which there are for each column, and what they are called.

public import BatchAssembly
public import ShardStore

public enum ArrayNaming {
  /// The files of a source's columns, in the order of the columns; none for those that cannot be read.
  ///
  /// `COLUMN.npy` for values of fixed shape, else `COLUMN.offsets.npy` (`COLUMN.offsets1.npy` and on for the levels below) and `COLUMN.values.npy`. Where there may be
  /// nulls, the rows' are `COLUMN.null.npy`, those of what has offsets of its own (lists in lists, texts in lists) stand beside them as `COLUMN.offsets1.null.npy`, and
  /// those of elements are `COLUMN.values.null.npy`. Where names of two columns meet, the later column is called `COLUMN%~2` (`%~3` ...).
  public static func files(of columns: [StoredColumn]) -> ArrayFiles {
    var files: [ArrayFile] = []
    var taken: Set<[UInt8]> = []
    /// The next number for a name with some endings: those below are taken.
    var nextNumbers: [[String]: Int] = [:]
    for (ordinal, column) in columns.enumerated() {
      let endings = endings(of: column)
      let base = FileName.column(column.name)
      let kind = [base] + endings.map(\.ending)
      var name = base
      while endings.contains(where: { taken.contains(Array((name + $0.ending).utf8)) }) {
        let number = nextNumbers[kind, default: 2]
        nextNumbers[kind] = number + 1
        name = base + "%~\(number)"
      }
      for (ending, part) in endings {
        taken.insert(Array((name + ending).utf8))
        files.append(ArrayFile(name: name + ending, column: ordinal, part: part))
      }
    }
    return ArrayFiles(columns: columns, files)
  }

  private static func endings(of column: StoredColumn) -> [(ending: String, part: ArrayFile.Part)] {
    var endings: [(ending: String, part: ArrayFile.Part)] = []
    switch column.values {
    case .fixed(_, let shape):
      endings.append((".npy", .rows))
      if !shape.isEmpty, column.nullableLevels.contains(shape.count) { endings.append((".values.null.npy", .rowElementNulls(level: shape.count))) }
    case .ragged(_, let depth):
      for level in 0...depth {
        let name = level == depth ? ".values" : level == 0 ? ".offsets" : ".offsets\(level)"
        endings.append((name + ".npy", level == depth ? .elements : .offsets(level: level)))
        if level > 0, column.nullableLevels.contains(level) { endings.append((name + ".null.npy", .nulls(level: level))) }
      }
    case .unreadable: return []
    }
    if column.isNullable { endings.append((".null.npy", .nulls(level: 0))) }
    return endings
  }
}
