// epochfs check: everything a mount would refuse; with --deep every shard is decoded and every hash checked.

import ArgumentParser
import BatchAssembly
import FileTree
import MountConfiguration
import Mounting
import Platform
import SampleOrder
import ShardStore

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Says what a mount would refuse. With --deep, decodes every shard and checks every hash.")

  @OptionGroup var options: ConfigurationOptions

  @OptionGroup var progress: ProgressOptions

  @Flag(help: "Decode every shard of every source and check every hash.")
  var deep = false

  func run() throws {
    let plan: MountPlan
    do throws(ConfigurationError) { plan = try options.plan(progress: progress.progress) } catch { throw refuse(error) }
    for note in plan.notes { StandardError.write("note: \(note)\n") }
    for source in plan.sources { print(Self.line(source)) }
    for folder in plan.folders { print(Self.line(folder)) }
    guard deep else { return }
    let total = DeepCheck.stepCount(plan)
    let noun = Self.noun(plan.sources)
    let bar = Lock(ProgressBar("Checking", total: total, unit: .items(noun), style: progress.progress))
    let errors = DeepCheck.run(plan) { done in bar.withLock { $0.update(done) } }
    bar.withLock { $0.finish() }
    for error in errors { StandardError.write("\(error)\n") }
    if !errors.isEmpty {
      StandardError.write("\(errors.count) of \(ItemCount.text(total, noun)) cannot be served; copy the files that are named above again\n")
      throw ExitCode(1)
    }
    // Of what has no checksum only the form can be looked at.
    print("all is sound, as far as checksums and form tell: \(Self.counts(plan.sources))")
  }

  /// What the shards of all sources are called together.
  private static func noun(_ sources: [any StoredSource]) -> String {
    let nouns = Set(sources.map(\.shardNoun))
    return nouns.count == 1 ? nouns.first ?? "part" : "part"
  }

  /// `8 shards, 1 row group`.
  private static func counts(_ sources: [any StoredSource]) -> String {
    var counts: [(noun: String, count: Int)] = []
    for source in sources {
      let place = counts.firstIndex { $0.noun == source.shardNoun } ?? counts.count
      if place == counts.count { counts.append((source.shardNoun, 0)) }
      counts[place].count += source.shards.shardCount
    }
    return counts.map { ItemCount.text($0.count, $0.noun) }.joined(separator: ", ")
  }

  private static func line(_ source: any StoredSource) -> String {
    let shards = ItemCount.text(source.shards.shardCount, source.shardNoun)
    let files = source.fileCount.map { " of \(ItemCount.text($0, "file"))" } ?? ""
    return
      "source \(source.name): \(source.formatName), \(ItemCount.text(source.shards.sampleCount, "sample")) in \(shards)\(files), \(ByteCount.text(source.rawByteCount))"
  }

  /// What a view will show.
  private static func line(_ folder: ViewFolder) -> String {
    let groups = folder.groups.map { " in \(ItemCount.text($0.count, "group"))" } ?? ""
    switch folder.whole {
    case .batches(let plan):
      let batchCount = folder.leaves.reduce(0) { if case .batches(let plan) = $1 { $0 + plan.batchCount } else { $0 } }
      return
        "view \(folder.name): \(ItemCount.text(batchCount, "batch")) of \(ItemCount.text(plan.numbering.batchSize, "sample")) from \(plan.source.name)\(groups), order \(plan.order.name)"
    case .arrays(let plan):
      let unreadable = plan.files.columns.count - plan.readableColumns.count
      return "view \(folder.name): \(ItemCount.text(plan.readableColumns.count, "column")) of \(plan.source.name)\(groups) as arrays"
        + (unreadable > 0 ? "; \(unreadable) cannot be read (schema.json says why)" : "")
    }
  }
}
