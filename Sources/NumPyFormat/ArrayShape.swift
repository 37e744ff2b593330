// Checked arithmetic on array shapes, whose numbers come from files and configurations.

/// Counts elements and bytes of a shape without ever overflowing.
public enum ArrayShape {
  /// The most dimensions an array may have; NumPy 2 has the same limit.
  public static let maximumDimensionCount = 64

  /// The number of elements, 1 for the shape `[]`; nil when the shape is impossible: a negative dimension, more than 64 dimensions, or a
  /// product of the non-zero dimensions above `Int.max` (NumPy refuses those too, even where another dimension is zero).
  public static func elementCount(_ shape: [Int]) -> Int? {
    guard shape.count <= maximumDimensionCount else { return nil }
    var product = 1
    var isEmpty = false
    for dimension in shape {
      guard dimension >= 0 else { return nil }
      if dimension == 0 {
        isEmpty = true
        continue
      }
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard !overflow else { return nil }
      product = next
    }
    return isEmpty ? 0 : product
  }

  /// The bytes of all elements; nil when the shape is impossible or the bytes exceed `Int.max`.
  public static func byteCount(_ shape: [Int], elementType: ElementType) -> Int? {
    guard let count = elementCount(shape) else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: elementType.byteCount)
    return overflow ? nil : bytes
  }
}
