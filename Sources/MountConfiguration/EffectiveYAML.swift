// The configuration written back, with every default filled in.

internal import TensorPrograms

extension Configuration {
  /// YAML that loads as an equal configuration, from any folder and in any environment: paths are absolute. The same text for equal configurations.
  ///
  /// It holds no secrets: a configuration has none.
  public var effectiveYAML: String {
    var top: [(key: String, value: YAMLOutput)] = [
      ("version", .raw("\(version)")), ("name", .text(name.value)), ("memory", memory.value.output), ("threads", threads.value.output),
      ("serve", .raw(serve.rawValue)), ("verify", .raw(verify.rawValue)), ("state", .text(PathExpansion.protecting(state))),
    ]
    if let uid { top.append(("uid", .raw("\(uid)"))) }
    if let gid { top.append(("gid", .raw("\(gid)"))) }
    top.append(("allow_other", .raw("\(allowOther)")))
    top.append(("sources", .mapping(sources.map { ($0.name.value, $0.output) })))
    top.append(("views", .mapping(views.map { ($0.name.value, $0.output) })))
    return YAMLWriter.text(top)
  }
}

extension MemorySetting {
  fileprivate var output: YAMLOutput {
    switch self {
    case .automatic: .raw("auto")
    case .bytes(let count): .raw(ByteSize.text(count))
    }
  }
}

extension ThreadSetting {
  fileprivate var output: YAMLOutput {
    switch self {
    case .automatic: .raw("auto")
    case .count(let count): .raw("\(count)")
    }
  }
}

extension SourceConfiguration {
  fileprivate var output: YAMLOutput {
    let written = paths.map { YAMLOutput.text(PathExpansion.protecting($0.value.expanded)) }
    var entries: [(key: String, value: YAMLOutput)] = [("format", .raw(format.rawValue)), ("path", written.count == 1 ? written[0] : .list(written))]
    entries.append(("columns", .mapping(columns.map { ($0.name.value, $0.output) })))
    if let filter { entries.append(("filter", .text(filter.value))) }
    entries.append(("verify", .raw(verify.rawValue)))
    return .mapping(entries)
  }
}

extension ColumnDeclaration {
  fileprivate var output: YAMLOutput {
    var entries: [(key: String, value: YAMLOutput)] = []
    if let dtype { entries.append(("dtype", .raw(dtype.value.rawValue))) }
    if let shape { entries.append(("shape", .list(shape.value.map { .raw("\($0)") }))) }
    if let channels { entries.append(("channels", .list(channels.value.map { .text($0) }))) }
    return .inline(entries)
  }
}

extension ViewConfiguration {
  fileprivate var output: YAMLOutput {
    let isOneName = sources.count == 1 && sources[0].weight == nil
    var entries: [(key: String, value: YAMLOutput)] = [("source", isOneName ? .text(sources[0].name.value) : .list(sources.map(\.output)))]
    if let filter { entries.append(("filter", .text(filter.value))) }
    entries.append(("layout", .raw(layout.rawValue)))
    if layout == .batches { entries += batchEntries }
    if !groupBy.isEmpty {
      entries.append(("group_by", .list(groupBy.map { .text($0.value) })))
    }
    if groupStyle != .plain { entries.append(("group_style", .raw(groupStyle.rawValue))) }
    return .mapping(entries)
  }

  /// What only batches have.
  private var batchEntries: [(key: String, value: YAMLOutput)] {
    var entries: [(key: String, value: YAMLOutput)] = [
      ("batch_size", .raw("\(batchSize.value)")), ("drop_last", .raw("\(dropLast)")), ("files", .list(files.map { .raw($0.rawValue) })),
    ]
    if let epochs { entries.append(("epochs", .raw("\(epochs.value)"))) }
    if let ranks { entries.append(("ranks", .raw("\(ranks.value)"))) }
    entries.append(("order", order.output))
    if !tensors.isEmpty { entries.append(("tensors", .mapping(tensors.map { ($0.name.value, $0.output) }))) }
    return entries
  }
}

extension ViewSource {
  fileprivate var output: YAMLOutput {
    let name = (key: "name", value: YAMLOutput.text(name.value))
    return switch weight?.value {
    case nil: .inline([name])
    case .proportion(let share): .inline([name, ("proportion", .raw(YAMLWriter.number(share)))])
    case .repeat(let share): .inline([name, ("repeat", .raw(YAMLWriter.number(share)))])
    case .choose(let count): .inline([name, ("choose", .raw("\(count)"))])
    }
  }
}

extension OrderConfiguration {
  /// What has no effect on the algorithm is written only where it differs from the default, so that nothing warns of it.
  fileprivate var output: YAMLOutput {
    let name = algorithm.value
    var entries: [(key: String, value: YAMLOutput)] = [("algorithm", .raw(name.rawValue))]
    if name != .sequential || seed != name.defaultSeed { entries.append(("seed", .raw("\(seed)"))) }
    if name != .sequential || block.value != name.defaultBlock(canonicalNodes: canonicalNodes.value) {
      switch block.value {
      case .samples(let count): entries.append(("block", .raw("\(count)")))
      case .bytes(let count): entries.append(("block", .raw(ByteSize.text(count))))
      }
    }
    if name.isMosaic || nodes.value != 1 { entries.append(("nodes", .raw("\(nodes.value)"))) }
    if name.isMosaic || canonicalNodes.value != nodes.value { entries.append(("canonical_nodes", .raw("\(canonicalNodes.value)"))) }
    if batching.value != .random { entries.append(("batching", .raw(batching.value.rawValue))) }
    if sampling != .balanced { entries.append(("sampling", .raw(sampling.rawValue))) }
    if granularity != 1 { entries.append(("granularity", .raw("\(granularity)"))) }
    if let epochSize { entries.append(("epoch_size", .raw("\(epochSize.value)"))) }
    return .inline(entries)
  }
}

extension TensorConfiguration {
  fileprivate var output: YAMLOutput {
    let names = columns.map { YAMLOutput.text($0.value) }
    var entries: [(key: String, value: YAMLOutput)] = [isStacked ? ("columns", .list(names)) : ("column", names.first ?? .text(""))]
    if let slice { entries.append(("slice", .text(slice.value))) }
    if let channels { entries.append(("channels", .list(channels.map { .text($0.value) }))) }
    if !transform.isEmpty {
      entries.append(("transform", .mapping(transform.map { ($0.channel.value, .list($0.operations.map(\.value.output))) })))
    }
    if let dtype { entries.append(("dtype", .raw(dtype.value.rawValue))) }
    return .mapping(entries)
  }
}

extension TransformOperation {
  fileprivate var output: YAMLOutput {
    func number(_ value: Double) -> YAMLOutput { .raw(YAMLWriter.number(value)) }
    return switch self {
    case .add(let value): .inline([("add", number(value))])
    case .subtract(let value): .inline([("subtract", number(value))])
    case .multiply(let value): .inline([("multiply", number(value))])
    case .divide(let value): .inline([("divide", number(value))])
    case .clamp(let low, let high): .inline([("clamp", .list([number(low), number(high)]))])
    case .log1p: .raw("log1p")
    case .sinCos(let unit): .inline([("sin_cos", .raw(unit.rawValue))])
    case .standardize(let mean, let std): .inline([("standardize", .inline([("mean", number(mean)), ("std", number(std))]))])
    case .nanTo(let value): .inline([("nan_to", number(value))])
    }
  }
}
