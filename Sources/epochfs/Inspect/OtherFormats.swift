// Data of another format in a folder that is described.

internal import JSONParsing
internal import Platform
internal import ShardStore

/// What a folder holds beside what is described of it.
struct OtherFormats {
  private let name: String
  /// What `epochfs inspect` describes each of.
  private let paths: [String]

  /// More are counted only.
  private static let shownLimit = 3

  /// Parquet files below the folder of an MDS data set.
  static func besideMDS(in folder: String) -> OtherFormats {
    OtherFormats(name: "Parquet file", paths: (try? ParquetFolder.paths(below: folder)) ?? [])
  }

  /// MDS data sets below a folder of Parquet files: the folders that hold an index, or hold the folders that do.
  static func besideParquet(in folder: String) -> OtherFormats {
    let listed = (try? FileListing(endings: ["index.json"]).files(folder))?.paths ?? []
    var sets: [String] = []
    for index in listed where index.hasSuffix("/index.json") {
      let holder = parent(of: index)
      // What lies as near as a data set of this folder would is none that can be read.
      let set = holder == folder ? index : parent(of: holder) == folder ? holder : parent(of: holder)
      if !sets.contains(set) { sets.append(set) }
    }
    return OtherFormats(name: "MDS data set", paths: sets)
  }

  private static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  var lines: [String] {
    guard !paths.isEmpty else { return [] }
    let shown = paths.prefix(Self.shownLimit) + (paths.count > Self.shownLimit ? ["..."] : [])
    return ["", "not described here: \(ItemCount.text(paths.count, name)), \(shown.joined(separator: ", "))"]
  }

  func write(to json: inout JSONWriter) {
    json.array("not_described") { json in for path in paths { json.string(path) } }
  }
}
