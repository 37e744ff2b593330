// A view's configuration made real.

internal import BatchAssembly
internal import FileTree
internal import MountConfiguration
internal import NumPyFormat
internal import Platform
internal import SampleOrder
internal import ShardStore
internal import TensorPrograms

/// The plans of one mount are numbered in the order in which they are made: those of batches and those of arrays, each from 0.
struct PlanNumbers {
  fileprivate var batches = 0
  fileprivate var arrays = 0

  /// For a plan that is no leaf of the tree: what describes a whole view with groups.
  static var unnumbered: PlanNumbers { PlanNumbers() }
}

/// A view whose columns were found and whose tensors were compiled, once for all of its groups.
struct ViewPlanning {
  private let view: ViewConfiguration
  private let content: Content

  private enum Content {
    case batches([TensorPlan], columns: [Int], ValuePlanning)
    case arrays(ArrayFiles)
  }

  /// - Parameter source: the view's source; those of its groups have the same columns.
  init(_ view: ViewConfiguration, source: any StoredSource) throws(ConfigurationError) {
    self.view = view
    switch view.layout {
    case .batches:
      var planner = TensorPlanning(source: source)
      var values = ValuePlanning(view, source)
      var tensors: [TensorPlan] = []
      if !view.tensors.isEmpty {
        for tensor in view.tensors where try !values.take(tensor) { tensors.append(try planner.plan(tensor)) }
      } else if values.hasTensors {
        tensors = try planner.everyFixedColumn(place: view.name)
      }
      if view.files.contains(.npz), tensors.count > NpzArchive.memberLimit {
        throw view.name.failure(
          "an archive cannot hold the \(tensors.count) tensors of a batch, but at most \(NpzArchive.memberLimit); use `files: [npy]`, or list fewer tensors")
      }
      // Rows of JSON alone need no tensors, whose configuration is checked all the same.
      content = values.hasTensors ? .batches(tensors, columns: planner.columns, values) : .batches([], columns: [], ValuePlanning(view, source))
    case .arrays: content = .arrays(ArrayNaming.files(of: source.storedColumns))
    }
  }

  /// The view's folder, with one leaf a group where it has groups.
  /// - Parameter parts: the view's sources, in the order of its list.
  func folder(_ parts: [OpenedSource], _ selecting: Selecting, _ numbers: inout PlanNumbers) throws(ConfigurationError) -> ViewFolder {
    let whole = try SourceOpening.joined(parts.map(\.kept), view.sources)
    guard !view.groupBy.isEmpty else {
      let leaf = try leaf(whole, &numbers)
      if parts.contains(where: { $0.selection != nil }) { selecting.keepTables(of: leaf) }
      return ViewFolder(name: view.name.value, leaf: leaf)
    }
    // Every group is a list of all sources, since the columns are the first one's; of some it has nothing.
    let nothing = parts.map { SelectedSource($0.root, RowSelection(rowCount: $0.root.shards.sampleCount, selecting: 0..<0)) }
    var groups: [ViewFolder.Group] = []
    for group in try selecting.groups(parts, by: view.groupBy, of: "view \(view.name.value)") {
      let rows = parts.indices.map { index in group.selections[index].map { SelectedSource(parts[index].root, $0) } ?? nothing[index] }
      do throws(ConfigurationError) {
        let leaf = try leaf(try SourceOpening.joined(rows, view.sources), &numbers)
        selecting.keepTables(of: leaf)
        groups.append(ViewFolder.Group(values: group.values, leaf: leaf))
      } catch {
        throw error.adding(" (in the group \(name(group.values)))")
      }
    }
    var unnumbered = PlanNumbers.unnumbered
    return ViewFolder(
      name: view.name.value, whole: try leaf(whole, &unnumbered), groupColumns: view.groupBy.map(\.value),
      style: view.groupStyle == .hive ? .hive : .plain, groups: groups)
  }

  /// Warnings of nulls that its tensors cannot show: of sources that are shown whole.
  func nullWarnings(_ parts: [OpenedSource]) -> [ConfigurationProblem] {
    guard case .batches(let tensors, let columns, let values) = content else { return [] }
    var problems: [ConfigurationProblem] = []
    var seen: Set<String> = []
    for part in parts where part.isWhole && seen.insert(part.root.name).inserted {
      var warnings = NullWarnings(view, part.root)
      for tensor in tensors { warnings.add(tensor, columnNames: tensor.inputs.map { parts[0].root.columns[columns[$0]].name }) }
      for ragged in values.ragged { warnings.add(ragged) }
      problems += warnings.problems
    }
    return NullWarnings.limited(problems, view)
  }

  /// A group, for messages.
  private func name(_ values: [[UInt8]?]) -> String {
    zip(view.groupBy, values).map { "\($0.value) = \($1.map { String(decoding: $0, as: UTF8.self) } ?? "null")" }.joined(separator: ", ")
  }

  /// The rows of `source` as one leaf of the tree.
  func leaf(_ source: any StoredSource, _ numbers: inout PlanNumbers) throws(ConfigurationError) -> LeafPlan {
    switch content {
    case .batches(let tensors, let columns, let values):
      let whole = source
      let used = Set(columns)
      let source = source.projected(to: columns + values.shownColumns.filter { !used.contains($0) })
      let numbering = BatchNumbering(sampleCount: source.shards.sampleCount, batchSize: view.batchSize.value, dropLast: view.dropLast)
      try Self.checkSizes(view, tensors, numbering)
      let order = try view.order.algorithm.value.isMosaic ? OrderPlan(mosaic: MosaicPlanning.plan(view, source)) : Self.order(view.order, source)
      let ownNumbering = order.mosaic.map { BatchNumbering(sampleCount: $0.sampleCount, batchSize: view.batchSize.value, dropLast: view.dropLast) }
      defer { numbers.batches += 1 }
      return .batches(
        ViewPlan(
          ordinal: numbers.batches, name: view.name.value, source: source, sourceColumns: columns, tensors: tensors, numbering: ownNumbering ?? numbering,
          order: order, listedEpochCount: view.epochs?.value, listedRankCount: view.ranks?.value,
          files: values.files(tensors), values: try values.plan(of: whole, shards: source.shards)))
    case .arrays(let files):
      let plan = ArraysPlan(
        ordinal: numbers.arrays, name: view.name.value, source: source, files: files)
      if let file = plan.firstUncountableFile {
        throw view.name.failure("\(file.name) would have more bytes than can be counted: \(ItemCount.text(plan.rowCount, "row"))")
      }
      numbers.arrays += 1
      return .arrays(plan)
    }
  }

  private static func order(_ order: OrderConfiguration, _ source: any ShardSource) throws(ConfigurationError) -> OrderPlan {
    guard let algorithm = OrderAlgorithm(rawValue: order.algorithm.value.rawValue) else {
      throw order.algorithm.failure(
        "the order \(order.algorithm.value.rawValue) is not supported by this version; allowed: \(OrderAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    let block =
      switch order.block.value {
      case .samples(let count): count
      case .bytes(let count): blockSampleCount(fromBytes: count, allSamples: source.blockMeasure.sampleCount, allRawBytes: source.blockMeasure.rawByteCount)
      }
    return OrderPlan(algorithm: algorithm, seed: order.seed, blockSampleCount: block)
  }

  /// No file may have more bytes than can be counted.
  private static func checkSizes(_ view: ViewConfiguration, _ tensors: [TensorPlan], _ numbering: BatchNumbering) throws(ConfigurationError) {
    for tensor in tensors {
      let (byteCount, overflow) = tensor.rowByteCount.multipliedReportingOverflow(by: numbering.batchSize)
      if overflow || byteCount > Self.largestFileByteCount {
        throw view.batchSize.failure(
          "a batch of \(ItemCount.text(numbering.batchSize, "row")) of tensor \(tensor.name) (\(ItemCount.text(tensor.rowByteCount, "byte")) each) has more than \(Self.largestFileByteCount) bytes; lower batch_size"
        )
      }
    }
  }

  /// 1 TiB: no cap holds more.
  private static let largestFileByteCount = 1 << 40
}
