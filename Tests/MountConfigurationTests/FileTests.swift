// Loading from the disk, the files of mount-configs, and docs/CONFIGURATION.md.

import Foundation
import Testing

@testable import MountConfiguration

/// The repository that this file lies in.
private let repository = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

struct FileTests {
  /// A folder of its own with one file in it.
  private static func withFile(_ name: String, _ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "epochfs-config-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    try body(path)
  }

  private func complaint(_ path: String) -> String {
    do {
      _ = try Configuration.load(path: path, environment: [:])
      return ""
    } catch {
      return error.description
    }
  }

  @Test func pathsAreRelativeToTheFile() throws {
    try Self.withFile("config.yaml", Array(sampleYAML.utf8)) { path in
      let folder = path.dropLast("/config.yaml".count)
      let configuration = try Configuration.load(path: path, environment: [:])
      #expect(configuration.sources[0].paths[0].value.expanded == folder + "/mds")
      #expect(ConfigurationFile.folder(of: "a/../b.yaml").hasPrefix("/") && ConfigurationFile.folder(of: "a/../b.yaml").hasSuffix("/a/.."))
      #expect(ConfigurationFile.folder(of: "/b.yaml") == "/")
    }
  }

  @Test func unreadableFiles() throws {
    #expect(complaint("/nowhere/config.yaml") == "/nowhere/config.yaml: the configuration cannot be read: No such file or directory")
    #expect(complaint("/tmp").hasPrefix("/tmp: the configuration cannot be read: "))
    #expect(complaint("a\0b").contains("holds a NUL"))
    try Self.withFile("bad.yaml", Array("version: 1\nname: x\nsources: {a: [}\n".utf8)) { #expect(complaint($0).contains("bad.yaml:3: not valid YAML")) }
    try Self.withFile("latin1.yaml", Array("version: 1\nname: ".utf8) + [0xE9, 0x0A]) {
      #expect(complaint($0).hasSuffix("latin1.yaml:2: the configuration is not UTF-8"))
    }
    try Self.withFile("large.yaml", Array(repeating: 0x23, count: 1 << 20 + 1)) { #expect(complaint($0).hasSuffix("the configuration is larger than 1MiB")) }
  }

  @Test func processEnvironment() {
    #expect(Configuration.processEnvironment["PATH"]?.isEmpty == false)
  }

  // MARK: - Examples

  private static func text(_ path: String) throws -> String { try ConfigurationFile.text(repository + "/" + path) }

  private static func mountConfigs() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: repository + "/mount-configs").filter { $0.hasSuffix(".yaml") }.sorted()
  }

  @Test func everyMountConfigLoads() throws {
    let names = try Self.mountConfigs()
    #expect(names.contains("ais.yaml"))
    for name in names {
      let configuration = try Configuration.load(path: repository + "/mount-configs/" + name, environment: [:])
      #expect(configuration.warnings.isEmpty, "\(name)")
      #expect(try Configuration.parse(configuration.effectiveYAML, file: name, folder: "/") == configuration)
    }
  }

  @Test func aisServesTheDocumentsTasks() throws {
    let ais = try Configuration.load(path: repository + "/mount-configs/ais.yaml", environment: ["AIS_DATA": "/data/ais"])
    #expect(ais.sources[0].paths[0].value.expanded == "/data/ais/mds")
    let train = try #require(ais.view(named: "train"))
    let tasks = try #require(ais.view(named: "tasks"))
    #expect(train.epochs?.value == 10 && train.ranks?.value == 8 && train.batchSize.value == 64 && train.order.seed == 42)
    #expect(train.tensors.map(\.name.value) == ["input", "target"] && train.tensors[0].transform.count == 5)
    #expect(tasks.tensors.map { $0.slice?.value } == [":128", "128, :2", "128:228", "128:"])
    #expect(tasks.tensors[0].transform == train.tensors[0].transform)
  }

  // MARK: - docs/CONFIGURATION.md

  @Test(arguments: Section.allCases)
  func pageHoldsTheTableOf(section: Section) throws {
    let table = markdownTable(section)
    #expect(try Self.text("docs/CONFIGURATION.md").contains(table), "docs/CONFIGURATION.md must hold:\n\(table)")
  }

  @Test func examplesOfThePageLoad() throws {
    let parts = try Self.text("docs/CONFIGURATION.md").split(separator: "```yaml\n", omittingEmptySubsequences: false).dropFirst()
    #expect(parts.count >= 6)
    for part in parts {
      let example = try String(#require(part.split(separator: "```", maxSplits: 1).first))
      #expect(complaints(example) == "", "\(example)")
    }
  }
}

/// The table of a section as the page shows it.
func markdownTable(_ section: Section) -> String {
  var lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
  for key in section.keys {
    let later = SupportedFeatures.supports(key.name, in: section) ? "" : "*Not in this version.* "
    lines.append("| `\(key.name)` | \(key.type) | \(key.whenAbsent) | \(later)\(key.meaning) |")
  }
  return lines.joined(separator: "\n") + "\n"
}
