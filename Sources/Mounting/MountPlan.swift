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
  public let sources: [any StoredSource]
  public let tree: FileTree
  public let capByteCount: Int
  public let threadCount: Int
  /// What works but is probably not meant.
  public let warnings: [ConfigurationProblem]
  /// What is ordinary, and worth a word to who asks.
  public let notes: [ConfigurationProblem]

  /// What views show as rows of JSON: of each source the rows that the view's filter keeps; one that is shown whole stands there once.
  let lineSources: [any StoredSource]

  /// What selections of rows keep of the cap.
  private let selectionByteCount: Int

  /// Opens every source and plans every view. Reads indexes and at most one shard a source; for filters and groups the columns that they name, as far as
  /// statistics and paths do not tell.
  ///
  /// - Parameter progress: told how far what takes long is, often, from any thread, by one at a time.
  /// - Throws: everything a mount would refuse.
  public init(_ configuration: Configuration, progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }) throws(ConfigurationError) {
    self.configuration = configuration
    switch configuration.threads.value {
    case .automatic: threadCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    case .count(let count): threadCount = count
    }
    switch configuration.memory.value {
    case .automatic: capByteCount = MachineMemory.automaticCapByteCount
    case .bytes(let count): capByteCount = count
    }
    let selecting = Selecting(capByteCount: capByteCount, threadCount: threadCount, progress: progress)
    var sources: [OpenedSource] = []
    for source in configuration.sources {
      let opened = OpenedSource(root: try SourceOpening.open(source, progress: progress, warn: selecting.warn), selection: nil)
      sources.append(try selecting.filter(opened, source.filter, of: "source \(source.name.value)"))
    }
    var folders: [ViewFolder] = []
    var numbers = PlanNumbers()
    var nullWarnings: [ConfigurationProblem] = []
    var notes: [ConfigurationProblem] = []
    var lineSources: [any StoredSource] = []
    var shownWhole: Set<Int> = []
    for view in configuration.views {
      var found: [Int] = []
      for part in view.sources {
        guard let index = configuration.sources.firstIndex(where: { $0.name.value == part.name.value }) else {
          throw part.name.unknown("source", allowed: configuration.sources.map(\.name.value))
        }
        found.append(index)
      }
      // What can be said without reading is said first.
      let joined = try SourceOpening.joined(found.map { sources[$0].kept }, view.sources)
      let planning = try ViewPlanning(view, source: joined)
      if let note = LeftOutColumns.note(view, joined) { notes.append(note) }
      let filtered = try selecting.filter(found.map { sources[$0] }, view.filter, of: "view \(view.name.value)")
      folders.append(try planning.folder(filtered, selecting, &numbers))
      nullWarnings += planning.nullWarnings(filtered)
      guard view.layout == .batches, view.files.contains(.jsonl) else { continue }
      for (index, source) in zip(found, filtered) where view.filter != nil || shownWhole.insert(index).inserted { lineSources.append(source.kept) }
    }
    self.lineSources = lineSources
    self.notes = notes
    self.sources = sources.map(\.kept)
    do throws(TreeError) { tree = try FileTree(folders) } catch {
      guard case .nameCollision(let name, let message) = error, let view = configuration.views.first(where: { $0.name.value == name }) else {
        throw configuration.name.failure("\(error)")
      }
      throw view.name.failure(message)
    }
    selectionByteCount = selecting.keptByteCount
    let work = AssemblyWork(views: tree.views, arrays: tree.arrays)
    try MemoryPlanning.check(capByteCount, selectionByteCount, work, configuration)
    warnings =
      configuration.warnings + selecting.warnings + nullWarnings + DropLastWarnings.warnings(tree.folders, configuration)
      + MemoryPlanning.groupWarnings(capByteCount, groupByteCount: MachineMemory.groupByteCount, configuration)
      + MemoryPlanning.warnings(capByteCount - selectionByteCount, threadCount, work, tree.folders, configuration)
  }

  /// The plans of batches of all leaves.
  public var views: [ViewPlan] { tree.views }
  /// The views of the configuration, in its order.
  public var folders: [ViewFolder] { tree.folders }

  /// The assembler of the views' batches, its threads started.
  /// - Parameters:
  ///   - onShardError: told of every shard that failed.
  ///   - onNotice: told what takes long, as a sentence.
  ///   - onDecode: told of every shard and piece that was decoded.
  public func makeAssembler(
    onShardError: @escaping @Sendable (ShardError) -> Void, onNotice: @escaping @Sendable (String) -> Void = { _ in },
    onDecode: @escaping @Sendable (DecodedPart) -> Void = { _ in }
  ) throws(ThreadError) -> BatchAssembler {
    try BatchAssembler(
      work: AssemblyWork(views: tree.views, arrays: tree.arrays), budget: MemoryBudget(capByteCount: capByteCount, reservedByteCount: selectionByteCount),
      threadCount: threadCount, onShardError: onShardError, onNotice: onNotice, onDecode: onDecode)
  }

  /// The file system of this plan.
  /// - Parameters:
  ///   - onError: told of every data error that a reader meets.
  ///   - onAccess: told of every open and read of a batch or an array when it was answered.
  public func makeTree(
    assembler: BatchAssembler, version: String, onError: @escaping @Sendable (ReaderError) -> Void,
    onAccess: @escaping @Sendable (FileAccess) -> Void = { _ in }
  ) -> MountedTree {
    let control = ControlContent(
      name: configuration.name.value, configurationYAML: configuration.effectiveYAML, version: version, assembler: assembler, sources: sources)
    return MountedTree(
      tree: tree, assembler: assembler, control: control, userID: configuration.uid ?? getuid(), groupID: configuration.gid ?? getgid(), onError: onError,
      onAccess: onAccess)
  }
}
