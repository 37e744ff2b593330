// A configuration made real: sources opened, views planned, memory counted. What mount, check, tree and cat have in common.

public import BatchAssembly
internal import BatchCache
public import FileTree
internal import Glibc
public import MountConfiguration
public import Platform
public import ShardStore

public struct MountPlan: Sendable {
  public let configuration: Configuration
  public let sources: [any ShardSource]
  public let views: [ViewPlan]
  public let tree: FileTree
  public let capByteCount: Int
  public let threadCount: Int
  /// What works but is probably not meant.
  public let warnings: [ConfigurationProblem]

  /// Opens every source and plans every view. Reads indexes and at most one shard a source.
  ///
  /// - Throws: everything a mount would refuse.
  public init(_ configuration: Configuration) throws(ConfigurationError) {
    self.configuration = configuration
    var sources: [any ShardSource] = []
    for source in configuration.sources { sources.append(try SourceOpening.open(source)) }
    var views: [ViewPlan] = []
    for view in configuration.views {
      var found: [any ShardSource] = []
      for part in view.sources {
        guard let index = configuration.sources.firstIndex(where: { $0.name.value == part.name.value }) else {
          throw part.name.unknown("source", allowed: configuration.sources.map(\.name.value))
        }
        found.append(sources[index])
      }
      views.append(try ViewPlanning.plan(view, ordinal: views.count, source: try SourceOpening.joined(found, view.sources)))
    }
    guard let tree = FileTree(views: views) else {
      throw configuration.name.failure("the views have more files than there are inode numbers (2^63); raise batch_size")
    }
    self.sources = sources
    self.views = views
    self.tree = tree
    switch configuration.threads.value {
    case .automatic: threadCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    case .count(let count): threadCount = count
    }
    switch configuration.memory.value {
    case .automatic: capByteCount = MachineMemory.automaticCapByteCount
    case .bytes(let count): capByteCount = count
    }
    try MemoryPlanning.check(capByteCount, views, configuration)
    warnings = configuration.warnings + MemoryPlanning.warnings(capByteCount, threadCount, views, configuration)
  }

  /// The assembler of the views' batches, its threads started.
  public func makeAssembler(onShardError: @escaping @Sendable (ShardError) -> Void) throws(ThreadError) -> BatchAssembler {
    try BatchAssembler(views: views, budget: MemoryBudget(capByteCount: capByteCount), threadCount: threadCount, onShardError: onShardError)
  }

  /// The file system of this plan.
  /// - Parameter onError: told of every data error that a reader meets, as a sentence.
  public func makeTree(assembler: BatchAssembler, version: String, onError: @escaping @Sendable (String) -> Void) -> MountedTree {
    let control = ControlContent(configurationYAML: configuration.effectiveYAML, version: version, assembler: assembler, sources: sources)
    return MountedTree(
      tree: tree, assembler: assembler, control: control, userID: configuration.uid ?? getuid(), groupID: configuration.gid ?? getgid(), onError: onError)
  }
}
