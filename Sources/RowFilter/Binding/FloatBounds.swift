// Ranges of floats that compare so with a number which may be none of theirs.

extension FloatSet {
  /// The values of a type that compare so with `number`, exactly. `!=` is the opposite of `==` and not made here.
  init(_ comparison: FilterComparison, _ number: FilterNumber, isDouble: Bool) {
    let (below, above) = isDouble ? Self.neighbours(number, as: Double.self) : Self.neighbours(number, as: Float.self)
    switch comparison {
    case .equal, .notEqual: self = below == above ? .range(below, above) : .range(0, -1)
    case .lessOrEqual: self = .range(-.infinity, below)
    case .greaterOrEqual: self = .range(above, .infinity)
    case .less: self = .range(-.infinity, below < above ? below : isDouble ? below.nextDown : Double(Float(below).nextDown))
    case .greater: self = .range(below < above ? above : isDouble ? above.nextUp : Double(Float(above).nextUp), .infinity)
    }
  }

  /// The greatest value of a type that is not above `number`, and the least that is not below: the same where the number is one of the type.
  private static func neighbours<Element: BinaryFloatingPoint>(_ number: FilterNumber, as: Element.Type) -> (Double, Double) {
    let nearest: Element =
      switch number {
      case .integer(let integer): Element(integer)
      case .float(let float): Element(float)
      }
    // No NaN: numbers of filters are finite.
    switch FilterNumber.float(Double(nearest)).order(to: number) ?? .equal {
    case .equal: return (Double(nearest), Double(nearest))
    case .less: return (Double(nearest), Double(nearest.nextUp))
    case .greater: return (Double(nearest.nextDown), Double(nearest))
    }
  }
}
