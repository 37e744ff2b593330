// Folders of groups, the view at the mount's root, and the spelling of values as names.

import BatchAssembly
import NumPyFormat
import SampleOrder
import ShardStore
import Testing

@testable import FileTree

struct GroupTests {
  /// A view whose groups have `counts` rows each.
  private func view(
    _ name: String, columns: [String] = ["symbol"], style: ViewFolder.GroupStyle = .plain, _ groups: [([String?], Int)], firstOrdinal: Int = 0,
    epochs: Int? = nil
  ) throws -> ViewFolder {
    ViewFolder(
      name: name, whole: .batches(try stubView(0, name, source: StubSource([groups.reduce(0) { $0 + $1.1 }]), epochs: epochs)), groupColumns: columns,
      style: style,
      groups: try groups.enumerated().map { number, group in
        ViewFolder.Group(
          values: group.0.map { $0.map { Array($0.utf8) } },
          leaf: .batches(try stubView(firstOrdinal + number, name, source: StubSource([group.1]), epochs: epochs)))
      })
  }

  private func node(_ tree: FileTree, _ path: String) throws -> Node {
    try path.split(separator: Character("/")).reduce(Node.root) { try tree.child(String($1), of: $0) }
  }

  private func exists(_ tree: FileTree, _ path: String) -> Bool { (try? node(tree, path)) != nil }

  private func names(_ tree: FileTree, _ path: String) throws -> [String] {
    let folder = try node(tree, path)
    return (0..<tree.entryCount(of: folder)).map { tree.entry($0, of: folder).name }
  }

  /// Every listed name leads to the node it is listed with, back by its path, and through its number.
  private func walk(_ tree: FileTree) throws -> Int {
    var folders = [Node.root]
    var count = 0
    var inodes: Set<Inode> = []
    while let folder = folders.popLast() {
      for ordinal in 0..<tree.entryCount(of: folder) {
        let (name, node) = tree.entry(ordinal, of: folder)
        #expect(try tree.child(name, of: folder) == node)
        #expect(tree.scheme.node(of: tree.scheme.inode(of: node)) == node)
        if case .rank = folder {} else { #expect(inodes.insert(tree.scheme.inode(of: node)).inserted, "\(tree.path(of: node))") }
        if case .batch(let key, _) = node, key.isWrapped {} else { #expect(try self.node(tree, tree.path(of: node)) == node) }
        count += 1
        if node.isFolder { folders.append(node) }
      }
    }
    return count
  }

  @Test func groupsStandBetweenAViewAndItsEpochs() throws {
    let tree = try FileTree([
      view("symbols", columns: ["exchange", "symbol"], [(["x", "b"], 9), (["y", "b"], 3), (["x", "a"], 1)], epochs: 2),
      ViewFolder(name: "all", leaf: .batches(stubView(3, "all", source: StubSource([13]), epochs: nil))),
    ])
    #expect(try names(tree, "symbols") == ["schema.json", "x", "y"])
    #expect(try names(tree, "symbols/x") == ["a", "b"])
    #expect(try names(tree, "symbols/x/b") == ["schema.json", "epoch-0", "epoch-1"])
    #expect(try names(tree, "symbols/x/b/epoch-1") == ["batch-0000.npy", "batch-0001.npy", "batch-0002.npy"])
    #expect(try names(tree, "symbols/x/a/epoch-0") == ["batch-0000.npy"])
    // The ordinals of the groups' plans are those they were handed over with.
    #expect(
      try node(tree, "symbols/x/a/epoch-0/batch-0000.npy") == .batch(BatchKey(folder: FolderKey(view: 2, epoch: 0), ordinal: 0, isWrapped: false), tensor: 0))
    #expect(exists(tree, "symbols/y/b/epoch-999999/rank-1-of-2/batch-0000.npy"))
    for path in ["symbols/z", "symbols/x/b/batch-0000.npy", "symbols/x/schema.json", "symbols/epoch-0", "symbols/x/epoch-0", "symbols/X"] {
      #expect(!exists(tree, path), "\(path)")
    }
    // 5 at the top, 4 control files; symbols: 1 schema, 2 folders, 3 leaves with a schema and 2 epochs of 3, 1 and 1 batches; all: a schema and 4 batches.
    #expect(try walk(tree) == 3 + 4 + (1 + 2 + 3 + 3 * 3 + 2 * (3 + 1 + 1)) + (1 + 4))
  }

  @Test func schemasTellOfTheWholeViewAndOfEachGroup() throws {
    let tree = try FileTree([view("symbols", [(["a"], 9), (["b"], 3)])])
    let whole = String(decoding: tree.schema(ofFolder: 0), as: UTF8.self).filter { !$0.isWhitespace }
    #expect(whole.hasPrefix(#"{"view":"symbols","samples":12,"batch_size":4,"batches":4,"#))
    guard case .schema(let folder) = try node(tree, "symbols/b/schema.json") else { throw FileError.notFound }
    let group = tree.schema(ofFolder: folder)
    #expect(String(decoding: group, as: UTF8.self).filter { !$0.isWhitespace }.hasPrefix(#"{"view":"symbols","samples":3,"batch_size":4,"batches":1,"#))
    #expect(tree.byteCount(of: .schema(folder: folder)) == group.count)
  }

  @Test func aViewWithoutRowsHasNoGroups() throws {
    let tree = try FileTree([view("symbols", [])])
    #expect(try names(tree, "symbols") == ["schema.json"])
  }

  @Test func hiveFoldersNameTheirColumns() throws {
    let tree = try FileTree([view("h", columns: ["partition", "a/b"], style: .hive, [(["000", nil], 4), (["000", ""], 4), (["017", "x=y"], 4)])])
    #expect(try names(tree, "h") == ["schema.json", "partition=000", "partition=017"])
    #expect(try names(tree, "h/partition=000") == ["a%2Fb=", "a%2Fb=__HIVE_DEFAULT_PARTITION__"])
    #expect(exists(tree, "h/partition=017/a%2Fb=x=y/batch-0000.npy"))
  }

  /// The root shows what the view named `.` has, beside `.epochfs` and the other views.
  @Test(arguments: [0, 1]) func theViewAtTheRoot(place: Int) throws {
    let source = try StubSource([10])
    var folders = [
      ViewFolder(name: ".", leaf: .batches(try stubView(place, ".", source: source, epochs: 2))),
      ViewFolder(name: "val", leaf: .batches(try stubView(1 - place, "val", source: source, epochs: nil))),
    ]
    if place == 1 { folders.reverse() }
    let tree = try FileTree(folders)
    #expect(try names(tree, "") == [".epochfs", "val", "schema.json", "epoch-0", "epoch-1"])
    #expect(exists(tree, "epoch-77/rank-1-of-2/batch-0000.npy") && exists(tree, "val/batch-0002.npy") && !exists(tree, "batch-0000.npy"))
    #expect(tree.path(of: try node(tree, "epoch-1/batch-0002.npy")) == "epoch-1/batch-0002.npy")
    #expect(throws: FileError.notFound) { try tree.child(".", of: .root) }
    #expect(try walk(tree) == 5 + 4 + 2 * 3 + (1 + 3))
  }

  @Test func groupsAtTheRoot() throws {
    let tree = try FileTree([
      view(".", columns: ["partition"], style: .hive, [(["001"], 4), (["000"], 4)]),
      ViewFolder(name: "arrays", leaf: .arrays(stubArrays(0, "arrays", ColumnStub(pieces: [[7]])))),
    ])
    #expect(try names(tree, "") == [".epochfs", "arrays", "schema.json", "partition=000", "partition=001"])
    #expect(try names(tree, "partition=000") == ["schema.json", "batch-0000.npy"])
    #expect(try tree.path(of: node(tree, "partition=001/batch-0000.npy")) == "partition=001/batch-0000.npy")
    #expect(try walk(tree) == 5 + 4 + 2 * 2 + 1 + ColumnStub.fileNames.count)
  }

  @Test(arguments: ["schema.json", "epoch-3", "epoch-999999"]) func otherViewsMustNotHaveItsNames(name: String) throws {
    let source = try StubSource([10])
    #expect {
      _ = try FileTree([
        ViewFolder(name: ".", leaf: .batches(try stubView(0, ".", source: source))),
        ViewFolder(name: name, leaf: .batches(try stubView(1, name, source: source))),
      ])
    } throws: { error in
      if case TreeError.nameCollision(name, let message) = error { message.contains(name) } else { false }
    }
  }

  @Test func aGroupMustNotHaveTheNameOfAView() throws {
    #expect(throws: TreeError.self) {
      _ = try FileTree([
        view(".", [(["a"], 4), (["val"], 4)]), ViewFolder(name: "val", leaf: .batches(stubView(2, "val", source: StubSource([1]), epochs: nil))),
      ])
    }
  }

  @Test func theSameGroupTwice() throws {
    #expect(throws: TreeError.self) { _ = try FileTree([view("v", [(["a"], 4), (["b"], 4), (["a"], 4)])]) }
  }

  /// Names are found by halving: a hundred thousand groups cost little each.
  @Test func manyGroups() throws {
    let leaf = stubArrays(0, "v", try ColumnStub(pieces: [[3]]))
    let groups = (0..<20_000).map { number in
      let plan = ArraysPlan(ordinal: number, name: "v", source: leaf.source, files: leaf.files)
      return ViewFolder.Group(values: [Array("g\(number % 100)".utf8), Array("\(number / 100)".utf8)], leaf: .arrays(plan))
    }
    let tree = try FileTree([ViewFolder(name: "v", whole: .arrays(leaf), groupColumns: ["a", "b"], style: .plain, groups: groups)])
    #expect(try names(tree, "v").count == 101)
    var generator = SplitMix(state: 7)
    for _ in 0..<1000 {
      let number = Int.random(in: 0..<20_000, using: &generator)
      let path = "v/g\(number % 100)/\(number / 100)/t.values.npy"
      let found = try node(tree, path)
      #expect(found == .array(ArrayKey(plan: number, file: 5)))
      #expect(tree.path(of: found) == path)
      #expect(tree.scheme.node(of: tree.scheme.inode(of: found)) == found)
    }
  }
}

struct FileNameTests {
  @Test(arguments: [
    ("plain", "plain"), ("a/b", "a%2Fb"), ("100%", "100%25"), ("\0", "%00"), ("é", "é"), ("a b", "a b"), (".", "%2E"), ("..", "%2E."), ("...", "..."),
    ("", "%"),
    ("%2F", "%252F"), ("schema.json", "%73chema.json"), (".epochfs", "%2Eepochfs"), ("__HIVE_DEFAULT_PARTITION__", "%5F_HIVE_DEFAULT_PARTITION__"),
  ])
  func values(value: String, name: String) {
    #expect(FileName.group(Array(value.utf8), column: "c", style: .plain) == name)
  }

  @Test func nullsAndBytesThatAreNoText() {
    #expect(FileName.group(nil, column: "c", style: .plain) == "__HIVE_DEFAULT_PARTITION__")
    #expect(FileName.group([0x61, 0xFF, 0x2F], column: "c", style: .plain) == "a%FF%2F")
    #expect(FileName.group([], column: "c%", style: .hive) == "c%25=")
  }

  /// No name is longer than Linux takes, half an escape, or another value's.
  @Test func longValues() {
    var names: Set<String> = []
    for length in 1...600 {
      for letter in ["a", "/", "é", "💡", "a/", "ab/"] {
        let name = FileName.group(Array(String(repeating: letter, count: length).utf8), column: "c", style: .plain)
        #expect(name.utf8.count <= 255 && names.insert(name).inserted, "\(length) times \(letter)")
        if let cut = name.ranges(of: "%~").first {
          #expect(name[cut.upperBound...].utf8.count == 16)
          let escapes = name[..<cut.lowerBound].split(separator: "%", omittingEmptySubsequences: false).dropFirst()
          #expect(escapes.allSatisfy { $0.hasPrefix("2F") })
        }
      }
    }
  }
}

struct ArrayNamingTests {
  private func column(_ name: String, nullable: Bool = false, ragged: Int? = nil) -> StoredColumn {
    StoredColumn(
      name: name, encodingName: "x", values: ragged.map { .ragged(.uint8, depth: $0) } ?? .fixed(.int32, shape: []), nullableLevels: nullable ? [0] : [])
  }

  /// Where names of two columns meet the later one gives way; every file has a name of its own.
  @Test func namesThatMeet() {
    let columns = [
      column("a", nullable: true), column("a.null"), column("a"), column("b", ragged: 1), column("b.values"), column("b.offsets", nullable: true),
      column("c.values"),
      column("c", ragged: 2), column(""), column(String(repeating: "x", count: 300), nullable: true, ragged: 1), column("e\u{301}"), column("\u{E9}"),
    ]
    let files = ArrayNaming.files(of: columns)
    let names = files.files.map(\.name)
    #expect(Set(names.map { Array($0.utf8) }).count == names.count && names.allSatisfy { $0.utf8.count <= 255 && !$0.contains("/") })
    #expect(names.prefix(4) == ["a.npy", "a.null.npy", "a.null%~2.npy", "a%~2.npy"])
    #expect(names.contains("b.values%~2.npy") && names.contains("b.offsets%~2.null.npy") && names.contains("c%~2.offsets1.npy") && names.contains(".npy"))
    for (number, file) in files.files.enumerated() { #expect(files.index(of: Substring(file.name)) == number) }
    for name in ["a", "", "zz", "a.npy.npy", "A.npy"] { #expect(files.index(of: Substring(name)) == nil) }
  }
}
