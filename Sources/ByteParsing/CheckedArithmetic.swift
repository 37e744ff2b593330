// Arithmetic on numbers that come from files.

extension FixedWidthInteger {
  /// The sum, or the largest number where it is beyond: for totals that only have to be large then.
  ///
  /// - Precondition: `other` is not negative.
  @inlinable
  public func saturatingAdding(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The sum, or a `ParsingError` with `.overflow` at `byteOffset`, where the numbers stand in the data.
  @inlinable
  public func adding(_ other: Self, at byteOffset: Int) throws(ParsingError) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    guard !overflow else { throw ParsingError(byteOffset: byteOffset, problem: .overflow) }
    return sum
  }

  /// The product, or a `ParsingError` with `.overflow` at `byteOffset`.
  @inlinable
  public func multiplied(by other: Self, at byteOffset: Int) throws(ParsingError) -> Self {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    guard !overflow else { throw ParsingError(byteOffset: byteOffset, problem: .overflow) }
    return product
  }

  /// `value` as this type, or a `ParsingError` with `.overflow` at `byteOffset`.
  @inlinable
  public init(_ value: some BinaryInteger, at byteOffset: Int) throws(ParsingError) {
    guard let exact = Self(exactly: value) else { throw ParsingError(byteOffset: byteOffset, problem: .overflow) }
    self = exact
  }
}
