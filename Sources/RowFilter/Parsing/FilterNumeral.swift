// A number as a filter spells it.

/// Kept as text, since only a column knows what it is compared as: decimals are compared with the digits that are written.
struct FilterNumeral: Sendable, Equatable {
  /// With its sign.
  private let text: String
  /// Nil where it is an integer of more than 64 bits, or beyond a float64.
  let number: FilterNumber?

  /// - Parameter digits: without a sign.
  /// - Returns: nil where they spell no number.
  init?(_ digits: String, isNegative: Bool = false) {
    guard DecimalText(digits) != nil else { return nil }
    text = (isNegative ? "-" : "") + digits
    switch FilterNumber(decimal: digits) {
    case .float(let value): number = .float(isNegative ? -value : value)
    case .integer(let value): number = !isNegative ? .integer(value) : -value >= Int128(Int64.min) ? .integer(-value) : nil
    case nil: number = nil
    }
  }

  var negated: FilterNumeral { FilterNumeral(text, isNegative: true) ?? self }

  func place(scale: Int) -> DecimalText.Place { DecimalText(text)?.place(scale: scale) ?? .above }

  /// The number, to be compared with others than decimals.
  func number(at position: Int) throws(FilterError) -> FilterNumber {
    if let number { return number }
    if text.first == "-", !text.contains(where: { ".eE".contains($0) }) {
      throw FilterError(at: position, "found \(text); expected an integer of at least \(Int64.min)")
    }
    throw FilterError(at: position, "found \(text); expected an integer up to \(UInt64.max) or a float64, such as 3, 0.5 or 1e-3")
  }
}

extension FilterNumeral: CustomStringConvertible {
  var description: String { number?.description ?? text }
}
