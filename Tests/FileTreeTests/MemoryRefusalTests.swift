// A reader that gets no memory: what it is told, and what is written down.

import Platform
import ShardStore
import Synchronization
import Testing

@testable import BatchAssembly
@testable import FileTree

struct MemoryRefusalTests {
  @Test(arguments: [false, true]) func whoWaitsForWhatOthersHoldGetsNoMemory(isPassthrough: Bool) throws {
    let view = try stubView(source: StubSource([500, 500], name: "large"), batchSize: 500, epochs: nil)
    let rig = try TreeRig([view], inMemoryFiles: isPassthrough, capByteCount: AssemblyWork(views: [view]).leastByteCount)
    rig.tree.control.isPassthrough.store(isPassthrough, ordering: .relaxed)
    rig.assembler.patienceNanoseconds.store(100_000_000, ordering: .relaxed)
    let key = BatchKey(folder: FolderKey(view: 0, epoch: 0), ordinal: 0, isWrapped: false)
    let held = Lock<Batch?>(nil)
    let arrived = Condition()
    rig.assembler.request(key) { result in
      held.withLock { $0 = try? result.get() }
      arrived.broadcast()
    }
    held.withLock(waitingOn: arrived) { $0 == nil ? .wait() : .done(()) }
    #expect(throws: FileError.outOfMemory) { try rig.bytes("train/batch-0001.npy") }
    let line = try rig.text(".epochfs/errors.jsonl")
    for part in [#""path":"train/batch-0001.npy""#, #""source":"large""#, #""shard":null"#, "hold open"] { #expect(line.contains(part), "\(line)") }
    #expect(rig.sentences.withLock { $0.count } == 1)
    held.withLock { $0 = nil }
    #expect(try rig.bytes("train/batch-0001.npy").count == 128 + 4000)
  }
}
