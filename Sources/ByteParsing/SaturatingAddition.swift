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
}
