// The words of a filter's text.

struct FilterToken: Equatable {
  enum Kind: Equatable {
    /// A bare word; keywords too, which `keyword` tells apart.
    case word(String)
    /// A name in backticks or double quotes: never a keyword.
    case quotedName(String, quote: Unicode.Scalar)
    /// What stands between single quotes, doubled ones made single.
    case text(String)
    case number(FilterNumeral)
    case symbol(String)
    case end
  }

  let kind: Kind
  /// 1-based, in characters of the filter.
  let position: Int

  /// A bare word in lower case; nil for everything else.
  var keyword: String? {
    if case .word(let word) = kind { word.lowercased() } else { nil }
  }

  func isSymbol(_ symbol: String) -> Bool { kind == .symbol(symbol) }

  /// For messages.
  var summary: String {
    switch kind {
    case .word(let word): "\"\(word)\""
    case .quotedName(let name, let quote): "the name \(quote)\(name)\(quote)"
    case .text(let text): "the text '\(text.count > 40 ? text.prefix(40) + "..." : text)'"
    case .number(let number): "the number \(number)"
    case .symbol(let symbol): "\"\(symbol)\""
    case .end: "the end of the filter"
    }
  }
}
