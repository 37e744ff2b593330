// What a filter makes of all the values of a column, without its rows.

/// Of each test that was tried: whether some value passes, and whether some fails. Of use to the filter that tried them alone.
public struct TestedValues: Sendable, Equatable {
  /// Tests by their numbers.
  var passing: Set<Int> = []
  var failing: Set<Int> = []
}

extension ColumnTest {
  /// Whether it asks for null alone, of which values say nothing.
  var isOfNulls: Bool { if case .isNull = kind { true } else { false } }
}

extension BoundNode {
  /// Calls `body` with every test and its column's place.
  func forEachTest(_ body: (Int, ColumnTest) -> Void) {
    switch self {
    case .and(let parts), .or(let parts): for part in parts { part.forEachTest(body) }
    case .not(let inner): inner.forEachTest(body)
    case .test(let slot, let test): body(slot, test)
    case .constant, .comparison: break
    }
  }

  func contains(_ predicate: (Int, ColumnTest) -> Bool) -> Bool {
    var found = false
    forEachTest { found = found || predicate($0, $1) }
    return found
  }
}
