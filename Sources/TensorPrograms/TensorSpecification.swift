// What one tensor is made of, as a configuration says it.

public import NumPyFormat

/// A tensor: one column, or several of the same shape stacked on a last axis; sliced, its channels chosen, transformed, then cast.
public struct TensorSpecification: Sendable, Hashable {
  /// What one sample of a column holds.
  public struct Column: Sendable, Hashable {
    public var elementType: ElementType
    /// Empty for a scalar.
    public var sampleShape: [Int]

    public init(elementType: ElementType, sampleShape: [Int]) {
      self.elementType = elementType
      self.sampleShape = sampleShape
    }
  }

  /// One column, unless `isStacked`.
  public var columns: [Column]
  /// True when the columns are stacked on a new last axis, as `np.stack(columns, axis=-1)` does; their names are the channels.
  public var isStacked: Bool
  /// The names of the last axis.
  public var channels: [String]?
  /// Empty for everything.
  public var slice: [SliceComponent]
  /// The channels to keep, in this order; nil for all.
  public var selectedChannels: [String]?
  /// Applied in this order.
  public var transform: [ChannelTransform]
  /// The type of the result. Without it: that of the column, but float32 for a transformed column of integers or booleans.
  public var castTo: ElementType?

  /// A tensor of one column.
  public init(
    elementType: ElementType, sampleShape: [Int], channels: [String]? = nil, slice: [SliceComponent] = [], selectedChannels: [String]? = nil,
    transform: [ChannelTransform] = [], castTo: ElementType? = nil
  ) {
    columns = [Column(elementType: elementType, sampleShape: sampleShape)]
    isStacked = false
    self.channels = channels
    self.slice = slice
    self.selectedChannels = selectedChannels
    self.transform = transform
    self.castTo = castTo
  }

  /// A tensor of columns of one shape, stacked on a last axis whose channels are `names`.
  public init(
    stacking columns: [Column], names: [String], slice: [SliceComponent] = [], selectedChannels: [String]? = nil, transform: [ChannelTransform] = [],
    castTo: ElementType? = nil
  ) {
    self.columns = columns
    isStacked = true
    channels = names
    self.slice = slice
    self.selectedChannels = selectedChannels
    self.transform = transform
    self.castTo = castTo
  }
}
