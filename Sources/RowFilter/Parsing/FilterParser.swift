// The grammar of filters, by descent: or, and, not, then one condition.

struct FilterParser {
  private let tokens: [FilterToken]
  private var next = 0
  private var depth = 0

  /// A condition and its parentheses and `not`s may be nested so deep.
  static let depthLimit = 64
  static let byteLimit = 64 << 10

  init(_ text: String) throws(FilterError) {
    guard text.utf8.count <= Self.byteLimit else { throw FilterError(at: 1, "a filter has at most \(Self.byteLimit) bytes; this one has \(text.utf8.count)") }
    var lexer = FilterLexer(text)
    tokens = try lexer.tokens()
  }

  mutating func parse() throws(FilterError) -> FilterNode {
    let node = try disjunction()
    if token.kind != .end { throw unexpected("and, or, or the end of the filter") }
    return node
  }

  private var token: FilterToken { tokens[next] }

  private func unexpected(_ expected: String) -> FilterError { FilterError(at: token.position, "found \(token.summary); expected \(expected)") }

  /// Steps over a keyword or symbol, if it is there.
  private mutating func take(_ word: String) -> Bool {
    guard token.keyword == word || token.isSymbol(word) else { return false }
    next += 1
    return true
  }

  private mutating func expect(_ symbol: String, _ expected: String) throws(FilterError) {
    if !take(symbol) { throw unexpected(expected) }
  }

  private mutating func disjunction() throws(FilterError) -> FilterNode {
    var parts = [try conjunction()]
    while take("or") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func conjunction() throws(FilterError) -> FilterNode {
    var parts = [try negation()]
    while take("and") { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func negation() throws(FilterError) -> FilterNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw FilterError(at: token.position, "conditions are nested more than \(Self.depthLimit) deep") }
    if take("not") { return .not(try negation()) }
    if take("(") {
      let inner = try disjunction()
      try expect(")", "a closing parenthesis, and, or or")
      return inner
    }
    return try condition()
  }

  private mutating func condition() throws(FilterError) -> FilterNode {
    let left = try operand()
    if case .symbol(let symbol) = token.kind, let comparison = FilterComparison(symbol) {
      next += 1
      let right = try operand()
      if case .symbol(let symbol) = token.kind, FilterComparison(symbol) != nil {
        throw FilterError(at: token.position, "comparisons cannot be chained; write `a < b and b < c`, or `b between a and c`")
      }
      return .comparison(left, comparison, right)
    }
    if take("is") {
      let isNegated = take("not")
      try expect("null", "null or not null")
      return isNegated ? .not(.isNull(left)) : .isNull(left)
    }
    let isNegated = take("not")
    if take("in") {
      let node = FilterNode.membership(left, try list())
      return isNegated ? .not(node) : node
    }
    if take("between") {
      let low = try operand()
      try expect("and", "and, then the upper bound of between")
      let high = try operand()
      let node = FilterNode.and([.comparison(left, .greaterOrEqual, low), .comparison(left, .lessOrEqual, high)])
      return isNegated ? .not(node) : node
    }
    if isNegated { throw unexpected("in or between") }
    return .truth(left)
  }

  private mutating func list() throws(FilterError) -> [(literal: FilterLiteral, position: Int)] {
    try expect("(", "a list in parentheses, such as ('a', 'b')")
    var items: [(literal: FilterLiteral, position: Int)] = []
    repeat {
      let item = try operand()
      guard case .literal(let literal) = item.kind else {
        throw FilterError(at: item.position, "only texts, numbers, true, false and null can stand in a list")
      }
      items.append((literal, item.position))
    } while take(",")
    try expect(")", "a comma or a closing parenthesis")
    return items
  }

  private mutating func operand() throws(FilterError) -> FilterOperand {
    let position = token.position
    func made(_ kind: FilterOperand.Kind) -> FilterOperand { FilterOperand(kind: kind, position: position) }
    switch token.kind {
    case .text(let text):
      next += 1
      return made(.literal(.text(text)))
    case .number(let number):
      next += 1
      return made(.literal(.number(number)))
    case .symbol("-"), .symbol("+"):
      return made(.literal(.number(try signedNumber())))
    case .word:
      switch token.keyword {
      case "true", "false":
        defer { next += 1 }
        return made(.literal(.boolean(token.keyword == "true")))
      case "null":
        next += 1
        return made(.literal(.null))
      case "bucket" where tokens[next + 1].isSymbol("("): return made(try bucket())
      case "and", "or", "not", "in", "is", "between": throw unexpected("a column, a text, a number, true or false (a column of such a name is written `NAME`)")
      default: return made(.column(try name()))
      }
    case .quotedName: return made(.column(try name()))
    default: throw unexpected("a column, a text, a number, true or false")
    }
  }

  private mutating func signedNumber() throws(FilterError) -> FilterNumeral {
    let isNegative = token.isSymbol("-")
    next += 1
    guard case .number(let number) = token.kind else { throw unexpected("a number after the sign") }
    next += 1
    return isNegative ? number.negated : number
  }

  /// A column's name; the fields of structs are joined by dots.
  private mutating func name() throws(FilterError) -> String {
    var name = ""
    repeat {
      switch token.kind {
      case .word(let part), .quotedName(let part, _): name += (name.isEmpty ? "" : ".") + part
      default: throw unexpected("a name")
      }
      next += 1
    } while take(".")
    return name
  }

  private mutating func bucket() throws(FilterError) -> FilterOperand.Kind {
    next += 2
    let column = try name()
    try expect(",", "a comma and the number of buckets")
    guard case .number(let numeral) = token.kind, case .integer(let count)? = numeral.number, count > 0, count <= Int128(UInt32.max) else {
      throw unexpected("the number of buckets, an integer from 1 to \(UInt32.max)")
    }
    next += 1
    try expect(")", "a closing parenthesis")
    return .bucket(column, count: Int(count))
  }
}
