// The files of a source, in order, with the columns that their paths make.

/// Files in the order of a source's paths.
public struct ListedFiles: Sendable, Equatable {
  public private(set) var paths: [String]
  /// In the order of their first appearance; every one has a text, or nil, for each path.
  public private(set) var columns: [PathColumn]

  init(_ found: [FoundPath]) {
    paths = found.map(\.path)
    var names: [(name: String, isCaptured: Bool)] = []
    var known: Set<String> = []
    for path in found {
      for value in path.values where known.insert(value.name).inserted { names.append((value.name, value.isCaptured)) }
    }
    columns = names.map { name, isCaptured in
      PathColumn(name: name, texts: found.map { path in path.values.first { $0.name == name }?.text ?? nil }, isCaptured: isCaptured)
    }
  }

  /// These files, then those of the next of a source's paths.
  public func appending(_ next: ListedFiles) -> ListedFiles {
    var result = self
    let missing = { (count: Int) in [String?](repeating: nil, count: count) }
    result.columns = columns.map { column in
      let added = next.columns.first { $0.name == column.name }
      return PathColumn(
        name: column.name, texts: column.texts + (added?.texts ?? missing(next.paths.count)), isCaptured: column.isCaptured || added?.isCaptured == true)
    }
    for column in next.columns where !columns.contains(where: { $0.name == column.name }) {
      result.columns.append(PathColumn(name: column.name, texts: missing(paths.count) + column.texts, isCaptured: column.isCaptured))
    }
    result.paths += next.paths
    return result
  }

  /// The same files without a column: one that the files themselves have.
  public func droppingColumn(_ name: String) -> ListedFiles {
    var result = self
    result.columns.removeAll { $0.name == name }
    return result
  }
}

/// A path that was found, and what its parts say.
struct FoundPath {
  struct Value {
    let name: String
    /// Nil for null.
    let text: String?
    let isCaptured: Bool
  }
  let path: String
  let values: [Value]
}
