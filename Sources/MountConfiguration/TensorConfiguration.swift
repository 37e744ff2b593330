// What a configuration says about one tensor of a view.

public import TensorPrograms

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
  /// At least one. Constants are finite (the bounds of `clamp` may be infinite) and, unless the tensor is float64, finite as float32 too.
  public var operations: [Located<TransformOperation>]
}
