// Names to nodes and back, in every kind of folder.

import BatchAssembly
import Testing

@testable import FileTree

struct LookupTests {
  /// 30 samples in batches of 4: seven full ones and one of 2.
  private func tree() throws -> FileTree {
    let source = try StubSource([10, 0, 9, 11])
    return try #require(
      FileTree(views: [
        stubView(0, "train", source: source, tensors: ["id", "x", "x.y"], epochs: 3, ranks: 3), stubView(1, "val", source: source, epochs: nil),
        stubView(2, "no batch", source: StubSource([3]), dropLast: true, epochs: 1),
        stubView(3, "caf\u{E9}", source: source, tensors: ["\u{E9}", "x"], epochs: nil),
      ]))
  }

  private func node(_ tree: FileTree, _ path: String) throws -> Node {
    try path.split(separator: Character("/")).reduce(Node.root) { try tree.child(String($1), of: $0) }
  }

  private func exists(_ tree: FileTree, _ path: String) -> Bool { (try? node(tree, path)) != nil }

  /// Every listed name leads to the node it is listed with; the path of a node leads to it; numbers and nodes are inverses.
  @Test func whatIsListedIsThere() throws {
    let tree = try tree()
    var folders = [Node.root]
    var count = 0
    while let folder = folders.popLast() {
      var names: Set<String> = []
      for ordinal in 0..<tree.entryCount(of: folder) {
        let (name, node) = tree.entry(ordinal, of: folder)
        #expect(names.insert(name).inserted, "\(name) twice in \(folder)")
        #expect(try tree.child(name, of: folder) == node)
        #expect(tree.scheme.node(of: tree.scheme.inode(of: node)) == node)
        if case .batch(let key, _) = node, key.isWrapped {} else { #expect(try self.node(tree, tree.path(of: node)) == node) }
        #expect((tree.byteCount(of: node) == nil) == (node.isFolder || folder == .controlFolder))
        count += 1
        if node.isFolder { folders.append(node) }
      }
    }
    // Root; `.epochfs`; train with 3 epochs of 3 ranks (3 batches each) and 8 batches of 3 tensors; val; the view without batches; the last.
    #expect(count == 5 + 4 + (1 + 3 + 3 * (3 + 8 * 3 + 3 * 3 * 3)) + (1 + 8) + (1 + 1) + (1 + 8 * 2))
  }

  @Test func epochsAndRanksThatAreNotListedResolve() throws {
    let tree = try tree()
    #expect(try node(tree, "train/epoch-999999/rank-4095-of-4096/batch-0000.id.npy") == node(tree, "train/epoch-999999/rank-4095-of-4096/batch-0000.id.npy"))
    #expect(!exists(tree, "train/epoch-1000000"))
    #expect(try node(tree, "val/rank-1-of-2") == .rank(FolderKey(view: 1, epoch: 0), #require(Rank(1, of: 2))))
  }

  @Test func namesThatAreNotThere() throws {
    let tree = try tree()
    for path in [
      "nothing", "epoch-0", ".epochfs/nothing", "train/batch-0000.id.npy", "train/epoch-0/schema.json", "train/epoch-0/batch-0000.npy",
      "train/epoch-0/batch-0000.z.npy",
      "train/epoch-0/batch-0000..npy", "train/epoch-0/batch-0000.id.npy.npy", "train/epoch-0/batch-0008.id.npy", "train/epoch-0/batch-00000.id.npy",
      "val/epoch-0",
      "val/batch-0000.id.npy", "val/batch-0008.npy", "train/epoch-0/rank-0-of-3/batch-0003.id.npy", "train/epoch-0/rank-0-of-3/rank-0-of-3",
      "train/epoch-0/epoch-0",
      "train/rank-0-of-3", "no batch/epoch-0/batch-0000.npy", "no batch/epoch-0/rank-0-of-2/batch-0000.npy", "TRAIN", "train ", "",
    ] where !path.isEmpty {
      #expect(!exists(tree, path), "\(path)")
    }
    #expect(throws: FileError.notFound) { try tree.child("", of: .root) }
    #expect(throws: FileError.notADirectory) { try tree.child("x", of: .schema(folder: 0)) }
    #expect(throws: FileError.notADirectory) { try tree.child("x", of: node(tree, "val/batch-0000.npy")) }
  }

  /// Names are bytes: what looks alike, or means the same in Unicode, is another name.
  @Test func onlyTheBytesOfANameResolve() throws {
    let tree = try tree()
    #expect(exists(tree, "caf\u{E9}/batch-0000.\u{E9}.npy"))
    #expect(!exists(tree, "cafe\u{301}"))
    #expect(!exists(tree, "caf\u{E9}/batch-0000.e\u{301}.npy"))
  }

  /// A rank's batch is the epoch's batch with the same rows; only those that reach past the end are files of their own.
  @Test func aRanksBatchIsTheEpochsBatch() throws {
    let tree = try tree()
    #expect(try node(tree, "train/epoch-1/rank-2-of-3/batch-0001.x.npy") == node(tree, "train/epoch-1/batch-0005.x.npy"))
    let last = try node(tree, "train/epoch-1/rank-1-of-3/batch-0002.x.npy")
    #expect(last == .batch(BatchKey(folder: FolderKey(view: 0, epoch: 1), ordinal: 7, isWrapped: true), tensor: 1))
    #expect(try last != node(tree, "train/epoch-1/batch-0007.x.npy"))
    // Full, where the epoch's last has two rows.
    #expect(tree.byteCount(of: last) == 128 + 4 * 8)
    #expect(try tree.byteCount(of: node(tree, "train/epoch-1/batch-0007.x.npy")) == 128 + 2 * 8)
  }

  @Test func manyBatchesHaveLongerNumbers() throws {
    let tree = try #require(try FileTree(views: [stubView(source: StubSource([25_000]), batchSize: 1, ranks: 2)]))
    let epoch = try node(tree, "train/epoch-0")
    #expect(tree.entryCount(of: epoch) == 25_002)
    #expect(tree.entry(2, of: epoch).name == "batch-00000.npy" && tree.entry(25_001, of: epoch).name == "batch-24999.npy")
    #expect(!exists(tree, "train/epoch-0/batch-0000.npy"))
    // A folder of a rank counts its own.
    #expect(exists(tree, "train/epoch-0/rank-0-of-5/batch-0000.npy") && !exists(tree, "train/epoch-0/rank-0-of-5/batch-00000.npy"))
  }

  @Test func schemaSaysWhatTheFilesHold() throws {
    let tree = try tree()
    let text = String(decoding: tree.schema(ofFolder: 0), as: UTF8.self)
    let expected =
      #"{"view":"train","samples":30,"batch_size":4,"batches":8,"drop_last":false,"order":{"algorithm":"window","seed":9,"block":7},"#
      + #""tensors":{"id":{"dtype":"<i8","shape":[],"channels":null},"x":{"dtype":"<f4","shape":[2],"channels":["a","b"]},"x.y":{"dtype":"<f4","shape":[2],"channels":["a","b"]}},"files":["npy"]}"#
    #expect(text.filter { !$0.isWhitespace } == expected)
    #expect(text.hasSuffix("}\n"))
    #expect(tree.byteCount(of: .schema(folder: 0)) == text.utf8.count)
  }

  @Test func aTreeWithTooManyFilesIsNone() throws {
    #expect(try FileTree(views: [stubView(source: StubSource([1 << 45]), batchSize: 1)]) == nil)
  }
}
