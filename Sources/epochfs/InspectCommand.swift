// epochfs inspect: what a stored file holds, as it says itself.

import ArgumentParser
import ParquetFormat
import Platform

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Describes a Parquet file: its columns and what NumPy receives for them, row groups, encodings, pages and bounds.",
    discussion: "Reads the footer and the headers of all pages, no values. Exits with 1 when a part cannot be read; the rest is described all the same.")

  @Argument(help: "The file.", completion: .file())
  var path: String

  @Flag(help: "Write one JSON object, with every column chunk.")
  var json = false

  func run() throws {
    let inspector: ParquetInspector
    do throws(InspectionError) { inspector = try ParquetInspector(path: path) } catch { throw refuse(error) }
    let problems: [String]
    if json {
      let report = ParquetJSON(inspector)
      print(report.text)
      problems = report.problems
    } else {
      let report = ParquetReport(inspector)
      for line in report.lines { print(line) }
      problems = report.problems
    }
    for problem in problems { StandardError.write("\(path): \(problem)\n") }
    if !problems.isEmpty { throw ExitCode(1) }
  }
}
