// The files of `layout: arrays`: which there are for each column, and what they are called.

public import BatchAssembly
public import ShardStore

public enum ArrayNaming {
  /// The files of a source's columns, in the order of the columns; none for those that cannot be read.
  ///
  /// `COLUMN.npy` for values of fixed shape, else `COLUMN.offsets.npy` (`COLUMN.offsets1.npy` and on for the levels below) and `COLUMN.values.npy`; where there may be
  /// nulls also `COLUMN.null.npy` and `COLUMN.values.null.npy`. Where names of two columns meet, the later column is called `COLUMN%~2` (`%~3` ...).
  public static func files(of columns: [StoredColumn]) -> ArrayFiles {
    var files: [ArrayFile] = []
    var taken: Set<[UInt8]> = []
    for (ordinal, column) in columns.enumerated() {
      let endings = endings(of: column)
      let base = FileName.column(column.name)
      var name = base
      var number = 1
      while endings.contains(where: { taken.contains(Array((name + $0.ending).utf8)) }) {
        number += 1
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
    case .fixed: endings.append((".npy", .rows))
    case .ragged(_, let depth):
      for level in 0..<depth { endings.append((level == 0 ? ".offsets.npy" : ".offsets\(level).npy", .offsets(level: level))) }
      endings.append((".values.npy", .elements))
      if column.hasNullableElements { endings.append((".values.null.npy", .elementNulls)) }
    case .unreadable: return []
    }
    if column.isNullable { endings.append((".null.npy", .rowNulls)) }
    return endings
  }
}
