// What stands for null in an array.

public import NumPyFormat

public enum NullPattern {
  /// The bytes of the element that stands for null: NaN, NaT, or zeros where the type has no such value.
  public static func bytes(_ type: ElementType) -> [UInt8] {
    switch type {
    case .float16: [0x00, 0x7E]
    case .float32: [0, 0, 0xC0, 0x7F]
    case .float64: [0, 0, 0, 0, 0, 0, 0xF8, 0x7F]
    case .datetime64, .timedelta64: [0, 0, 0, 0, 0, 0, 0, 0x80]
    default: Array(repeating: 0, count: type.byteCount)
    }
  }
}
