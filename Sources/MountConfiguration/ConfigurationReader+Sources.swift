// Reads the sources of a configuration.

internal import Platform

extension ConfigurationReader {
  func sources(_ top: SectionReader, _ verify: VerifyPolicy) -> [SourceConfiguration] {
    guard let value = top.required("sources"), let named = value.names("sources", NameRules.plain) else { return [] }
    if value.isEmptyMapping { value.fail("at least one source is needed") }
    return named.map { source($0.name, $0.value, verify) }
  }

  private func source(_ name: Located<String>, _ value: ValueReader, _ verify: VerifyPolicy) -> SourceConfiguration {
    var source = SourceConfiguration(name: name, format: .mds, paths: [], columns: [], filter: nil, verify: verify)
    guard let section = SectionReader(value, .source) else { return source }
    source.format = section.required("format")?.choice(SourceFormat.self, for: "format", in: .source) ?? .mds
    source.paths = section.required("path").map { paths($0) } ?? []
    source.columns = section["columns"]?.names("columns", NameRules.plain)?.map { column($0.name, $0.value) } ?? []
    source.filter = section["filter"]?.locatedText("a condition")
    source.verify = section.choice("verify", default: verify)
    return source
  }

  /// One path, or a list that keeps its order.
  private func paths(_ value: ValueReader) -> [Located<SourcePath>] {
    var values = [value]
    if case .list = value.node.content {
      values = value.items("a path or a list of paths") ?? []
      if values.isEmpty { value.fail("found an empty list; expected a path or a list of paths") }
    }
    return values.compactMap { value in
      guard let path = path(value, isPattern: true) else { return nil }
      if PathExpansion.isRemote(path.value.expanded), !SupportedFeatures.supports(.remotePath) {
        value.fail("\(quoted(path.value.expanded)): \(SupportedFeatures.Form.remotePath.rawValue) is \(SupportedFeatures.message)")
      }
      return path
    }
  }

  private func column(_ name: Located<String>, _ value: ValueReader) -> ColumnDeclaration {
    var column = ColumnDeclaration(name: name, dtype: nil, shape: nil, channels: nil)
    guard let section = SectionReader(value, .column) else { return column }
    column.dtype = section["dtype"].flatMap { value in
      value.choice(ElementTypeName.self, for: "dtype", in: .column).map { Located($0, at: value.place) }
    }
    column.shape = section["shape"].flatMap { value in shape(value, column.dtype?.value).map { Located($0, at: value.place) } }
    column.channels = section["channels"].flatMap { value in channels(value).map { Located($0.map(\.value), at: value.place) } }
    if let shape = column.shape?.value, let channels = column.channels, channels.value.count != shape.last {
      let axis = shape.last.map { "the last axis of shape \(shape) has \($0)" } ?? "a scalar has no axis to name"
      context.note(channels.place, "found \(ItemCount.text(channels.value.count, "name")), but \(axis)")
    }
    return column
  }

  private func shape(_ value: ValueReader, _ dtype: ElementTypeName?) -> [Int]? {
    let axisLimit = 32
    let expectation = "a list of integers above 0, such as [928, 5]"
    guard let items = value.items(expectation) else { return nil }
    guard items.count <= axisLimit else {
      value.fail("found \(items.count) axes; at most \(axisLimit) are allowed")
      return nil
    }
    let axes = items.compactMap { $0.integer(1...Int.max) }
    guard axes.count == items.count else { return nil }
    var byteCount = dtype?.byteCount ?? 1
    for axis in axes {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: axis)
      // A sample has to fit into memory; this is far beyond, and keeps all later arithmetic on batches from overflowing early.
      guard !overflow, product <= 1 << 47 else {
        value.fail("found \(axes), which is more than 128 TiB in one sample")
        return nil
      }
      byteCount = product
    }
    return axes
  }

  /// Names of channels, each once, at least one.
  func channels(_ value: ValueReader) -> [Located<String>]? {
    guard let items = value.items("a list of channels, such as [lat, lon]") else { return nil }
    if items.isEmpty { return value.mismatch("at least one channel") }
    var seen: Set<String> = []
    var channels: [Located<String>] = []
    for item in items {
      guard let name = item.locatedText("the name of a channel") else { return nil }
      if let complaint = NameRules.channel(name.value) {
        item.fail("the name \(quoted(name.value)) \(complaint)")
        return nil
      }
      guard seen.insert(name.value).inserted else {
        item.fail("the channel \(quoted(name.value)) is there twice")
        return nil
      }
      channels.append(name)
    }
    return channels
  }
}
