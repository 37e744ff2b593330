// What the configuration says about a column whose bytes do not say it themselves.

public import NumPyFormat

/// `columns: {features: {dtype: float32, shape: [928, 5], channels: [...]}}`.
public struct ColumnDeclaration: Sendable {
  public let name: String
  public let elementType: ElementType?
  public let shape: [Int]?
  public let channels: [String]?

  public init(name: String, elementType: ElementType?, shape: [Int]?, channels: [String]?) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.channels = channels
  }
}
