// Reads the views of a configuration.

extension ConfigurationReader {
  func views(_ top: SectionReader, _ sources: [SourceConfiguration]) -> [ViewConfiguration] {
    guard let value = top.required("views"), let named = value.names("views", NameRules.view) else { return [] }
    if value.isEmptyMapping { value.fail("at least one view is needed") }
    let sourceNames = SourceNames(sources.map(\.name.value))
    return named.compactMap { view($0.name, $0.value, sourceNames) }
  }

  /// The names of the sources: in order for messages, and as a set, because a file may have tens of thousands of both.
  private struct SourceNames {
    let ordered: [String]
    let all: Set<String>
    init(_ names: [String]) { (ordered, all) = (names, Set(names)) }
  }

  private func view(_ name: Located<String>, _ value: ValueReader, _ sourceNames: SourceNames) -> ViewConfiguration? {
    guard let section = SectionReader(value, .view) else { return nil }
    let epochs = section["epochs"]?.integer(1...1_000_000).map { section.located("epochs", $0) }
    let ranks = section["ranks"]?.integer(1...4096).map { section.located("ranks", $0) }
    if let ranks, !section.has("epochs") {
      context.warn(ranks.place, "has no effect without epochs: ranks are folders of an epoch")
    }
    let layout = section.choice("layout", default: ViewLayout.batches)
    if layout == .arrays { refuseBatchKeys(section) }
    if section.has("group_style"), !section.has("group_by") { context.warn(section.place(of: "group_style"), "has no effect without group_by") }
    let view = ViewConfiguration(
      name: name, sources: section.required("source").map { viewSources($0, sourceNames) } ?? [], filter: section["filter"]?.locatedText("a condition"),
      layout: layout,
      batchSize: section.located("batch_size", section.integer("batch_size", 1...2_147_483_647, default: 1)),
      dropLast: section.boolean("drop_last", default: false), files: section["files"].map { files($0) } ?? [.npy], epochs: epochs, ranks: ranks,
      order: order(section), tensors: section["tensors"].map { tensors($0) } ?? [], groupBy: section["group_by"].map { groups($0) } ?? [],
      groupStyle: section.choice("group_style", default: .plain))
    if !view.order.algorithm.value.isMosaic, let weight = view.sources.lazy.compactMap(\.weight).first {
      context.note(weight.place, "sources are mixed by mosaicml-streaming's orders only; give order.algorithm one of \(OrderAlgorithmName.mosaicNames)")
    }
    // Without a source there is nothing that could be asked of it, and why was noted.
    return view.sources.isEmpty ? nil : view
  }

  /// Whole columns in stored order have no batches: what would shape them has no meaning.
  private func refuseBatchKeys(_ section: SectionReader) {
    for key in ["batch_size", "drop_last", "files", "epochs", "ranks", "order", "tensors"] {
      section[key]?.fail("has no meaning with `layout: arrays`, which shows whole columns in stored order; leave it out, or use `layout: batches`")
    }
  }

  private func viewSources(_ value: ValueReader, _ sourceNames: SourceNames) -> [ViewSource] {
    guard case .list = value.node.content else {
      return sourceName(value, sourceNames).map { [ViewSource(name: $0, weight: nil)] } ?? []
    }
    let items = value.items("a list of sources") ?? []
    if items.isEmpty { value.fail("found an empty list; expected the name of a source, or a list of them") }
    return items.compactMap { viewSource($0, sourceNames) }
  }

  private func sourceName(_ value: ValueReader, _ sourceNames: SourceNames) -> Located<String>? {
    guard let name = value.locatedText("the name of a source") else { return nil }
    guard sourceNames.all.contains(name.value) else {
      value.fail(unknownNameMessage("there is no source \(quoted(name.value))", found: name.value, allowed: sourceNames.ordered))
      return nil
    }
    return name
  }

  private func viewSource(_ value: ValueReader, _ sourceNames: SourceNames) -> ViewSource? {
    guard case .mapping = value.node.content else { return sourceName(value, sourceNames).map { ViewSource(name: $0, weight: nil) } }
    guard let section = SectionReader(value, .viewSource), let name = section.required("name").flatMap({ sourceName($0, sourceNames) }) else { return nil }
    let given = ["proportion", "repeat", "choose"].filter { section.has($0) }
    guard given.count <= 1 else {
      value.fail("found \(given.joined(separator: " and ")); only one of them is allowed")
      return nil
    }
    func share(_ key: String) -> Double? {
      guard let item = section[key], let number = item.number("a number above 0") else { return nil }
      guard number > 0 else { return item.mismatch("a number above 0") }
      return number
    }
    let weight =
      share("proportion").map(MixingWeight.proportion) ?? share("repeat").map(MixingWeight.repeat)
      ?? section["choose"]?.integer(1...Int.max).map(MixingWeight.choose)
    return ViewSource(name: name, weight: weight.map { Located($0, at: section.place(of: given[0])) })
  }

  private func files(_ value: ValueReader) -> [FileKind] {
    guard let items = value.items("a list of npy, npz, jsonl") else { return [.npy] }
    if items.isEmpty { value.fail("found an empty list; expected a list of npy, npz, jsonl") }
    var kinds: [FileKind] = []
    for item in items {
      guard let kind = item.choice(FileKind.self, for: "files", in: .view) else { continue }
      if kinds.contains(kind) { item.fail("\(kind.rawValue) is there twice") } else { kinds.append(kind) }
    }
    return kinds
  }

  private func groups(_ value: ValueReader) -> [Located<String>] {
    (value.items("a list of columns") ?? []).compactMap { $0.locatedText("the name of a column") }
  }

  // MARK: - Order

  private func order(_ view: SectionReader) -> OrderConfiguration {
    let implied: OrderAlgorithmName = view.has("epochs") ? .window : .sequential
    guard let section = view["order"].flatMap({ SectionReader($0, .order) }) else {
      return OrderConfiguration(
        algorithm: view.located("order", implied), seed: implied.defaultSeed, block: view.located("order", implied.defaultBlock(canonicalNodes: 1)),
        nodes: view.located("order", 1), canonicalNodes: view.located("order", 1), batching: view.located("order", .random), sampling: .balanced,
        granularity: 1, epochSize: nil)
    }
    let algorithm = section.choice("algorithm", default: implied)
    if algorithm == .sequential, section.has("seed") || section.has("block") {
      context.warn(section.place, "seed and block have no effect on the sequential order")
    }
    if !algorithm.isMosaic {
      for key in ["canonical_nodes", "nodes", "batching", "sampling", "granularity", "epoch_size"] where section.has(key) {
        context.note(
          section.place(of: key), "belongs to mosaicml-streaming's orders; give order.algorithm one of \(OrderAlgorithmName.mosaicNames), or leave the key out")
      }
    }
    let countLimit = 1 << 20
    let nodes = section.integer("nodes", 1...countLimit, default: 1)
    let canonicalNodes = section.integer("canonical_nodes", 1...countLimit, default: algorithm.defaultCanonicalNodes(nodes: nodes))
    let batching = section.choice("batching", default: BatchingMethod.random)
    if algorithm.isMosaic, let problem = batching.problem(nodes: nodes, canonicalNodes: canonicalNodes) {
      context.note(section.place(of: "canonical_nodes"), problem)
    }
    let given = section["block"].flatMap { shuffleBlock($0) }
    if algorithm.isMosaic, case .bytes = given {
      context.note(section.place(of: "block"), "the block of \(algorithm.rawValue) is in samples, an integer above 0")
    }
    let block = given ?? algorithm.defaultBlock(canonicalNodes: canonicalNodes)
    return OrderConfiguration(
      algorithm: section.located("algorithm", algorithm), seed: section["seed"]?.unsigned(0...UInt64.max) ?? algorithm.defaultSeed,
      block: section.located("block", block), nodes: section.located("nodes", nodes), canonicalNodes: section.located("canonical_nodes", canonicalNodes),
      batching: section.located("batching", batching),
      sampling: section.choice("sampling", default: .balanced), granularity: section.integer("granularity", 1...Int.max, default: 1),
      epochSize: section["epoch_size"]?.integer(1...Int.max).map { section.located("epoch_size", $0) })
  }

  /// An integer is samples, a text with a unit is bytes.
  private func shuffleBlock(_ value: ValueReader) -> ShuffleBlock? {
    let expectation = "samples as an integer above 0, or bytes as a size with its unit, such as 512MiB"
    guard case .scalar(let text, let isPlain) = value.node.content else { return value.mismatch(expectation) }
    if isPlain, ScalarMeaning(text) == .integer {
      guard let count = Int(text), count > 0 else { return value.mismatch(expectation) }
      return .samples(count)
    }
    return size(value, expectation, unitRequired: true).map { .bytes($0) }
  }
}
