import ArgumentParser

@main
struct EpochFS: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "epochfs", abstract: "Mounts stored training shards as directories of ready NumPy batches.")
}
