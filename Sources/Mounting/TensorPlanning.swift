// A tensor's configuration made real: its columns found, its program compiled.

internal import BatchAssembly
internal import FileTree
internal import MountConfiguration
internal import NumPyFormat
internal import ShardStore
internal import TensorPrograms

struct TensorPlanning {
  let source: any StoredSource
  /// The source's columns that the planned tensors need.
  private(set) var columns: [Int] = []
  /// Where each of them stands there: tables may have a million.
  private var places: [Int: Int] = [:]

  init(source: any StoredSource) { self.source = source }

  /// One tensor for every column of fixed shape, of its own name.
  mutating func everyFixedColumn(place: Located<String>) throws(ConfigurationError) -> [TensorPlan] {
    var tensors: [TensorPlan] = []
    for (index, column) in source.columns.enumerated() {
      guard let array = column.array else { continue }
      let program = try compile(TensorSpecification(elementType: array.elementType, sampleShape: array.shape, channels: column.channels), at: place)
      tensors.append(TensorPlan(name: FileName.tensor(ofColumn: column.name), inputs: [use(index)], program: program))
    }
    guard !tensors.isEmpty else {
      throw place.failure(
        "no column of source \(source.name) has a fixed shape (\(source.columns.map { "\($0.name): \($0.encodingName)" }.joined(separator: ", "))); declare one, as `columns: {NAME: {dtype: float32, shape: [928, 5]}}` in the source"
      )
    }
    return tensors
  }

  mutating func plan(_ tensor: TensorConfiguration) throws(ConfigurationError) -> TensorPlan {
    let found = try tensor.isStacked ? stacked(tensor.columns) : [column(tensor.columns[0])]
    var arrays: [TensorSpecification.Column] = []
    for index in found {
      let column = source.columns[index]
      guard let array = column.array else {
        throw tensor.columns[0].failure(
          "column \(column.name) is stored as \(column.encodingName), without a fixed shape; declare it, as `columns: {\(column.name): {dtype: float32, shape: [...]}}` in the source \(source.name)"
        )
      }
      arrays.append(TensorSpecification.Column(elementType: array.elementType, sampleShape: array.shape))
    }
    let names = found.map { source.columns[$0].name }
    var specification =
      tensor.isStacked
      ? TensorSpecification(stacking: arrays, names: names)
      : TensorSpecification(elementType: arrays[0].elementType, sampleShape: arrays[0].sampleShape, channels: source.columns[found[0]].channels)
    if let slice = tensor.slice { specification.slice = try compile(at: slice) { () throws(TensorProgramError) in try NumPySlice.parse(slice.value) } }
    specification.selectedChannels = tensor.channels?.map(\.value)
    specification.transform = tensor.transform.map {
      ChannelTransform(channel: $0.channel.value, operations: $0.operations.map(\.value))
    }
    specification.castTo = tensor.dtype.flatMap { ElementType(name: $0.value.rawValue) }
    let inputs = found.map { use($0) }
    let program = try compile(specification, at: tensor.name) { place(of: $0, in: tensor) }
    return TensorPlan(name: tensor.name.value, inputs: inputs, program: program)
  }

  // MARK: - Columns

  private mutating func use(_ column: Int) -> Int {
    if let place = places[column] { return place }
    places[column] = columns.count
    columns.append(column)
    return columns.count - 1
  }

  private func column(_ name: Located<String>) throws(ConfigurationError) -> Int {
    guard let index = source.columns.firstIndex(where: { $0.name == name.value }) else {
      throw name.unknown("column", allowed: source.columns.map(\.name))
    }
    return index
  }

  /// Names and patterns, in order; a pattern stands for the columns it matches, in stored order.
  private func stacked(_ names: [Located<String>]) throws(ConfigurationError) -> [Int] {
    var found: [Int] = []
    for name in names {
      guard name.value.contains(where: { "*?".contains($0) }) else {
        found.append(try column(name))
        continue
      }
      let matches = source.columns.indices.filter { Wildcard.matches(name.value, source.columns[$0].name) && !found.contains($0) }
      guard !matches.isEmpty else { throw name.unknown("column that matches", allowed: source.columns.map(\.name)) }
      found += matches
    }
    return found
  }

  // MARK: - Errors

  private func compile(
    _ specification: TensorSpecification, at name: Located<String>, place: (TensorProgramError) -> Located<String>? = { _ in nil }
  ) throws(ConfigurationError) -> TensorProgram {
    do throws(TensorProgramError) { return try TensorProgram(specification) } catch { throw (place(error) ?? name).failure("\(error)") }
  }

  private func compile<Value>(at name: Located<String>, _ body: () throws(TensorProgramError) -> Value) throws(ConfigurationError) -> Value {
    do throws(TensorProgramError) { return try body() } catch { throw name.failure("\(error)") }
  }

  /// The key that is to blame for what the compiler of tensors found.
  private func place(of error: TensorProgramError, in tensor: TensorConfiguration) -> Located<String>? {
    switch error {
    case .sliceSyntax, .zeroStep, .tooManySliceComponents, .sliceOutOfRange, .emptySlice: tensor.slice
    case .unknownChannel(let name, _), .noChannelNames(let name), .duplicateChannel(let name):
      tensor.channels?.first { $0.value == name } ?? tensor.transform.first { $0.channel.value == name }?.channel
    case .impossibleOperation(let name, _, _): tensor.transform.first { $0.channel.value == name }?.channel
    default: nil
    }
  }
}
