// epochfs inspect: what stored files hold, as they say themselves.

import ArgumentParser
import ParquetFormat
import Platform
import ShardStore

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Describes an MDS data set, one of its shards, or a Parquet file or folder: columns and what NumPy receives for them, encodings, sizes, samples.",
    discussion: """
      Of an MDS data set the index files are read, and the sizes of the shards compared; of one shard also what its values say. Of a Parquet file the footer \
      and the headers of all pages are read: row groups, encodings, pages, bounds. Samples are decoded. Exits with 1 when a part cannot be read; the rest is \
      described all the same.
      """)

  @Argument(help: "The file or folder.", completion: .file())
  var path: String

  @Flag(help: "Write one JSON object, with every shard or column chunk.")
  var json = false

  @Option(help: ArgumentHelp("Samples to show.", valueName: "count"))
  var samples = 3

  func validate() throws {
    guard (0...1000).contains(samples) else { throw ValidationError("--samples is 0 to 1000, not \(samples)") }
  }

  func run() throws {
    let found: (lines: [String], problems: [String])
    do throws(InspectionError) { found = try describe() } catch { throw refuse(error) }
    for line in found.lines { print(line) }
    for problem in found.problems.prefix(Self.problemLimit) { StandardError.write("\(problem)\n") }
    if found.problems.count > Self.problemLimit { StandardError.write("... \(found.problems.count) problems in all; --json tells every one\n") }
    if !found.problems.isEmpty { throw ExitCode(1) }
  }

  private static let problemLimit = 50

  private func describe() throws(InspectionError) -> (lines: [String], problems: [String]) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if Folder.kind(of: path) == .folder, let files = try ParquetFolder.files(in: path) { return describe(try ParquetFolder(path: path, files: files)) }
    // An index.json beside a Parquet file has nothing to say of it.
    let isParquet = ParquetInspector.looksLikeParquet(path)
    if !isParquet, let inspector = try MDSInspector(path: path) {
      if json {
        let report = MDSJSON(inspector, sampleLimit: samples)
        return ([report.text], report.problems)
      }
      let report = MDSReport(inspector, sampleLimit: samples)
      return (report.lines, report.problems)
    }
    if !isParquet, let appearance = try? FileAppearance.description(of: path) {
      throw InspectionError(path: path, problem: "is neither a Parquet file nor a shard that the index.json of an MDS data set names, but \(appearance)")
    }
    return describe(try ParquetInspector(path: path))
  }

  private func describe(_ inspector: ParquetInspector) -> (lines: [String], problems: [String]) {
    if json {
      let report = ParquetJSON(inspector, sampleLimit: samples)
      return ([report.text], report.problems.map { "\(inspector.path): \($0)" })
    }
    let report = ParquetReport(inspector, sampleLimit: samples)
    return (report.lines, report.problems.map { "\(inspector.path): \($0)" })
  }

  private func describe(_ folder: ParquetFolder) -> (lines: [String], problems: [String]) {
    (json ? [folder.json] : folder.lines, folder.problems)
  }
}
