// The program: its subcommands and its version.

import ArgumentParser
import Glibc
import MountConfiguration

@main
struct EpochFS: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "epochfs",
    abstract: "Mounts stored training shards as directories of ready NumPy batches.",
    discussion: """
      Begin with `epochfs sample DIR`, which writes a small data set and a configuration that mounts it.
      Exit codes: 0 done; 1 refused or failed, with the reason on standard error; 64 wrong usage.
      """,
    version: version,
    subcommands: [
      MountCommand.self, UnmountCommand.self, CheckCommand.self, TreeCommand.self, CatCommand.self, InspectCommand.self, TopCommand.self,
      SampleCommand.self,
    ])

  static func main() {
    StandardOutput.checkAtExit()
    refuseUnknownCommand()
    main(nil)
  }

  /// A mistyped command is told as such: the parser would take it for an argument too many.
  private static func refuseUnknownCommand() {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), word != "help" else { return }
    let known = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard !known.contains(word) else { return }
    StandardError.write(unknownNameMessage("there is no command \(word)", found: word, allowed: known) + "\n")
    Glibc.exit(ExitCode.validationFailure.rawValue)
  }
}

extension ParsableCommand {
  /// Ends the program with exit code 1 after saying why.
  func refuse(_ error: some Error) -> any Error {
    StandardError.write("\(error)\n")
    return ExitCode(1)
  }
}
