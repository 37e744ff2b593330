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
    for source in plan.sources {
      print(
        "source \(source.name): \(source.formatName), \(source.shards.sampleCount) samples in \(source.shards.shardCount) shards, \(ByteCount.text(source.rawByteCount))"
      )
    }
    for folder in plan.folders { print(Self.line(folder)) }
    guard deep else { return }
    let total = DeepCheck.stepCount(plan)
    let bar = Lock(ProgressBar("Checking", total: total, unit: .items("shards"), style: progress.progress))
    let errors = DeepCheck.run(plan) { done in bar.withLock { $0.update(done) } }
    bar.withLock { $0.finish() }
    for error in errors { StandardError.write("\(error)\n") }
    if !errors.isEmpty {
      StandardError.write("\(errors.count) of \(total) shards cannot be served; copy them again from where they came\n")
      throw ExitCode(1)
    }
    print("all \(total) shards are sound")
  }

  /// What a view will show.
  private static func line(_ folder: ViewFolder) -> String {
    let groups = folder.groups.map { " in \($0.count) groups" } ?? ""
    switch folder.whole {
    case .batches(let plan):
      let batchCount = folder.leaves.reduce(0) { if case .batches(let plan) = $1 { $0 + plan.batchCount } else { $0 } }
      return "view \(folder.name): \(batchCount) batches of \(plan.numbering.batchSize) from \(plan.source.name)\(groups), order \(plan.order.name)"
    case .arrays(let plan):
      let unreadable = plan.files.columns.count - plan.readableColumns.count
      return "view \(folder.name): \(plan.readableColumns.count) columns of \(plan.source.name)\(groups) as arrays"
        + (unreadable > 0 ? "; \(unreadable) cannot be read (schema.json says why)" : "")
    }
  }
}
