// Why a row of a tensor cannot be made from a sample's bytes.

public import NumPyFormat

public enum TensorValueError: Error, Sendable, Equatable {
  /// The value has no counterpart in the target type. `position`: the index in the tensor's row, an entry an axis.
  case notRepresentable(value: Number, position: [Int], channel: String?, target: ElementType)
  /// The column's bytes end before the sample does.
  case inputTooShort(byteCount: Int, needed: Int)

  public enum Number: Sendable, Equatable {
    case signed(Int64)
    case unsigned(UInt64)
    case real(Double)
  }
}

extension TensorValueError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notRepresentable(let value, let position, let channel, let target):
      "the value \(value) at \(position)\(channel.map { " (channel \"\($0)\")" } ?? "") cannot be cast to \(target.name)"
    case .inputTooShort(let byteCount, let needed):
      "\(byteCount) bytes are left for a sample of \(needed)"
    }
  }
}

extension TensorValueError.Number: CustomStringConvertible {
  public var description: String {
    switch self {
    case .signed(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .real(let value): "\(value)"
    }
  }
}
