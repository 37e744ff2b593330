// Warnings beforehand: nulls that a source's files tell of, in columns whose tensors have no way to show them.

internal import BatchAssembly
internal import MountConfiguration
internal import NumPyFormat
internal import Platform
internal import ShardStore
internal import TensorPrograms

/// Looks at the columns of a view's tensors in one of its sources, all of whose rows the view has.
struct NullWarnings {
  private let view: ViewConfiguration
  private let source: any StoredSource
  private let numbers: [String: Int]
  private(set) var problems: [ConfigurationProblem] = []

  init(_ view: ViewConfiguration, _ source: any StoredSource) {
    self.view = view
    self.source = source
    numbers = Dictionary(source.columns.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
  }

  mutating func add(_ tensor: TensorPlan, columnNames: [String]) {
    for (column, name) in columnNames.enumerated() where tensor.program.usesColumn(column) {
      guard let number = numbers[name], let array = source.columns[number].array else { continue }
      let refusesRows = tensor.program.refusesNull(column: column)
      // Where NaN or NaT stands for a null it does so in arrays as well; elsewhere which element is null is not told.
      let refusesElements = !array.shape.isEmpty && (refusesRows || !array.elementType.hasNullValue)
      add(tensor.name, name, number, refusesRows: refusesRows, refusesElements: refusesElements, typeWithNaN: tensor.program.typeWithNaN)
    }
  }

  mutating func add(_ ragged: ValuePlan.Ragged) {
    guard let number = numbers[ragged.columnName] else { return }
    add(ragged.name, ragged.columnName, number, refusesRows: true, refusesElements: !ragged.elementType.hasNullValue, typeWithNaN: nil)
  }

  private mutating func add(
    _ tensor: String, _ column: String, _ number: Int, refusesRows: Bool, refusesElements: Bool, typeWithNaN: ElementType?
  ) {
    guard refusesRows || refusesElements, let nulls = source.knownNulls(ofColumn: number) else { return }
    let count = nulls.count(rows: refusesRows, elements: refusesElements)
    guard count > 0 else { return }
    // What helps against null rows is not enough for elements.
    let areRows = count == nulls.count(rows: refusesRows, elements: false)
    let remedies = (areRows ? UnshownNull.row(typeWithNaN: typeWithNaN) : .element).remedies(column: column)
    problems.append(
      ConfigurationProblem(
        place(tensor, column),
        "tensor \(tensor) cannot show the \(nulls.isComplete ? "" : "at least ")\(ItemCount.text(count, "null")) that column \(column) of source \(source.name) has by its files' statistics: its files of batches with one will be EIO; \(remedies)"
      ))
  }

  private func place(_ tensor: String, _ column: String) -> SourcePlace {
    guard let written = view.tensors.first(where: { $0.name.value == tensor }) else { return view.name.place }
    return (written.columns.first { $0.value == column } ?? written.columns[0]).place
  }

  /// So many are told of a view, one a line; of the others only the number.
  private static let limit = 5

  /// The first problems of a view, and how many there are more.
  static func limited(_ problems: [ConfigurationProblem], _ view: ViewConfiguration) -> [ConfigurationProblem] {
    guard problems.count > limit else { return problems }
    let rest = problems.count - limit
    return problems.prefix(limit) + [ConfigurationProblem(view.name.place, "nulls like that are in \(ItemCount.text(rest, "more column")) of its tensors")]
  }
}
