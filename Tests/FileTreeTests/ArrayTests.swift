// Whole columns as files, in process: sizes, bytes at any place, damage, memory.

import BatchCache
import Glibc
import Platform
import Synchronization
import Testing

@testable import BatchAssembly
@testable import FileTree

struct ArrayTests {
  /// 120 rows, cut otherwise in every column; pieces without rows among them.
  static let pieces = [[50, 0, 30, 40], [1, 1, 1, 117], [40, 40, 40], [0, 7, 13, 100], [120]]

  private func rig(_ source: ColumnStub, capByteCount: Int = 8 << 20) throws -> TreeRig {
    try TreeRig(folders: [ViewFolder(name: "arrays", leaf: .arrays(stubArrays(0, "arrays", source)))], capByteCount: capByteCount)
  }

  @Test(arguments: [1 << 20, 4096, 100, 7]) func filesHoldTheirColumns(pieceByteCount: Int) throws {
    let source = try ColumnStub(pieces: Self.pieces)
    let rig = try rig(source)
    #expect(
      try rig.names("arrays") == ["schema.json"] + ["n.npy", "m.npy", "m.values.null.npy", "m.null.npy"] + ["t.offsets.npy", "t.values.npy"]
        + ["l.offsets.npy", "l.offsets1.npy", "l.offsets1.null.npy", "l.values.npy", "l.values.null.npy", "a%2Fb.npy"])
    for name in ColumnStub.fileNames {
      let attributes = try rig.attributes("arrays/\(name)")
      let expected = source.expected(name)
      #expect(attributes.byteCount == expected.count && attributes.isImmutable && attributes.modified == FileTime(seconds: 5, nanoseconds: 6), "\(name)")
      #expect(try rig.bytes("arrays/\(name)", pieceByteCount: pieceByteCount) == expected, "\(name)")
    }
    #expect(try rig.text(".epochfs/errors.jsonl").isEmpty)
  }

  @Test func readsAtAnyPlace() throws {
    let source = try ColumnStub(pieces: Self.pieces)
    let rig = try rig(source)
    var random = SplitMix(state: 0xa44a)
    for name in ColumnStub.fileNames {
      let inode = try rig.attributes("arrays/\(name)").inode
      let whole = source.expected(name)
      for _ in 0..<200 {
        let offset = Int.random(in: 0...whole.count + 10, using: &random)
        let count = Int.random(in: 0...whole.count, using: &random)
        let begin = min(offset, whole.count)
        let expected = Array(whole[begin..<begin + min(count, whole.count - begin)])
        #expect(try rig.read(inode, FileHandle(0), from: offset, count: count) == expected, "\(name), \(offset), \(count)")
      }
      #expect(try rig.read(inode, FileHandle(0), from: .max, count: .max).isEmpty)
    }
  }

  @Test func emptySources() throws {
    for pieces in [[[0]], [[]]] as [[[Int]]] {
      let source = try ColumnStub(pieces: pieces)
      let rig = try rig(source)
      for name in ColumnStub.fileNames { #expect(try rig.bytes("arrays/\(name)") == source.expected(name), "\(name)") }
    }
  }

  /// A column is decoded when it is touched, each piece once; sizes that the rows tell cost nothing.
  @Test func decodesOnTouchAndOnce() throws {
    let source = try ColumnStub(pieces: [[30, 30, 30, 30]])
    let rig = try rig(source)
    for name in ["n.npy", "m.npy", "m.null.npy", "t.offsets.npy", "l.offsets.npy", "a%2Fb.npy"] { _ = try rig.attributes("arrays/\(name)") }
    #expect(source.decodeCounts.withLock { $0.isEmpty })
    let inode = try rig.attributes("arrays/n.npy").inode
    _ = try rig.read(inode, FileHandle(0), from: 128 + 8 * 65, count: 8)
    #expect(source.decodeCounts.withLock { $0 } == [0: [2: 1]])
    _ = try rig.attributes("arrays/t.values.npy")
    #expect(source.decodes(2) == 4)
    for _ in 0..<2 { for name in ColumnStub.fileNames { _ = try rig.bytes("arrays/\(name)") } }
    #expect((0..<5).allSatisfy { source.decodes($0) == 4 })
    let metrics = try rig.text(".epochfs/metrics")
    #expect(metrics.contains("epochfs_piece_decodes_total{mount=\"test\"} 20\n") && metrics.contains("epochfs_shard_decodes_total{mount=\"test\"} 0\n"))
  }

  /// A piece that cannot be decoded fails what touches it, and what depends on its number of elements.
  @Test func damageIsConfined() throws {
    let source = try ColumnStub(pieces: [[30, 30, 30, 30]], failing: [0: [2], 2: [1], 3: [3]])
    let rig = try rig(source)
    let n = try rig.attributes("arrays/n.npy").inode
    let whole = source.expected("n.npy")
    #expect(try rig.read(n, FileHandle(0), from: 0, count: 128 + 8 * 60) == Array(whole[..<(128 + 8 * 60)]))
    #expect(try rig.read(n, FileHandle(0), from: 128 + 8 * 90, count: 1000) == Array(whole[(128 + 8 * 90)...]))
    for (offset, count) in [(128 + 8 * 60, 1), (128 + 8 * 90 - 1, 1), (128 + 8 * 59, 9), (0, whole.count)] {
      isDamaged { try rig.read(n, FileHandle(0), from: offset, count: count) }
    }
    // The second piece of the texts: what lies before it has offsets, nobody knows how long the values are.
    isDamaged { try rig.attributes("arrays/t.values.npy") }
    let offsets = try rig.attributes("arrays/t.offsets.npy").inode
    #expect(try rig.read(offsets, FileHandle(0), from: 0, count: 128 + 8 * 30) == Array(source.expected("t.offsets.npy")[..<(128 + 8 * 30)]))
    for entry in [30, 60, 90, 120] { isDamaged { try rig.read(offsets, FileHandle(0), from: 128 + 8 * entry, count: 8) } }
    for name in ["l.offsets1.npy", "l.offsets1.null.npy", "l.values.npy", "l.values.null.npy"] { isDamaged { try rig.attributes("arrays/\(name)") } }
    for name in ["m.npy", "m.null.npy", "m.values.null.npy", "a%2Fb.npy"] { #expect(try rig.bytes("arrays/\(name)") == source.expected(name)) }
    let log = try rig.text(".epochfs/errors.jsonl")
    for words in [["arrays/n.npy", "0.2"], ["arrays/t.values.npy", "2.1"], ["arrays/l.values.npy", "3.3"]] {
      #expect(
        log.split(separator: "\n").contains { line in words.allSatisfy { line.contains($0) } && line.contains("columns") && line.contains("is made to fail") })
    }
  }

  private func isDamaged<Value>(_ body: () throws -> Value) {
    #expect { _ = try body() } throws: { error in
      if case FileError.damagedData(let message) = error { message.contains("is made to fail") } else { false }
    }
  }

  /// Arrays larger than the cap are read under it, in order and at random.
  @Test(arguments: [false, true]) func arraysLargerThanTheCap(atRandom: Bool) throws {
    let source = try ColumnStub(pieces: [[Int](repeating: 64, count: 100)], padding: 200 << 10)
    // Four workers' memory, a few pieces and an answer.
    let rig = try rig(source, capByteCount: 1 << 20)
    var random = SplitMix(state: 5)
    for name in ColumnStub.fileNames {
      let whole = source.expected(name)
      let inode = try rig.attributes("arrays/\(name)").inode
      if atRandom {
        for _ in 0..<60 {
          let begin = Int.random(in: 0..<whole.count, using: &random)
          let end = min(whole.count, begin + Int.random(in: 1...5000, using: &random))
          #expect(try rig.read(inode, FileHandle(0), from: begin, count: end - begin) == Array(whole[begin..<end]))
        }
      } else {
        #expect(try rig.bytes("arrays/\(name)", pieceByteCount: 3000) == whole)
      }
    }
    #expect(rig.assembler.budget.peakByteCount <= 1 << 20)
  }

  /// A piece for which nobody can make room: its readers are told after a while, and the others go on.
  @Test func aPieceThatFindsNoRoom() throws {
    let source = try ColumnStub(pieces: [[40, 40, 40]], padding: 2 << 20)
    let rig = try rig(source, capByteCount: 1 << 20)
    rig.assembler.patienceNanoseconds.store(50_000_000, ordering: .relaxed)
    #expect(throws: FileError.outOfMemory) { try rig.bytes("arrays/n.npy") }
    #expect(throws: FileError.outOfMemory) { try rig.attributes("arrays/t.values.npy") }
    #expect(try rig.attributes("arrays/n.npy").byteCount == source.expected("n.npy").count)
    #expect(try rig.text("arrays/schema.json").contains("samples"))
    #expect(rig.assembler.budget.usedByteCount < 1 << 20)
  }

  /// Many readers of the same piece decode it once, and of different ones all get theirs.
  @Test func manyReadersAtOnce() throws {
    let source = try ColumnStub(pieces: [[40, 40, 40]])
    let rig = try rig(source)
    let inodes = try ["n.npy", "t.offsets.npy", "m.null.npy"].map { name in (name, try rig.attributes("arrays/\(name)").inode) }
    var replies: [(String, Reply<FileBytes>)] = []
    source.gate.withLock { _ in
      for round in 0..<30 {
        let (name, inode) = inodes[round % 3]
        let reply = Reply<FileBytes>()
        rig.tree.read(inode, handle: FileHandle(0), byteOffset: 0, byteCount: 1 << 20) { reply.fulfil($0) }
        replies.append((name, reply))
      }
    }
    for (name, reply) in replies {
      let bytes = try reply.wait()
      #expect(bytes.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } } == source.expected(name))  // Sound: copied.
    }
    #expect([0, 1, 2].allSatisfy { source.decodes($0) == 3 })
  }

  @Test func stoppingAnswersWhoWaits() throws {
    let source = try ColumnStub(pieces: [[40, 40, 40]])
    let rig = try rig(source)
    let inode = try rig.attributes("arrays/n.npy").inode
    let (bytes, size) = (Reply<FileBytes>(), Reply<FileAttributes>())
    let stopper = Lock<Thread?>(nil)
    try source.gate.withLock { _ in
      rig.tree.read(inode, handle: FileHandle(0), byteOffset: 0, byteCount: 1 << 20) { bytes.fulfil($0) }
      rig.tree.lookUp("t.values.npy", in: Inode(16)) { size.fulfil($0) }
      let assembler = rig.assembler
      let thread = try Thread(name: "stop") { assembler.stop() }
      stopper.withLock { $0 = thread }
      #expect(throws: FileError.stopping) { _ = try bytes.wait() }
      #expect(throws: FileError.stopping) { _ = try size.wait() }
    }
    stopper.withLock { $0 }?.join()
  }

  /// After a while a piece that failed is tried again.
  @Test func aColumnThatWasPutRightIsServed() throws {
    let source = try ColumnStub(pieces: [[40, 40, 40]], failing: [2: [1]])
    let rig = try rig(source)
    isDamaged { try rig.attributes("arrays/t.values.npy") }
    source.failing.withLock { $0 = [:] }
    let end = MonotonicClock.nanoseconds + 15_000_000_000
    while (try? rig.attributes("arrays/t.values.npy")) == nil, MonotonicClock.nanoseconds < end { usleep(100_000) }
    #expect(try rig.bytes("arrays/t.values.npy") == source.expected("t.values.npy"))
    // What was found stays known.
    #expect(source.decodeCounts.withLock { $0[2]?[1] } == 2)
  }

  @Test func schemaNamesEveryColumn() throws {
    let source = try ColumnStub(pieces: [[40, 40, 40]])
    let rig = try rig(source)
    let text = try rig.text("arrays/schema.json").filter { !$0.isWhitespace }
    #expect(text.hasPrefix(#"{"view":"arrays","samples":120,"columns":{"n":{"dtype":"<i8","shape":[],"rows":120,"nullable":false,"ragged":0,"#))
    for part in [
      #""m":{"dtype":"<f4","shape":[2],"rows":120,"nullable":true,"ragged":0,"text":false,"channels":["x","y"],"encoding":"FLOAT","files":["m.npy","m.values.null.npy","m.null.npy"]}"#,
      #""t":{"dtype":"|u1","shape":null,"rows":120,"nullable":false,"ragged":1,"text":true,"#,
      #""l":{"dtype":"<i2","shape":null,"rows":120,"nullable":false,"ragged":2,"#,
      #""files":["l.offsets.npy","l.offsets1.npy","l.offsets1.null.npy","l.values.npy","l.values.null.npy"]"#, #""a/b":{"#, #""files":["a%2Fb.npy"]"#,
      #""bad":{"dtype":null,"shape":null,"rows":120,"#, #""files":[],"reason":"mapshavenoarrays"}"#,
    ] { #expect(text.contains(part), "\(part) in \(text)") }
    #expect(text.hasSuffix(#"},"files":["npy"]}"#))
  }
}
