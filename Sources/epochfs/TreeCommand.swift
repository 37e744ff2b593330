// epochfs tree: what a mount would show, with sizes, without mounting.

import ArgumentParser
import BatchAssembly
import FileTree
import MountConfiguration
import Mounting
import Platform
import ShardStore

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
    let sizes = ListedSizes(plan)
    defer { sizes.stop() }
    show(.root, of: plan.tree, sizes, prefix: "", level: 1)
  }

  private static let fileLimit = 20

  private func show(_ folder: Node, of tree: FileTree, _ sizes: ListedSizes, prefix: String, level: Int) {
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
      let size = tree.byteCount(of: node).map { ByteCount.text($0) } ?? sizes.text(of: node)
      print("\(prefix)\(isLast ? "└── " : "├── ")\(name)\(node.isFolder ? "/" : "")\(size.map { "  \($0)" } ?? "")")
      if node.isFolder { show(node, of: tree, sizes, prefix: prefix + (isLast ? "    " : "│   "), level: level + 1) }
    }
  }
}
