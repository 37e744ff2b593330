// Brings a filter's text together with the columns: finds them, checks types, turns constants into sets of values.

internal import NumPyFormat

struct FilterBinder {
  /// Those that were found, each once.
  private(set) var columns: [FilterColumn] = []
  private var testCount = 0

  mutating func bind(_ node: FilterNode, _ find: (String) -> FilterColumn?) throws(FilterError) -> BoundNode {
    switch node {
    case .and(let parts): return .and(try bindAll(parts, find))
    case .or(let parts): return .or(try bindAll(parts, find))
    case .not(let inner): return .not(try bind(inner, find))
    case .comparison(let left, let comparison, let right): return try compare(left, comparison, right, find)
    case .membership(let operand, let items): return try membership(operand, items, find)
    case .isNull(let operand):
      guard case .column(let name) = operand.kind else { throw FilterError(at: operand.position, "only a column can be asked for null") }
      let (slot, column) = try use(name, operand.position, find)
      return test(slot, column, .isNull, whenNull: true)
    case .truth(let operand):
      switch operand.kind {
      case .literal(.boolean(let value)): return .constant(value)
      case .column(let name):
        let (slot, column) = try use(name, operand.position, find)
        guard column.values == .fixed(.bool) else {
          throw FilterError(at: operand.position, "\(column.summary) is no condition by itself; compare it, as in `\(name) == ...`, or ask `\(name) is null`")
        }
        return test(slot, column, .integers(.range(1, 1)))
      default: throw FilterError(at: operand.position, "a value is no condition by itself; compare it with a column")
      }
    }
  }

  private mutating func bindAll(_ nodes: [FilterNode], _ find: (String) -> FilterColumn?) throws(FilterError) -> [BoundNode] {
    var bound: [BoundNode] = []
    for node in nodes { bound.append(try bind(node, find)) }
    return bound
  }

  /// The column of a name and its place among `columns`.
  private mutating func use(_ name: String, _ position: Int, _ find: (String) -> FilterColumn?) throws(FilterError) -> (Int, FilterColumn) {
    guard let column = find(name) else { throw FilterError(at: position, .unknownColumn(name)) }
    if case .unreadable(let reason) = column.values { throw FilterError(at: position, "column \(name) cannot be read: \(reason)") }
    if let slot = columns.firstIndex(where: { $0.ordinal == column.ordinal }) { return (slot, column) }
    columns.append(column)
    return (columns.count - 1, column)
  }

  private mutating func test(_ slot: Int, _ column: FilterColumn, _ kind: ColumnTest.Kind, whenNull: Bool? = nil) -> BoundNode {
    defer { testCount += 1 }
    return .test(slot, ColumnTest(ordinal: testCount, kind: kind, values: column.values, isNullable: column.isNullable, whenNull: whenNull))
  }

  // MARK: - Comparisons

  private mutating func compare(
    _ left: FilterOperand, _ comparison: FilterComparison, _ right: FilterOperand, _ find: (String) -> FilterColumn?
  ) throws(FilterError) -> BoundNode {
    switch (left.kind, right.kind) {
    case (.literal, .literal): throw FilterError(at: left.position, "two constants are compared; one side must be a column")
    case (.literal, _): return try compare(right, comparison.mirrored, left, find)
    case (.column(let name), .literal(let literal)):
      let (slot, column) = try use(name, left.position, find)
      // `!=` is the opposite of `==`: null stays null, and NaN is unequal to everything.
      let kind = try comparing(column, comparison == .notEqual ? .equal : comparison, literal, right.position)
      return comparison == .notEqual ? .not(test(slot, column, kind)) : test(slot, column, kind)
    case (.bucket(let name, let count), .literal(let literal)):
      let (slot, column) = try bucketColumn(name, left.position, find)
      let set = try integers(comparison == .notEqual ? .equal : comparison, literal, right.position, "bucket(\(name), \(count))")
      let node = test(slot, column, .bucket(count: count, set))
      return comparison == .notEqual ? .not(node) : node
    case (.column(let a), .column(let b)): return try compareColumns(a, left.position, comparison, b, right.position, find)
    case (.bucket, _), (_, .bucket): throw FilterError(at: left.position, "bucket(...) is compared with an integer, as in `bucket(id, 100) < 95`")
    }
  }

  private func comparing(
    _ column: FilterColumn, _ comparison: FilterComparison, _ literal: FilterLiteral, _ position: Int
  ) throws(FilterError) -> ColumnTest.Kind {
    func mismatch(_ expected: String) -> FilterError {
      if literal == .null { return FilterError(at: position, "nothing equals null; write `\(column.name) is null` or `is not null`") }
      return FilterError(at: position, "\(column.summary) is compared with \(literal.summary); expected \(expected)")
    }
    switch (column.values, literal) {
    case (.fixed(.bool), .boolean(let value)):
      guard comparison == .equal else { throw FilterError(at: position, "\(column.summary) has no order; compare it with == or !=") }
      return .integers(value ? .range(1, 1) : .range(0, 0))
    case (.fixed(.bool), _): throw mismatch("true or false")
    case (.decimal(let type, let scale), .number(let numeral)):
      let place = numeral.place(scale: scale)
      return type.byteCount > 16 ? .wide(WideSet(comparison, place)) : .integers(IntegerSet(comparison, place))
    case (.fixed(let type), .number(let numeral)) where type.isInteger:
      let number = try numeral.number(at: position)
      return .integers(IntegerSet(comparison, floor: number.floor.value, isExact: number.floor.isExact))
    case (.fixed(let type), .number(let numeral)) where type.isFloatingPoint:
      return .floats(FloatSet(comparison, try numeral.number(at: position), isDouble: type == .float64))
    case (.fixed(.datetime64(let unit)), .text(let text)):
      guard let moment = MomentText.nanoseconds(moment: text) else { throw mismatch("a moment in quotes, as '2024-01-31' or '2024-01-31T08:15:30.5Z'") }
      return .integers(Self.units(comparison, moment, unit))
    case (.fixed(.timedelta64(let unit)), .text(let text)):
      guard let length = MomentText.nanoseconds(length: text) else { throw mismatch("a time in quotes, as '08:15:30.5'") }
      return .integers(Self.units(comparison, length, unit))
    case (.text, .text(let text)), (.pathText, .text(let text)): return .text(.comparison(comparison, Array(text.utf8)))
    case (.pathText(nil), .number(let numeral)): return .pathNumbers(comparison, [try numeral.number(at: position)])
    case (.pathText(let text?), .number):
      throw FilterError(
        at: position, "\(column.summary) is compared with \(literal.summary), but its value '\(text)' is no number; expected a text in single quotes")
    case (.decimal, _): throw mismatch("a number")
    case (.fixed(let type), _) where type.isNumber: throw mismatch("a number")
    case (.fixed(.datetime64), _): throw mismatch("a moment in quotes, as '2024-01-31'")
    case (.fixed(.timedelta64), _): throw mismatch("a time in quotes, as '08:15:30'")
    case (.text, _): throw mismatch("a text in single quotes")
    case (.pathText, _): throw mismatch("a text in single quotes, or a number")
    case (.fixed, _), (.opaque, _), (.unreadable, _):
      throw FilterError(at: position, "\(column.summary) cannot be compared with a value; it can only be asked for null")
    }
  }

  /// Moments and lengths that compare so with nanoseconds, as multiples of a unit. NaT, the least of all, is in no range.
  private static func units(_ comparison: FilterComparison, _ nanoseconds: Int128, _ unit: TimeUnit) -> IntegerSet {
    let factor = MomentText.nanoseconds(of: unit)
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: factor)
    let set = IntegerSet(comparison, floor: remainder < 0 ? quotient - 1 : quotient, isExact: remainder == 0)
    guard case .range(let low, let high) = set else { return set }
    return .range(max(low, Int128(Int64.min) + 1), high)
  }

  private func integers(_ comparison: FilterComparison, _ literal: FilterLiteral, _ position: Int, _ what: String) throws(FilterError) -> IntegerSet {
    guard case .number(let numeral) = literal else { throw FilterError(at: position, "\(what) is compared with \(literal.summary); expected an integer") }
    let number = try numeral.number(at: position)
    return IntegerSet(comparison, floor: number.floor.value, isExact: number.floor.isExact)
  }

  private mutating func bucketColumn(_ name: String, _ position: Int, _ find: (String) -> FilterColumn?) throws(FilterError) -> (Int, FilterColumn) {
    guard TextBucket.isAvailable else { throw FilterError(at: position, "bucket needs md5, which this machine's libcrypto refuses") }
    let (slot, column) = try use(name, position, find)
    switch column.values {
    case .text, .pathText: break
    case .fixed(let type) where type.isInteger: break
    default: throw FilterError(at: position, "bucket needs a column of text or integers, not the \(column.summary)")
    }
    return (slot, column)
  }

  private mutating func compareColumns(
    _ a: String, _ aPosition: Int, _ comparison: FilterComparison, _ b: String, _ bPosition: Int, _ find: (String) -> FilterColumn?
  ) throws(FilterError) -> BoundNode {
    let (aSlot, aColumn) = try use(a, aPosition, find)
    let (bSlot, bColumn) = try use(b, bPosition, find)
    switch (aColumn.values, bColumn.values) {
    case (.fixed(.bool), .fixed(.bool)) where comparison == .equal || comparison == .notEqual: break
    case (.fixed(let x), .fixed(let y)) where x != .bool && y != .bool && x.isNumber && y.isNumber: break
    case (.fixed(.datetime64), .fixed(.datetime64)), (.fixed(.timedelta64), .fixed(.timedelta64)): break
    case (.text, .text), (.text, .pathText), (.pathText, .text), (.pathText, .pathText): break
    case (.decimal(let x, let a), .decimal(let y, let b)):
      guard a == b, x.byteCount <= 16, y.byteCount <= 16 else {
        throw FilterError(
          at: aPosition, "\(aColumn.summary) cannot be compared with \(bColumn.summary): only decimals with the same point and at most 38 digits are")
      }
    default: throw FilterError(at: aPosition, "\(aColumn.summary) cannot be compared with \(bColumn.summary)")
    }
    return .comparison(aSlot, comparison, bSlot)
  }

  // MARK: - Lists

  /// Never null: a null row is in a list that holds null, and in no other, as pyarrow's is_in has it.
  private mutating func membership(
    _ operand: FilterOperand, _ items: [(literal: FilterLiteral, position: Int)], _ find: (String) -> FilterColumn?
  ) throws(FilterError) -> BoundNode {
    let hasNull = items.contains { $0.literal == .null }
    let values = items.filter { $0.literal != .null }
    switch operand.kind {
    case .literal: throw FilterError(at: operand.position, "a constant is looked for in a list; expected a column")
    case .bucket(let name, let count):
      let (slot, column) = try bucketColumn(name, operand.position, find)
      var sets: [IntegerSet] = []
      for item in values { sets.append(try integers(.equal, item.literal, item.position, "bucket(\(name), \(count))")) }
      return test(slot, column, .bucket(count: count, Self.union(sets)), whenNull: hasNull)
    case .column(let name):
      let (slot, column) = try use(name, operand.position, find)
      if values.isEmpty { return test(slot, column, .isNull, whenNull: true) }
      var kinds: [ColumnTest.Kind] = []
      for item in values { kinds.append(try comparing(column, .equal, item.literal, item.position)) }
      let tests = Self.union(kinds).map { test(slot, column, $0, whenNull: hasNull) }
      return tests.count == 1 ? tests[0] : .or(tests)
    }
  }

  private static func union<Value: Hashable>(_ sets: [ValueSet<Value>]) -> ValueSet<Value> {
    // Values of lists are exact, or nothing.
    let values = sets.compactMap { if case .range(let low, let high) = $0, low == high { low } else { nil } }
    return .list(Set(values).sorted())
  }

  /// As few tests as can be: one, but for path columns that are compared with texts and numbers.
  private static func union(_ kinds: [ColumnTest.Kind]) -> [ColumnTest.Kind] {
    var integers: [IntegerSet] = []
    var wide: [WideSet] = []
    var floats: [FloatSet] = []
    var texts: [[UInt8]] = []
    var numbers: [FilterNumber] = []
    for kind in kinds {
      switch kind {
      case .integers(let set): integers.append(set)
      case .wide(let set): wide.append(set)
      case .floats(let set): floats.append(set)
      case .text(.comparison(_, let text)): texts.append(text)
      case .pathNumbers(_, let values): numbers += values
      case .text(.list), .bucket, .isNull: preconditionFailure("not made of a single value")
      }
    }
    var united: [ColumnTest.Kind] = []
    if !integers.isEmpty { united.append(.integers(union(integers))) }
    if !wide.isEmpty { united.append(.wide(union(wide))) }
    if !floats.isEmpty { united.append(.floats(union(floats))) }
    if !texts.isEmpty { united.append(.text(.list(Set(texts).sorted { $0.lexicographicallyPrecedes($1) }))) }
    if !numbers.isEmpty { united.append(.pathNumbers(.equal, numbers)) }
    return united
  }
}
