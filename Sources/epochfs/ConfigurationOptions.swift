// What every subcommand that reads a configuration takes.

import ArgumentParser
import MountConfiguration
import Mounting
import Platform

struct ConfigurationOptions: ParsableArguments {
  @Argument(help: "The configuration, a YAML file.", completion: .file(extensions: ["yaml", "yml", "json"]))
  var config: String

  @Option(name: .customLong("set"), help: "Replaces one value of the configuration, as views.train.batch_size=32. May be repeated.")
  var overrides: [String] = []

  @Option(help: "The memory cap, as 512MiB or 8GiB; replaces `memory` of the configuration.")
  var memory: String?

  /// Reads the configuration and opens what it names; warnings go to standard error, as does the progress of what takes long.
  func plan(progress style: ProgressStyle = .auto) throws(ConfigurationError) -> MountPlan {
    let display = ProgressDisplay(style)
    let plan: MountPlan
    do throws(ConfigurationError) {
      plan = try MountPlan(try load()) { display.report($0) }
      display.end()
    } catch {
      display.end()
      throw error
    }
    for warning in plan.warnings { StandardError.write("warning: \(warning)\n") }
    return plan
  }

  /// Reads the configuration, with what the command line says of it.
  func load() throws(ConfigurationError) -> Configuration {
    let all = overrides + (memory.map { ["memory=\($0)"] } ?? [])
    return try Configuration.load(path: config, overrides: all, environment: Configuration.processEnvironment)
  }
}
