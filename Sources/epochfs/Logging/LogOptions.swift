// What the command line says about the log.

internal import ArgumentParser
internal import Logging

enum LogFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// `message key=value ...`
  case text
  /// One JSON object a line.
  case json
}

enum LogLevel: String, ExpressibleByArgument, CaseIterable, Sendable {
  case trace, debug, info, notice, warning, error, critical

  var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}

struct LogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How lines of the log are written.", discussion: "json is one object a line, with time, level, message and what belongs to it.", valueName: "format"))
  var logFormat = LogFormat.text

  @Option(
    help: ArgumentHelp(
      "The least level that is logged.", discussion: "SIGUSR1 makes a running mount log one level more, SIGUSR2 one level less.", valueName: "level"))
  var logLevel = LogLevel.info
}
