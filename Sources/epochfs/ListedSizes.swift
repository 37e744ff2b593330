// The sizes of files that only their values tell, for `epochfs tree`.

import BatchAssembly
import FileTree
import Mounting
import Platform
import SampleOrder
import ShardStore
import Synchronization

/// Finds sizes as a mount does, by decoding: of whole columns, and of batches whose rows differ in size. Not where that is much.
final class ListedSizes {
  private let plan: MountPlan
  private var service: (tree: MountedTree, assembler: BatchAssembler)?
  /// What was decoded for batches so far, of which an epoch has two in the listing, or twenty.
  private let batchByteCount = Decoded()

  private final class Decoded: Sendable {
    let byteCount = Atomic(0)
  }

  init(_ plan: MountPlan) { self.plan = plan }

  /// More than this is not decoded for the sake of a listing: of one column, and for all batches together.
  private static let byteLimit = 1 << 30

  /// Nil for what has no size to be found.
  func text(of node: Node) -> String? {
    let byteCount: Int
    let isTooMuch: Bool
    switch node {
    case .array(let key):
      byteCount = plan.tree.arrays[key.plan].source.rawByteCount
      isTooMuch = byteCount > Self.byteLimit
    case .batch(let key, _):
      byteCount = Self.expectedByteCount(plan.views[key.folder.view])
      isTooMuch = byteCount > Self.byteLimit - batchByteCount.byteCount.load(ordering: .relaxed)
    case .root, .controlFolder, .control, .folder, .schema, .epoch, .rank: return nil
    }
    guard !isTooMuch else { return "(to know its size \(ByteCount.text(byteCount)) must be decoded)" }
    do throws(FileError) {
      guard let tree = start() else { return "(no thread could be started to find its size)" }
      let attributes = try Answer.wait { tree.attributes(of: plan.tree.scheme.inode(of: node), handle: nil, reply: $0) }
      return ByteCount.text(attributes.byteCount)
    } catch {
      if case .damagedData(let message) = error { return "(cannot be read: \(message))" }
      return "(its size cannot be found: \(error))"
    }
  }

  /// What making a batch of the view is expected to decode: the shards of its block of the order, whose first and last belong to other blocks too.
  private static func expectedByteCount(_ view: ViewPlan) -> Int {
    let source = view.source
    let (sampleCount, shardCount) = (source.shards.sampleCount, source.shards.shardCount)
    guard sampleCount > 0, shardCount > 0 else { return 0 }
    let isMixed = view.order.algorithm != .sequential
    let rowCount = min(sampleCount, max(view.numbering.batchSize, isMixed ? view.order.mixedSampleCount : 0))
    let rows = Double(source.rawByteCount) * Double(rowCount) / Double(sampleCount)
    return min(source.rawByteCount, Int(min(rows, 0x1p60)) + 2 * (source.rawByteCount / shardCount))
  }

  private func start() -> MountedTree? {
    if let service { return service.tree }
    guard
      let assembler = try? plan.makeAssembler(
        onShardError: { _ in },
        onDecode: { [batchByteCount] part in if part.kind == "shard" { batchByteCount.byteCount.add(part.byteCount, ordering: .relaxed) } })
    else { return nil }
    let tree = plan.makeTree(assembler: assembler, version: EpochFS.version) { _ in }
    service = (tree, assembler)
    return tree
  }

  func stop() { service?.assembler.stop() }
}
