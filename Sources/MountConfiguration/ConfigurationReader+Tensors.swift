// Reads the tensors of a view and their transforms.

internal import TensorPrograms

extension ConfigurationReader {
  private typealias Operation = TransformOperation

  func tensors(_ value: ValueReader) -> [TensorConfiguration] {
    guard let named = value.names("tensors", NameRules.tensor) else { return [] }
    if value.isEmptyMapping { value.fail("at least one tensor is needed; leave the key out for every column of fixed shape") }
    return named.compactMap { tensor($0.name, $0.value) }
  }

  private func tensor(_ name: Located<String>, _ value: ValueReader) -> TensorConfiguration? {
    guard let section = SectionReader(value, .tensor) else { return nil }
    var tensor = TensorConfiguration(name: name, columns: [], isStacked: section.has("columns"), slice: nil, channels: nil, transform: [], dtype: nil)
    if tensor.isStacked {
      if section.has("column") { context.note(section.place(of: "columns"), "found column and columns; only one of them is allowed") }
      tensor.columns = section["columns"].map { stackedColumns($0) } ?? []
    } else {
      tensor.columns = section.required("column")?.locatedText("the name of a column").map { [$0] } ?? []
    }
    tensor.slice = section["slice"].flatMap { slice($0) }
    tensor.channels = section["channels"].flatMap { channels($0) }
    tensor.dtype = section["dtype"].flatMap { castType($0) }
    tensor.transform =
      section["transform"]?.names("channels", NameRules.transformKey)?.compactMap { entry in
        operations(entry.value, isDouble: tensor.dtype?.value == .float64).map { ChannelTransformConfiguration(channel: entry.name, operations: $0) }
      } ?? []
    return tensor
  }

  private func stackedColumns(_ value: ValueReader) -> [Located<String>] {
    guard let items = value.items("a list of columns, such as [bid_px_00, ask_px_00]") else { return [] }
    if items.isEmpty { value.fail("found an empty list; expected the names of columns") }
    return items.compactMap { $0.locatedText("the name of a column") }
  }

  /// Text; one index may be written as an integer, and `128:228` is a text in YAML 1.2.
  private func slice(_ value: ValueReader) -> Located<String>? {
    let expectation = "the text of a NumPy slice, such as \":128\""
    guard case .scalar(let text, let isPlain) = value.node.content, !text.isEmpty else { return value.mismatch(expectation) }
    guard !isPlain || ScalarMeaning(text) == .text || ScalarMeaning(text) == .integer else { return value.mismatch(expectation) }
    return Located(text, at: value.place)
  }

  private func castType(_ value: ValueReader) -> Located<ElementTypeName>? {
    guard let type = value.choice(ElementTypeName.self, for: "dtype", in: .tensor) else { return nil }
    guard type != .bool else { return value.mismatch("a type that values can be cast to: float16, float32, float64 or an integer type") }
    return Located(type, at: value.place)
  }

  // MARK: - Operations

  private func operations(_ value: ValueReader, isDouble: Bool) -> [Located<Operation>]? {
    let expectation = "a list of operations, such as [{clamp: [0, 30]}, {divide: 30}]"
    guard let items = value.items(expectation) else { return nil }
    guard !items.isEmpty else { return value.mismatch(expectation) }
    return items.compactMap { item in operation(item, isDouble: isDouble).map { Located($0, at: item.place) } }
  }

  private func operation(_ value: ValueReader, isDouble: Bool) -> Operation? {
    let names = Section.operation.keys.map(\.name)
    if case .scalar(let text, _) = value.node.content {
      if text == "log1p" { return .log1p }
      if names.contains(text) { return value.mismatch("\(text) with its value, as {\(text): ...}") }
      value.fail(unknownNameMessage("found \(value.node.summary)", found: text, allowed: names))
      return nil
    }
    guard let section = SectionReader(value, .operation) else { return nil }
    guard case .mapping(let entries) = value.node.content, entries.count == 1 else { return value.mismatch("one operation in each pair of braces") }
    let name = entries[0].key
    guard let operand = section[name] else { return nil }
    let kind = NumberKind(isDouble: isDouble)
    switch name {
    case "add": return constant(operand, kind).map { .add($0) }
    case "subtract": return constant(operand, kind).map { .subtract($0) }
    case "multiply": return constant(operand, kind).map { .multiply($0) }
    case "divide": return constant(operand, kind, allowed: "a finite number other than 0") { !kind.isZero($0) }.map { .divide($0) }
    case "nan_to": return constant(operand, kind).map { .nanTo($0) }
    case "clamp": return clamp(operand)
    case "sin_cos": return operand.choice(TransformOperation.AngleUnit.self, for: "sin_cos", in: .operation).map { .sinCos($0) }
    case "standardize": return standardize(operand, kind)
    case "log1p": return operand.mismatch("the bare word log1p, as in [log1p]")
    default: return nil
    }
  }

  /// The numbers a transform computes with.
  private struct NumberKind {
    /// Float64; otherwise float32.
    var isDouble: Bool

    func isFinite(_ number: Double) -> Bool { isDouble ? number.isFinite : Float(number).isFinite }
    func isZero(_ number: Double) -> Bool { isDouble ? number == 0 : Float(number) == 0 }
  }

  private func constant(
    _ value: ValueReader, _ kind: NumberKind, allowed: String = "a finite number", _ isAllowed: (Double) -> Bool = { _ in true }
  ) -> Double? {
    guard let number = value.number(allowed) else { return nil }
    guard kind.isFinite(number), isAllowed(number) else { return value.mismatch(allowed + (kind.isDouble ? "" : " in float32")) }
    return number
  }

  private func clamp(_ value: ValueReader) -> Operation? {
    let expectation = "two numbers [lo, hi] with lo <= hi"
    guard let items = value.items(expectation) else { return nil }
    guard items.count == 2 else { return value.mismatch(expectation) }
    guard let low = items[0].number("a number", infinite: true), let high = items[1].number("a number", infinite: true) else { return nil }
    guard low <= high else {
      value.fail("found [\(YAMLWriter.number(low)), \(YAMLWriter.number(high))]; expected \(expectation)")
      return nil
    }
    return .clamp(low: low, high: high)
  }

  private func standardize(_ value: ValueReader, _ kind: NumberKind) -> Operation? {
    guard let section = SectionReader(value, .standardize) else { return nil }
    let mean = section.required("mean").flatMap { constant($0, kind) }
    let std = section.required("std").flatMap { constant($0, kind, allowed: "a finite number above 0") { $0 > 0 && !kind.isZero($0) } }
    guard let mean, let std else { return nil }
    return .standardize(mean: mean, std: std)
  }
}
