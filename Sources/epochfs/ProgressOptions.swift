// How the subcommands that work long show their progress.

internal import ArgumentParser

enum ProgressStyle: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// A bar on a terminal, nothing elsewhere.
  case auto
  /// A line that is drawn again in place, wherever standard error goes.
  case bar
  /// One JSON object a line, at most one a second and one at the end.
  case json
  case none

  /// What `auto` stands for here.
  var resolved: ProgressStyle { self != .auto ? self : StandardError.isTerminal ? .bar : .none }
}

struct ProgressOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How progress is shown on standard error.",
      discussion: "auto is a bar on a terminal and nothing elsewhere; json is one object a line, at most one a second and one at the end.", valueName: "style"))
  var progress = ProgressStyle.auto
}
