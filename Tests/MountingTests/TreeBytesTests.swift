// Every byte of the tree against a model that knows nothing of shards, blocks or programs: only samples by their number, and the order of positions.

import BatchAssembly
import BatchCache
import FileTree
import MountConfiguration
import Platform
import SampleOrder
import ShardStore
import Testing

@testable import Mounting

/// What the configuration of `MountingRig` must serve.
private struct Model {
  let plan: MountPlan

  /// The number of the sample at a position of an epoch.
  func sample(view: Int, epoch: Int, position: Int) -> Int {
    let view = plan.views[view]
    let place = view.epochOrder(epoch).sample(at: position % view.numbering.sampleCount)
    return view.source.shards.start(of: place.shard) + place.row + (view.name == "plain" ? 1000 : 0)
  }

  private func floats(_ values: [Float]) -> [UInt8] { values.flatMap { littleEndian(UInt64($0.bitPattern), 4) } }

  /// Type, shape and bytes of one sample.
  func row(_ tensor: String, _ sample: Int) -> (descriptor: String, shape: String, bytes: [UInt8]) {
    switch tensor {
    case "input":
      let bytes = (1..<4).flatMap { step in
        [(TestDataSet.feature(sample, step, 0) - 4) / 8, min(max(TestDataSet.feature(sample, step, 1), -50), -20), TestDataSet.feature(sample, step, 2)]
      }
      return ("<f4", ", 3, 3", floats(bytes))
    case "target": return ("<f8", ", 2, 1", [0, 2].flatMap { littleEndian(Double(TestDataSet.feature(sample, $0, 1)).bitPattern, 8) })
    case "numbers": return ("<f4", ", 2", floats([Float(TestDataSet.label(sample)), Float(sample)]))
    case "features": return ("<f4", ", 4, 3", TestDataSet.features(sample))
    case "id": return ("<i8", ",", littleEndian(UInt64(sample), 8))
    default: return ("<i2", ",", littleEndian(UInt64(UInt16(bitPattern: TestDataSet.label(sample))), 2))
    }
  }

  /// A `.npy` file, as NumPy's documentation of the format describes it.
  func file(_ tensor: String, _ samples: [Int]) -> [UInt8] {
    let rows = samples.map { row(tensor, $0) }
    var header = "{'descr': '\(rows[0].descriptor)', 'fortran_order': False, 'shape': (\(rows.count)\(rows[0].shape)), }"
    header += String(repeating: " ", count: 128 - 10 - header.utf8.count - 1) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + rows.flatMap(\.bytes)
  }

  /// The bytes of a path, from its text.
  func bytes(_ path: String) -> [UInt8] {
    let parts = path.split(separator: Character("/")).map(String.init)
    let name = parts[parts.count - 1].split(separator: Character(".")).map(String.init)
    let batch = Int(name[0].dropFirst("batch-".count)) ?? -1
    if parts[0] == "plain" { return file(name[1], (batch * 7..<min(45, batch * 7 + 7)).map { sample(view: 1, epoch: 0, position: $0) }) }
    let epoch = Int(parts[1].dropFirst("epoch-".count)) ?? -1
    var positions = batch * 8..<min(60, batch * 8 + 8)
    if parts.count == 4 {
      let rank = parts[2].split(separator: Character("-")).compactMap { Int(String($0)) }
      positions = (batch * rank[1] + rank[0]) * 8..<(batch * rank[1] + rank[0]) * 8 + 8
    }
    return file(name[1], positions.map { sample(view: 0, epoch: epoch, position: $0) })
  }
}

struct TreeBytesTests {
  @Test func everyFileHoldsWhatTheModelSays() throws {
    let rig = try MountingRig()
    let plan = try rig.plan()
    let reader = try TreeReader(plan, of: rig)
    let model = Model(plan: plan)
    let files = try reader.files()
    // 2 epochs of 8 batches of 3 tensors, and of 2 ranks of 4; 7 batches of 3 tensors; two schemas, four control files.
    #expect(files.count == 2 * 3 * (8 + 2 * 4) + 7 * 3 + 2 + 4)
    for path in files where path.hasSuffix(".npy") {
      let bytes = try reader.bytes(path)
      #expect(bytes == model.bytes(path), "\(path)")
      #expect(try reader.attributes(path).byteCount == bytes.count)
    }
    for path in [
      "train/epoch-77/batch-0007.target.npy", "train/epoch-1/rank-2-of-3/batch-0002.input.npy", "train/epoch-0/rank-99-of-100/batch-0000.numbers.npy",
    ] {
      #expect(try reader.bytes(path) == model.bytes(path), "\(path)")
    }
    #expect(reader.sentences.withLock { $0 }.isEmpty)
  }

  /// The content of a path is a function of configuration and shards: not of threads, memory, or what was read before.
  @Test(arguments: [("1", 0, 1), ("4", 20_000, 2), ("4", 4_000_000, 3)])
  func whateverThreadsMemoryAndOrder(threads: String, spareByteCount: Int, seed: Int) throws {
    let rig = try MountingRig()
    let plan = try rig.plan(overrides: ["threads=\(threads)", "memory=\(try rig.leastCap() + spareByteCount)"])
    let reader = try TreeReader(plan, of: rig)
    let model = Model(plan: plan)
    var random = SplitMix(seed: UInt64(seed))
    for path in try reader.files().filter({ $0.hasSuffix(".npy") }).shuffled(using: &random) {
      #expect(try reader.bytes(path) == model.bytes(path), "\(path), seed \(seed)")
    }
    #expect(reader.assembler.budget.peakByteCount <= plan.capByteCount)
  }

  /// A damaged shard fails the files with rows of it, whole, and no others.
  @Test(arguments: ["raw/shard.00001.mds", "raw/shard.00000.mds"])
  func damageIsConfined(shard: String) throws {
    let rig = try MountingRig()
    let plan = try rig.plan()
    try TestFiles.damage(rig.folder.path(shard)) { $0[$0.count / 2] ^= 1 }
    let reader = try TreeReader(plan, of: rig)
    let model = Model(plan: plan)
    let ordinal = shard.contains("00001") ? 1 : 0
    let table = plan.sources[0].shards
    let bad = table.start(of: ordinal)..<table.start(of: ordinal + 1)
    var failedCount = 0
    for batch in 0..<8 {
      let samples = (batch * 8..<min(60, batch * 8 + 8)).map { model.sample(view: 0, epoch: 0, position: $0) }
      let isBad = samples.contains { bad.contains($0) }
      for tensor in ["input", "target", "numbers"] {
        let path = "train/epoch-0/batch-000\(batch).\(tensor).npy"
        do {
          #expect(try reader.bytes(path) == model.bytes(path))
          #expect(!isBad, "\(path)")
        } catch FileError.damagedData(let message) {
          #expect(isBad && message.contains("source windows") && message.contains(shard), "\(path): \(message)")
          failedCount += 1
        }
      }
    }
    #expect(failedCount > 0)
    #expect(try reader.bytes("plain/batch-0000.id.npy") == model.bytes("plain/batch-0000.id.npy"))
    let log = String(decoding: try reader.bytes(".epochfs/errors.jsonl"), as: UTF8.self)
    #expect(log.split(separator: Character("\n")).count == failedCount && log.contains("xxh64"))
  }

  @Test func theEffectiveConfigurationIsServed() throws {
    let rig = try MountingRig()
    let reader = try TreeReader(try rig.plan(), of: rig)
    let text = String(decoding: try reader.bytes(".epochfs/config.yaml"), as: UTF8.self)
    let again = try TreeReader(try rig.plan(text), of: rig)
    for path in ["train/epoch-1/batch-0003.input.npy", "plain/batch-0002.label.npy", "train/schema.json"] {
      #expect(try again.bytes(path) == reader.bytes(path))
    }
  }
}

/// SplitMix64: a failure's seed, given again, gives the same order.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
