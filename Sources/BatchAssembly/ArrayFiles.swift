// The files that show a source's columns as whole arrays.

public import ShardStore

/// One `.npy` file of `layout: arrays`.
public struct ArrayFile: Sendable, Hashable {
  /// What of a column a file holds.
  public enum Part: Sendable, Hashable {
    /// The values of a column of fixed shape: (rows, *shape).
    case rows
    /// `bool`, true where the element is null: (rows, *shape). They are the slots of level `level`, one behind the axes of the shape.
    case rowElementNulls(level: Int)
    /// `bool`, true where a slot of level `level` is null: 0 are the rows, level k of ragged columns the entries of the lists of level k - 1.
    case nulls(level: Int)
    /// `int64`, where the lists of level `level` (0 is the outermost) begin among those of the next, or among the elements; one more than there are.
    case offsets(level: Int)
    /// The elements of all lists, one after another.
    case elements
  }
  /// Its name in the folder, one spelling only.
  public let name: String
  /// An ordinal of the source's `storedColumns`.
  public let column: Int
  public let part: Part

  public init(name: String, column: Int, part: Part) {
    self.name = name
    self.column = column
    self.part = part
  }
}

/// The files of a view of arrays, the same in all of its groups: in the order of a listing, and to be found by name.
public final class ArrayFiles: Sendable {
  /// The source's columns, also those that cannot be read.
  public let columns: [StoredColumn]
  public let files: [ArrayFile]
  /// The files' ordinals in the order of their names' bytes.
  private let sorted: [Int]

  /// - Precondition: no name is there twice.
  public init(columns: [StoredColumn], _ files: [ArrayFile]) {
    self.columns = columns
    self.files = files
    sorted = files.indices.sorted { files[$0].name.utf8.lexicographicallyPrecedes(files[$1].name.utf8) }
  }

  /// The ordinal of the file with exactly these bytes as its name.
  public func index(of name: Substring) -> Int? {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if files[sorted[middle]].name.utf8.lexicographicallyPrecedes(name.utf8) { low = middle + 1 } else { high = middle }
    }
    guard low < sorted.count, files[sorted[low]].name.utf8.elementsEqual(name.utf8) else { return nil }
    return sorted[low]
  }
}

/// One file of one plan of arrays.
public struct ArrayKey: Hashable, Sendable {
  /// The plan's `ordinal`.
  public let plan: Int
  /// The file's ordinal in the plan.
  public let file: Int

  public init(plan: Int, file: Int) {
    self.plan = plan
    self.file = file
  }
}
