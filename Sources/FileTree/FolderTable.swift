// The folders of views and groups: a trie, numbered.

internal import BatchAssembly

/// All folders above epochs, ranks and files. The first numbers are the views' own, in the order of the configuration; then come the groups' folders, those of one
/// parent one after another in the order of their names' bytes, so that a name is found by halving.
struct FolderTable: Sendable {
  struct Folder: Sendable {
    let name: String
    /// -1 for the folder of a view.
    let parent: Int32
    let view: Int32
    /// The folders in it.
    var children: Range<Int32> = 0..<0
    /// What lies in it: a leaf's ordinal among those of all views, or -1.
    var leaf: Int32 = -1
  }

  private(set) var folders: [Folder]
  /// The folder of each leaf.
  private(set) var folderOfLeaf: [Int32]
  private(set) var leaves: [LeafPlan]
  /// The view that is the mount's root.
  let rootView: Int?

  init(_ views: [ViewFolder]) throws(TreeError) {
    guard views.reduce(0, { $0 + ($1.groups?.count ?? 1) * ($1.groupColumns.count + 1) }) < Int(Int32.max) else { throw .tooManyFiles }
    rootView = views.firstIndex { $0.name == "." }
    folders = views.indices.map { Folder(name: views[$0].name, parent: -1, view: Int32($0)) }
    folderOfLeaf = []
    leaves = []
    for (number, view) in views.enumerated() {
      if let groups = view.groups {
        try add(groups, of: view, number, firstLeaf: leaves.count)
      } else {
        folders[number].leaf = Int32(leaves.count)
        folderOfLeaf.append(Int32(number))
      }
      leaves += view.leaves
    }
  }

  /// Adds the folders of a view's groups, level by level.
  private mutating func add(_ groups: [ViewFolder.Group], of view: ViewFolder, _ number: Int, firstLeaf: Int) throws(TreeError) {
    folderOfLeaf += repeatElement(-1, count: groups.count)
    let named = groups.map { group in zip(view.groupColumns, group.values).map { FileName.group($1, column: $0, style: view.groupStyle) } }
    var order = Array(groups.indices)
    let isBefore: (Int, Int) -> Bool = { first, second in
      for (name, other) in zip(named[first], named[second]) where !name.utf8.elementsEqual(other.utf8) {
        return name.utf8.lexicographicallyPrecedes(other.utf8)
      }
      return false
    }
    let isSorted = zip(order, order.dropFirst()).allSatisfy { !isBefore($1, $0) }
    if !isSorted { order.sort(by: isBefore) }
    // Runs of groups that share a folder, with that folder; split at every level.
    var runs = [(folder: number, groups: 0..<order.count)]
    for level in view.groupColumns.indices {
      var next: [(folder: Int, groups: Range<Int>)] = []
      for (parent, run) in runs {
        let first = folders.count
        var begin = run.lowerBound
        while begin < run.upperBound {
          let name = named[order[begin]][level]
          var end = begin + 1
          while end < run.upperBound, named[order[end]][level].utf8.elementsEqual(name.utf8) { end += 1 }
          next.append((folders.count, begin..<end))
          folders.append(Folder(name: name, parent: Int32(parent), view: Int32(number)))
          begin = end
        }
        folders[parent].children = Int32(first)..<Int32(folders.count)
      }
      runs = next
    }
    for (folder, run) in runs {
      guard run.count == 1 else {
        throw .nameCollision(
          view: view.name, message: "two groups would have the same folder, \(path(of: folder)): \(order[run].prefix(2).map { "\(groups[$0].values)" })")
      }
      let leaf = firstLeaf + order[run.lowerBound]
      folders[folder].leaf = Int32(leaf)
      folderOfLeaf[leaf] = Int32(folder)
    }
  }

  var count: Int { folders.count }

  /// The folder called `name` in the folder of a view or group.
  func child(_ name: Substring, of folder: Int) -> Int? {
    let children = folders[folder].children
    var (low, high) = (Int(children.lowerBound), Int(children.upperBound))
    while low < high {
      let middle = (low + high) / 2
      if folders[middle].name.utf8.lexicographicallyPrecedes(name.utf8) { low = middle + 1 } else { high = middle }
    }
    return low < Int(children.upperBound) && EntryName.isSame(folders[low].name, name) ? low : nil
  }

  /// The path below the mount; empty for the root.
  func path(of folder: Int) -> String {
    var names: [String] = []
    var next = folder
    while next >= 0 {
      if folders[next].name != "." || folders[next].parent >= 0 { names.append(folders[next].name) }
      next = Int(folders[next].parent)
    }
    return names.reversed().joined(separator: "/")
  }
}
