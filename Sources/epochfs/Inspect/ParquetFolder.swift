// A folder of Parquet files, file by file.

internal import JSONParsing
internal import ParquetFormat
internal import Platform
internal import ShardStore

/// The files of a folder as a source would list them: their footers, and whether their columns are the same.
struct ParquetFolder {
  private struct File {
    let path: String
    let byteCount: Int
    let rowCount: Int
    let rowGroupCount: Int
    let createdBy: String?
  }
  private let path: String
  private var files: [File] = []
  private var leaves: [ParquetLeaf] = []
  private(set) var problems: [String] = []
  private let others: OtherFormats

  /// Of more files the first, the last and the count are shown.
  private static let fileLimit = 40

  /// Nil where the folder holds an MDS data set, or no Parquet files.
  static func files(in folder: String) throws(InspectionError) -> [String]? {
    if let folders = try? MDSDescription.folders(of: folder), !folders.isEmpty { return nil }
    let found: [String]
    do throws(SourceError) { found = try paths(below: folder) } catch { throw InspectionError(path: folder, problem: "\(error)") }
    return found.isEmpty ? nil : found
  }

  static func paths(below folder: String) throws(SourceError) -> [String] { try FileListing(endings: [".parquet", ".parq", ".pq"]).allFiles(folder) }

  init(path: String, files paths: [String]) throws(InspectionError) {
    self.path = path
    others = .besideParquet(in: path)
    var firstPath: String?
    for path in paths {
      let inspector: ParquetInspector
      do throws(InspectionError) { inspector = try ParquetInspector(path: path) } catch {
        problems.append("\(error)")
        continue
      }
      let metadata = inspector.metadata
      files.append(
        File(
          path: path, byteCount: inspector.fileByteCount, rowCount: metadata.rowCount, rowGroupCount: metadata.rowGroups.count, createdBy: metadata.createdBy))
      guard let firstPath else {
        firstPath = path
        leaves = Array(metadata.schema.leaves)
        continue
      }
      let found = Dictionary(metadata.schema.leaves.map { ($0.name, $0.storedDescription) }, uniquingKeysWith: { first, _ in first })
      let expected = Dictionary(leaves.map { ($0.name, $0.storedDescription) }, uniquingKeysWith: { first, _ in first })
      if found != expected {
        let names = Set(found.keys).union(expected.keys).filter { found[$0] != expected[$0] }.sorted()
        problems.append("\(path): its columns differ from those of \(firstPath): \(names.joined(separator: ", "))")
      }
    }
    if files.isEmpty {
      throw InspectionError(path: path, problem: "of its \(ItemCount.text(paths.count, "Parquet file")) none can be read: \(problems.first ?? "")")
    }
  }

  private var rowCount: Int { files.reduce(0) { $0 &+ $1.rowCount } }
  private var byteCount: Int { files.reduce(0) { $0 &+ $1.byteCount } }
  private func name(_ file: File) -> String { file.path.hasPrefix(path + "/") ? String(file.path.dropFirst(path.count + 1)) : file.path }

  var lines: [String] {
    let rowGroupCount = files.reduce(0) { $0 + $1.rowGroupCount }
    var columns = TextTable([("column", .left), ("stored as", .left), ("served as", .left)])
    for leaf in leaves { columns.add([leaf.name, leaf.storedDescription, leaf.arrayDescription]) }
    var table = TextTable([("file", .left), ("rows", .right), ("row groups", .right), ("stored", .right), ("written by", .left)])
    for (place, file) in files.enumerated() where files.count <= Self.fileLimit || place < Self.fileLimit / 2 || place == files.count - 1 {
      table.add([name(file), "\(file.rowCount)", "\(file.rowGroupCount)", ByteCount.text(file.byteCount), file.createdBy ?? ""])
      if files.count > Self.fileLimit, place == Self.fileLimit / 2 - 1 { table.add(["... \(files.count) files in all", "", "", "", ""]) }
    }
    return [
      "\(path): \(ItemCount.text(files.count, "Parquet file")), \(ItemCount.text(rowCount, "row")) in \(ItemCount.text(rowGroupCount, "row group")), \(ByteCount.text(byteCount))",
      "`epochfs inspect FILE` tells of one file's encodings, pages, bounds and samples", "",
    ] + columns.lines + [""] + table.lines + others.lines
  }

  var json: String {
    var json = JSONWriter()
    json.object { json in
      json.member("path", path)
      json.member("format", "parquet")
      json.member("is_folder", true)
      json.member("rows", rowCount)
      json.member("bytes", byteCount)
      json.array("columns") { json in
        for leaf in leaves {
          json.object { json in
            json.member("name", leaf.name)
            json.member("stored", leaf.storedDescription)
            json.member("served", leaf.arrayDescription)
          }
        }
      }
      json.array("files") { json in
        for file in files {
          json.object { json in
            json.member("path", file.path)
            json.member("rows", file.rowCount)
            json.member("row_groups", file.rowGroupCount)
            json.member("bytes", file.byteCount)
            if let createdBy = file.createdBy { json.member("created_by", createdBy) } else { json.null("created_by") }
          }
        }
      }
      others.write(to: &json)
      json.array("problems") { json in for problem in problems { json.string(problem) } }
    }
    return json.text
  }
}
