// epochfs cat: the bytes of one virtual file, without mounting.

import ArgumentParser
import BatchAssembly
import FileTree
import Glibc
import MountConfiguration
import Mounting
import Platform

struct CatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cat", abstract: "Writes the bytes of one file of the tree to standard output, without mounting.")

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The path below the mount, as train/epoch-0/batch-0000.npy.")
  var path: String

  func run() throws {
    let plan: MountPlan
    do throws(ConfigurationError) { plan = try options.plan() } catch { throw refuse(error) }
    let assembler: BatchAssembler
    do throws(ThreadError) { assembler = try plan.makeAssembler { _ in } } catch { throw refuse(error) }
    let service = plan.makeTree(assembler: assembler, version: EpochFS.version) { _ in }
    defer { assembler.stop() }
    do throws(FileError) {
      var node = Node.root
      for name in path.split(separator: "/") where name != "." { node = try plan.tree.child(String(name), of: node) }
      try write(node, from: service)
    } catch {
      throw refuse(FileFailure(path: path, error: error))
    }
  }

  private static let chunkByteCount = 1 << 20

  private func write(_ node: Node, from service: MountedTree) throws(FileError) {
    let inode = service.tree.scheme.inode(of: node)
    let file = try Answer.wait { service.open(inode, reply: $0) }
    defer { service.close(inode, handle: file.handle) }
    var offset = 0
    while true {
      let bytes = try Answer.wait { service.read(inode, handle: file.handle, byteOffset: offset, byteCount: Self.chunkByteCount, reply: $0) }
      if bytes.byteCount == 0 || !bytes.withBytes({ StandardOutput.write($0) }) { return }
      offset += bytes.byteCount
    }
  }
}

/// What a reader of a virtual file is told.
private struct FileFailure: Error, CustomStringConvertible {
  let path: String
  let error: FileError

  var description: String {
    switch error {
    case .damagedData(let message): "\(path): \(message)"
    case .notFound: "\(path): is not in the tree; `epochfs tree` shows what is"
    default: "\(path): \(SystemError.text(error.errno))"
    }
  }
}
