// The operations that a configuration may name, on the values of one channel.

/// One step of a channel's transform. Arithmetic is float32, or float64 where the tensor is float64; constants are rounded to it.
public enum TransformOperation: Sendable, Hashable {
  case add(Double)
  case subtract(Double)
  case multiply(Double)
  /// A true division: x / 90, not x · (1/90).
  case divide(Double)
  /// At least `low`, at most `high`; NaN stays NaN.
  case clamp(low: Double, high: Double)
  /// log(1 + x); NaN below -1.
  case log1p
  /// Replaces the channel NAME by NAME_sin and NAME_cos; what follows in the same list applies to both.
  case sinCos(AngleUnit)
  /// (x - mean) / std.
  case standardize(mean: Double, std: Double)
  /// Replaces NaN.
  case nanTo(Double)

  public enum AngleUnit: String, Sendable, CaseIterable { case degrees, radians }
}

extension TransformOperation: CustomStringConvertible {
  public var description: String {
    switch self {
    case .add(let value): "add: \(value)"
    case .subtract(let value): "subtract: \(value)"
    case .multiply(let value): "multiply: \(value)"
    case .divide(let value): "divide: \(value)"
    case .clamp(let low, let high): "clamp: [\(low), \(high)]"
    case .log1p: "log1p"
    case .sinCos(let unit): "sin_cos: \(unit.rawValue)"
    case .standardize(let mean, let std): "standardize: {mean: \(mean), std: \(std)}"
    case .nanTo(let value): "nan_to: \(value)"
    }
  }
}

/// The operations of one channel, or of every channel.
public struct ChannelTransform: Sendable, Hashable {
  /// A channel's name, or `*` for every channel.
  public var channel: String
  public var operations: [TransformOperation]

  public init(channel: String, operations: [TransformOperation]) {
    self.channel = channel
    self.operations = operations
  }
}
