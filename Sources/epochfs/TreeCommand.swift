// epochfs tree: what a mount would show, with sizes, without mounting.

import ArgumentParser
import FileTree
import MountConfiguration
import Mounting
import Platform

struct TreeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tree",
    abstract: "Prints the tree that a mount would show, with sizes. Of a folder with more than 20 files: the first, the last and the count.")

  @OptionGroup var options: ConfigurationOptions

  @Option(help: "How many levels to go down.")
  var depth: Int?

  func validate() throws {
    if let depth, depth < 1 { throw ValidationError("--depth is at least 1, not \(depth)") }
  }

  func run() throws {
    let plan: MountPlan
    do throws(ConfigurationError) { plan = try options.plan() } catch { throw refuse(error) }
    print(plan.configuration.name.value)
    show(.root, of: plan.tree, prefix: "", level: 1)
  }

  private static let fileLimit = 20

  private static func isArray(_ node: Node) -> Bool { if case .array = node { true } else { false } }

  private func show(_ folder: Node, of tree: FileTree, prefix: String, level: Int) {
    if let depth, level > depth { return }
    let count = tree.entryCount(of: folder)
    // Folders come before files in every folder but a view's, where the one schema.json is first: both ends show all there is to see.
    var shown: [Int?] = Array(0..<count)
    let firstFile = (0..<count).first { ordinal in
      switch tree.entry(ordinal, of: folder).node {
      case .batch, .array: true
      default: false
      }
    }
    if let firstFile, count - firstFile > Self.fileLimit { shown = Array(0...firstFile) + [nil, count - 1] }
    for (index, ordinal) in shown.enumerated() {
      let isLast = index == shown.count - 1
      guard let ordinal else {
        print("\(prefix)├── ... \(count - (firstFile ?? 0)) files in all")
        continue
      }
      let (name, node) = tree.entry(ordinal, of: folder)
      let size = tree.byteCount(of: node).map { "  \(ByteCount.text($0))" } ?? (Self.isArray(node) ? "  (its size is known when its column was decoded)" : "")
      print("\(prefix)\(isLast ? "└── " : "├── ")\(name)\(node.isFolder ? "/" : "")\(size)")
      if node.isFolder { show(node, of: tree, prefix: prefix + (isLast ? "    " : "│   "), level: level + 1) }
    }
  }
}
