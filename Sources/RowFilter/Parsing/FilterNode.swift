// What a filter's text says, before its columns are known.

indirect enum FilterNode: Sendable {
  /// Two or more, as written in a row.
  case and([FilterNode])
  case or([FilterNode])
  case not(FilterNode)
  case comparison(FilterOperand, FilterComparison, FilterOperand)
  /// `in (...)`; a negated one stands in `not`.
  case membership(FilterOperand, [(literal: FilterLiteral, position: Int)])
  case isNull(FilterOperand)
  /// A boolean column, or `true` and `false`, as a condition.
  case truth(FilterOperand)
}

struct FilterOperand: Sendable {
  enum Kind: Sendable {
    case column(String)
    /// `bucket(column, count)`
    case bucket(String, count: Int)
    case literal(FilterLiteral)
  }

  let kind: Kind
  /// 1-based, in characters of the filter.
  let position: Int
}

enum FilterLiteral: Sendable, Equatable {
  case number(FilterNumeral)
  case text(String)
  case boolean(Bool)
  case null

  /// For messages.
  var summary: String {
    switch self {
    case .number(let number): "the number \(number)"
    case .text(let text): "the text '\(text.count > 40 ? text.prefix(40) + "..." : text)'"
    case .boolean(let value): "\(value)"
    case .null: "null"
    }
  }
}

enum FilterComparison: Sendable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

  init?(_ symbol: String) {
    switch symbol {
    case "=", "==": self = .equal
    case "!=", "<>": self = .notEqual
    case "<": self = .less
    case "<=": self = .lessOrEqual
    case ">": self = .greater
    case ">=": self = .greaterOrEqual
    default: return nil
    }
  }

  /// The comparison that holds for (b, a) where this holds for (a, b).
  var mirrored: FilterComparison {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }

  func holds(for order: FilterOrdering) -> Bool {
    switch self {
    case .equal: order == .equal
    case .notEqual: order != .equal
    case .less: order == .less
    case .lessOrEqual: order != .greater
    case .greater: order == .greater
    case .greaterOrEqual: order != .less
    }
  }
}

extension FilterNode {
  /// Calls `body` with every operand, in the order of the text.
  func forEachOperand(_ body: (FilterOperand) -> Void) {
    switch self {
    case .and(let parts), .or(let parts): for part in parts { part.forEachOperand(body) }
    case .not(let inner): inner.forEachOperand(body)
    case .comparison(let left, _, let right):
      body(left)
      body(right)
    case .membership(let operand, _), .isNull(let operand), .truth(let operand): body(operand)
    }
  }
}
