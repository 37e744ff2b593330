// Which columns a view shows as ragged tensors or as rows of JSON.

internal import BatchAssembly
internal import MountConfiguration
internal import NumPyFormat
internal import SampleOrder
internal import ShardStore

/// Collects the columns whose values decide about the sizes of a view's files.
struct ValuePlanning {
  private let view: ViewConfiguration
  private let source: any StoredSource
  private var columns: [Int] = []
  private(set) var ragged: [ValuePlan.Ragged] = []

  init(_ view: ViewConfiguration, _ source: any StoredSource) {
    self.view = view
    self.source = source
  }

  /// Whether tensors are shown at all.
  var hasTensors: Bool { view.files.contains(.npy) || view.files.contains(.npz) }
  private var hasLines: Bool { view.files.contains(.jsonl) }

  /// The columns whose values are shown: every one in rows of JSON.
  var shownColumns: [Int] { hasLines ? Array(source.storedColumns.indices) : columns }

  /// The files of a batch.
  func files(_ tensors: [TensorPlan]) -> [BatchFile] {
    BatchFile.files(
      tensors: tensors.map(\.name), ragged: ragged.map(\.name), npy: view.files.contains(.npy), npz: view.files.contains(.npz), lines: hasLines)
  }

  /// Takes the tensor if it is of a column whose rows differ in length; false where it is of another, which has a fixed shape or does not exist.
  mutating func take(_ tensor: TensorConfiguration) throws(ConfigurationError) -> Bool {
    guard !tensor.isStacked, let column = source.storedColumns.firstIndex(where: { $0.name == tensor.columns[0].value }), source.columns[column].array == nil,
      case .ragged(let type, let depth) = source.storedColumns[column].values
    else { return false }
    let place = tensor.columns[0]
    if let key = tensor.slice ?? tensor.channels?.first ?? tensor.transform.first?.channel {
      throw key.failure(
        "column \(place.value) has rows of differing length, which are served as they are; declare dtype and shape of the column in the source, or leave this out"
      )
    }
    if tensor.dtype != nil {
      throw place.failure("column \(place.value) has rows of differing length, whose elements are served as \(type.name); leave dtype out")
    }
    guard depth == 1 else {
      throw place.failure("column \(place.value) holds lists of lists, which batches have no files for; `files: [jsonl]` or `layout: arrays` show it")
    }
    if view.files.contains(.npz) {
      throw place.failure("column \(place.value) has rows of differing length, which are no part of an archive; use `files: [npy]` or another tensor")
    }
    ragged.append(ValuePlan.Ragged(name: tensor.name.value, columnName: place.value, column: use(column), elementType: type))
    return true
  }

  private mutating func use(_ column: Int) -> Int {
    if let place = columns.firstIndex(of: column) { return place }
    columns.append(column)
    return columns.count - 1
  }

  /// The plan for the rows of `source`, which has the same columns; nil where nothing depends on values. `shards`: as the view has them.
  func plan(of source: any StoredSource, shards: ShardTable) throws(ConfigurationError) -> ValuePlan? {
    let place = view.name
    guard hasLines || !ragged.isEmpty else { return nil }
    guard hasLines else {
      return ValuePlan(source: source, columns: columns, ragged: ragged, hasLines: false, shards: shards, rawByteCount: source.rawByteCount)
    }
    // Rows show every column, in stored order.
    for column in source.storedColumns {
      if case .unreadable(let reason) = column.values {
        throw place.failure("`files: [jsonl]` shows every column, but column \(column.name) of source \(source.name) cannot be read: \(reason)")
      }
    }
    let moved = ragged.map { ValuePlan.Ragged(name: $0.name, columnName: $0.columnName, column: columns[$0.column], elementType: $0.elementType) }
    return ValuePlan(
      source: source, columns: Array(source.storedColumns.indices), ragged: moved, hasLines: true, shards: shards, rawByteCount: source.rawByteCount)
  }
}
