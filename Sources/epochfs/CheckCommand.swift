// epochfs check: everything a mount would refuse; with --deep every shard is decoded and every hash checked.

import ArgumentParser
import BatchAssembly
import MountConfiguration
import Mounting
import Platform
import SampleOrder
import ShardStore

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Says what a mount would refuse. With --deep, decodes every shard and checks every hash.")

  @OptionGroup var options: ConfigurationOptions

  @Flag(help: "Decode every shard of every source and check every hash.")
  var deep = false

  func run() throws {
    let plan: MountPlan
    do throws(ConfigurationError) { plan = try options.plan() } catch { throw refuse(error) }
    for source in plan.sources {
      print(
        "source \(source.name): \(source.formatName), \(source.shards.sampleCount) samples in \(source.shards.shardCount) shards, \(ByteCount.text(source.rawByteCount))"
      )
    }
    for view in plan.views {
      print(
        "view \(view.name): \(view.batchCount) batches of \(view.numbering.batchSize) from \(view.source.name), order \(view.order.name)"
      )
    }
    guard deep else { return }
    let total = plan.sources.reduce(0) { $0 + $1.shards.shardCount }
    let bar = Lock(ProgressBar("Checking", total: total, unit: .items("shards")))
    let errors = DeepCheck.run(plan) { done in bar.withLock { $0.update(done) } }
    bar.withLock { $0.finish() }
    for error in errors { StandardError.write("\(error)\n") }
    if !errors.isEmpty {
      StandardError.write("\(errors.count) of \(total) shards cannot be served; copy them again from where they came\n")
      throw ExitCode(1)
    }
    print("all \(total) shards are sound")
  }
}
