// Cuts a filter's text into words.

struct FilterLexer {
  private let scalars: [Unicode.Scalar]
  private var next = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// All words and the end behind them.
  mutating func tokens() throws(FilterError) -> [FilterToken] {
    var tokens: [FilterToken] = []
    repeat { tokens.append(try token()) } while tokens.last?.kind != .end
    return tokens
  }

  private var peek: Unicode.Scalar? { next < scalars.count ? scalars[next] : nil }

  private mutating func token() throws(FilterError) -> FilterToken {
    while let scalar = peek, scalar.properties.isWhitespace { next += 1 }
    let position = next + 1
    guard let first = peek else { return FilterToken(kind: .end, position: position) }
    if first == "'" { return FilterToken(kind: .text(try quoted("'", "text")), position: position) }
    if first == "`" || first == "\"" { return FilterToken(kind: .quotedName(try quoted(first, "name"), quote: first), position: position) }
    if Self.isDigit(first) { return FilterToken(kind: .number(try number()), position: position) }
    if Self.beginsName(first) {
      let begin = next
      while let scalar = peek, Self.beginsName(scalar) || Self.isDigit(scalar) { next += 1 }
      return FilterToken(kind: .word(Self.string(scalars[begin..<next])), position: position)
    }
    let pair = Self.string(scalars[next..<min(next + 2, scalars.count)])
    for (symbol, hint) in ["&&": "and", "||": "or"] where pair == symbol { throw FilterError(at: position, "found \(symbol); write `\(hint)`") }
    if ["==", "!=", "<>", "<=", ">="].contains(pair) {
      next += 2
      return FilterToken(kind: .symbol(pair), position: position)
    }
    for (symbol, hint) in ["&": "and", "|": "or", "~": "not", "!": "not"] where String(first) == symbol {
      throw FilterError(at: position, "found \(symbol); write `\(hint)`")
    }
    guard "=<>(),.-+".unicodeScalars.contains(first) else {
      throw FilterError(at: position, "found \(first.debugDescription), which has no meaning in a filter")
    }
    next += 1
    return FilterToken(kind: .symbol(String(first)), position: position)
  }

  /// What stands between quotes; a doubled quote is one.
  private mutating func quoted(_ quote: Unicode.Scalar, _ what: String) throws(FilterError) -> String {
    let begin = next
    var result = String.UnicodeScalarView()
    next += 1
    while let scalar = peek {
      next += 1
      guard scalar == quote else {
        result.append(scalar)
        continue
      }
      guard peek == quote else { return String(result) }
      result.append(quote)
      next += 1
    }
    throw FilterError(at: begin + 1, "the \(what) that begins here has no closing \(quote)")
  }

  private mutating func number() throws(FilterError) -> FilterNumeral {
    let begin = next
    while let scalar = peek {
      let isSign = scalar == "-" || scalar == "+"
      guard Self.isDigit(scalar) || Self.beginsName(scalar) || scalar == "." || (isSign && (scalars[next - 1] == "e" || scalars[next - 1] == "E")) else {
        break
      }
      next += 1
    }
    let text = Self.string(scalars[begin..<next])
    guard let number = FilterNumeral(text) else {
      throw FilterError(at: begin + 1, "found \(text); expected a number such as 3, 0.5 or 1e-3")
    }
    return number
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

  private static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || (scalar.isASCII ? scalar.properties.isAlphabetic : scalar.properties.isXIDContinue)
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
