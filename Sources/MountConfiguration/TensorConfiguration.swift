// What a configuration says about one tensor of a view.

/// Sliced first, then its channels are chosen, then it is transformed, then cast.
public struct TensorConfiguration: Sendable, Equatable {
  /// Part of file names.
  public var name: Located<String>
  /// One column, or, with `isStacked`, names and globs of scalar columns.
  public var columns: [Located<String>]
  /// True when `columns:` was given: they are stacked on a last axis, even if there is only one.
  public var isStacked: Bool
  /// NumPy slicing of one sample, without the batch axis, as text.
  public var slice: Located<String>?
  /// The channels to keep, each once.
  public var channels: [Located<String>]?
  /// In the order of the file.
  public var transform: [ChannelTransformConfiguration]
  /// Not bool.
  public var dtype: Located<ElementTypeName>?
}

/// The operations of one channel.
public struct ChannelTransformConfiguration: Sendable, Equatable {
  /// The name of a channel, or `*` for every one.
  public var channel: Located<String>
  /// At least one.
  public var operations: [Located<Operation>]

  /// One step. Constants are finite (the bounds of `clamp` may be infinite) and, unless the tensor is float64, finite as float32 too.
  public enum Operation: Sendable, Equatable {
    case add(Double)
    case subtract(Double)
    case multiply(Double)
    /// Not by 0.
    case divide(Double)
    /// `low <= high`
    case clamp(low: Double, high: Double)
    case log1p
    case sinCos(AngleUnit)
    /// `std` is above 0.
    case standardize(mean: Double, std: Double)
    case nanTo(Double)
  }

  public enum AngleUnit: String, Sendable, CaseIterable { case degrees, radians }
}
