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

  /// Reads the configuration and opens what it names; warnings go to standard error.
  /// - Parameter notice: told what takes long, as a sentence, from any thread.
  func plan(notice: @escaping @Sendable (String) -> Void = { StandardError.write($0 + "\n") }) throws(ConfigurationError) -> MountPlan {
    let all = overrides + (memory.map { ["memory=\($0)"] } ?? [])
    let plan = try MountPlan(try Configuration.load(path: config, overrides: all, environment: Configuration.processEnvironment), notice: notice)
    for warning in plan.warnings { StandardError.write("warning: \(warning)\n") }
    return plan
  }
}
