// Which files a path stands for, in which order, and what columns their paths make.

import Glibc
import Platform
import Testing

@testable import ShardStore

@Suite struct FileListingTests {
  private let listing = FileListing(endings: [".parquet", ".pq"])

  private func folder(_ files: String...) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for file in files {
      var path = folder.path
      let parts = file.split(separator: "/")
      for part in parts.dropLast() {
        path += "/" + part
        try TestFiles.makeFolder(path)
      }
      try TestFiles.write("x", to: path + "/" + parts[parts.count - 1])
    }
    return folder
  }

  private func names(_ files: ListedFiles, in folder: TemporaryFolder) -> [String] { files.paths.map { String($0.dropFirst(folder.path.utf8.count + 1)) } }

  private func texts(_ files: ListedFiles) -> [String: [String?]] { Dictionary(uniqueKeysWithValues: files.columns.map { ($0.name, $0.texts) }) }

  @Test func foldersAreTakenRecursivelyInByteOrder() throws {
    let folder = try folder(
      "b.parquet", "a/z.parquet", "a-b/y.PARQUET", "a.parquet", "B.pq", "a0/x.parquet", "_temporary/t.parquet", ".hidden/h.parquet", "_metadata.parquet",
      "notes.txt", "a/deep/er.parquet")
    #expect(
      names(try listing.files(folder.path), in: folder) == [
        "B.pq", "a-b/y.PARQUET", "a.parquet", "a/deep/er.parquet", "a/z.parquet", "a0/x.parquet", "b.parquet",
      ])
  }

  @Test func hiveFoldersMakeColumns() throws {
    let folder = try folder(
      "partition=001/y=a%20b/1.parquet", "partition=000/y=%zz/0.parquet", "partition=__HIVE_DEFAULT_PARTITION__/y=a%2Fb/n.parquet", "plain/2.parquet",
      "partition=/e.parquet")
    let files = try listing.files(folder.path)
    #expect(
      names(files, in: folder) == [
        "partition=/e.parquet", "partition=000/y=%zz/0.parquet", "partition=001/y=a%20b/1.parquet", "partition=__HIVE_DEFAULT_PARTITION__/y=a%2Fb/n.parquet",
        "plain/2.parquet",
      ])
    #expect(texts(files) == ["partition": ["", "000", "001", nil, nil], "y": [nil, "%zz", "a b", "a/b", nil]])
    #expect(files.columns.allSatisfy { !$0.isCaptured })
    // Those that a path ends with count too.
    #expect(texts(try listing.files(folder.path("partition=001"))) == ["partition": ["001"], "y": ["a b"]])
    #expect(texts(try listing.files(folder.path("partition=001/y=a%20b/1.parquet"))) == ["partition": ["001"], "y": ["a b"]])
    #expect(texts(try listing.files(folder.path("partition=0*/y=a*/*.parquet"))) == ["partition": ["001"], "y": ["a b"]])
    #expect(texts(try listing.files(folder.path("partition=001/*/*.parquet"))) == ["partition": ["001"], "y": ["a b"]])
  }

  @Test func patternsCapture() throws {
    let folder = try folder(
      "AUDUSD_M6AM4_dataset.parquet", "AUDUSD_M6AU4_dataset.parquet", "AUDUSD__dataset.parquet", "other.parquet", "2024/x_dataset.bin", "2025/sub/y.parquet",
      "2025/sub/z.txt")
    let files = try listing.files(folder.path("AUDUSD_{symbol}_dataset.parquet"))
    #expect(names(files, in: folder) == ["AUDUSD_M6AM4_dataset.parquet", "AUDUSD_M6AU4_dataset.parquet"])
    #expect(files.columns == [PathColumn(name: "symbol", texts: ["M6AM4", "M6AU4"], isCaptured: true)])
    // A file that a pattern names is taken whatever its name ends with; a folder that it matches is walked.
    let years = try listing.files(folder.path("{year}/*"))
    #expect(names(years, in: folder) == ["2024/x_dataset.bin", "2025/sub/y.parquet"])
    #expect(texts(years) == ["year": ["2024", "2025"]])
  }

  @Test func refusals() throws {
    let folder = try folder("a.txt", "sub/b.csv", "k=1/k=2/x.parquet")
    func message(_ path: String) -> String { #expect(throws: SourceError.self) { _ = try listing.files(path) }?.message ?? "" }
    #expect(message(folder.path("sub")).contains("holds no file that ends with .parquet, .pq; there are 1 others, such as b.csv"))
    #expect(message(folder.path("missing")).contains("there is no such file or folder"))
    #expect(message(folder.path("*.parquet")).contains("matches no file"))
    #expect(message(folder.path("{a}/{a}.parquet")).contains("{a} is there twice"))
    #expect(message(folder.path("k=1")).contains("the column k is named twice"))
  }

  @Test func linksAreFollowedButNotForEver() throws {
    let folder = try folder("data/a.parquet", "elsewhere/b.parquet")
    #expect(unsafe symlink("..", folder.path("data/up")) == 0)
    #expect(unsafe symlink(folder.path("elsewhere/b.parquet"), folder.path("data/link.parquet")) == 0)
    #expect(unsafe symlink("nowhere", folder.path("data/broken.txt")) == 0)
    #expect(names(try listing.files(folder.path("data")), in: folder) == ["data/a.parquet", "data/link.parquet", "data/up/elsewhere/b.parquet"])
  }

  /// All that has a name of the data and cannot be looked at; the same by folder and by pattern.
  @Test(arguments: ["b.parquet", "b", "b=1.5", "b.2024"]) func linksToNothingAreNamed(_ name: String) throws {
    let folder = try folder("data/a.parquet", "data/c.parquet")
    #expect(unsafe symlink("nowhere", folder.path("data/\(name)")) == 0)
    for path in ["data", "data/*", "*/\(name)", "data/\(name)"] {
      let error = #expect(throws: SourceError.self) { _ = try listing.files(folder.path(path)) }
      #expect(error?.message.hasPrefix("\(folder.path)/data/\(name): is a link to nowhere, which cannot be followed") == true, "\(path)")
    }
    // A name that the pattern only tries.
    #expect(names(try listing.files(folder.path("*/c.parquet")), in: folder) == ["data/c.parquet"])
  }

  @Test func listsKeepTheirOrderAndShareTheirColumns() throws {
    let folder = try folder("p=1/a.parquet", "q=x/b.parquet", "c.parquet")
    let files = try listing.files(folder.path("q=x")).appending(try listing.files(folder.path("c.parquet"))).appending(try listing.files(folder.path("p=1")))
    #expect(names(files, in: folder) == ["q=x/b.parquet", "c.parquet", "p=1/a.parquet"])
    #expect(texts(files) == ["q": ["x", nil, nil], "p": [nil, nil, "1"]])
    #expect(texts(files.droppingColumn("q")) == ["p": [nil, nil, "1"]])
  }

  /// As the configuration's own folder is written where its name looks like a pattern.
  @Test func bracketsKeepANameFromBeingAPattern() throws {
    let folder = try folder("k=[1]/a{b}.parquet", "k=[1]/ab.parquet", "k=1/a{b}.parquet", "k=[1]/c[1].parquet", "k=[1]/c1.parquet")
    #expect(names(try listing.files(folder.path("k=[[]1]/a*")), in: folder) == ["k=[1]/ab.parquet", "k=[1]/a{b}.parquet"])
    #expect(texts(try listing.files(folder.path("k=[[]1]/a*"))) == ["k": ["[1]", "[1]"]])
    #expect(texts(try listing.files(folder.path("k=[[]1]/ab.parquet"))) == ["k": ["[1]"]])
    #expect(names(try listing.files(folder.path("k=[[]1]/a[{]b}.parquet")), in: folder) == ["k=[1]/a{b}.parquet"])
    // What exists is no pattern behind such a name either.
    #expect(names(try listing.files(folder.path("k=[[]1]/c[1].parquet")), in: folder) == ["k=[1]/c[1].parquet"])
    let missing = #expect(throws: SourceError.self) { _ = try listing.files(folder.path("k=[[]1]/z.parquet")) }
    #expect(missing?.message == "\(folder.path)/k=[1]/z.parquet: there is no such file or folder")
  }

  @Test func formatsOfFoldersMatchFolders() throws {
    let folder = try folder("train/w0/index.json", "val/w0/index.json")
    let files = try FileListing.folders.files(folder.path("{split}"))
    #expect(names(files, in: folder) == ["train", "val"])
    #expect(texts(files) == ["split": ["train", "val"]])
  }

  @Test func manyFilesAreListedQuickly() throws {
    let folder = try TemporaryFolder()
    for part in 0..<40 {
      try TestFiles.makeFolder(folder.path("partition=\(part)"))
      for file in 0..<100 { try TestFiles.write("", to: folder.path("partition=\(part)/batch_\(file).parquet")) }
    }
    let begin = MonotonicClock.nanoseconds
    let files = try listing.files(folder.path)
    #expect(files.paths.count == 4000)
    // A debug build on a busy machine; 100,000 take well under a second in a release build.
    #expect(MonotonicClock.nanoseconds - begin < 3_000_000_000)
  }
}

@Suite struct PathPatternTests {
  @Test(
    arguments: [
      ("*.parquet", "a.parquet", []), ("*.parquet", ".parquet", nil), ("*", "_x", nil), ("_*", "_x", []), ("?.x", "é.x", []), ("?.x", "ab.x", nil),
      ("[a-c]1", "b1", []), ("[!a-c]1", "b1", nil), ("[]]", "]", []), ("[", "[", []), ("[[]", "[", []), ("[*]x", "*x", []), ("[*]x", "ax", nil),
      ("[?][{]a}", "?{a}", []), ("[!*]", "*", nil), ("[*?]", "?", []), ("{a}_{b}", "x_y_z", ["x", "y_z"]), ("{a}{b}", "xy", ["x", "y"]),
      ("{a}", "", nil), ("x{a}y", "xy", nil), ("{}", "{}", []), ("{a b}", "{a b}", []), ("{s}*{t}.bin", "abc.bin", ["a", "bc"]),
    ] as [(String, String, [String]?)])
  func matches(_ pattern: String, _ name: String, _ expected: [String]?) {
    #expect(SegmentPattern(pattern).match(name) == expected)
  }

  @Test(arguments: [("we[[]i[*]rd]", "we[i*rd]"), ("[{]a}[?]", "{a}?"), ("[a]", nil), ("[!*]", nil), ("[*?]", nil), ("[*]*", nil)])
  func literals(_ pattern: String, _ expected: String?) { #expect(SegmentPattern(pattern).literal == expected) }

  @Test func manyWildcardsDoNotExplode() {
    let begin = MonotonicClock.nanoseconds
    #expect(SegmentPattern(String(repeating: "*a", count: 60) + "b").match(String(repeating: "a", count: 250)) == nil)
    #expect(MonotonicClock.nanoseconds - begin < 5_000_000_000)
  }
}
