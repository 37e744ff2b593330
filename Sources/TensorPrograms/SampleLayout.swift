// Where the values that a slice keeps lie in a sample.

internal import NumPyFormat

/// The shapes of a specification, checked, and its slice, applied.
struct SampleLayout {
  /// One axis of what is kept, except that of the channels; the stride is in values of the sample.
  struct Axis: Equatable {
    var count: Int
    var stride: Int
  }
  /// The axes before that of the channels.
  var axes: [Axis] = []
  /// Of the first kept value (channel 0), in values.
  var base = 0
  /// The kept positions of the last axis, in order; `[0]` where there is none.
  var channels: [Int] = [0]
  /// False for a scalar, and where the slice dropped the last axis.
  var hasChannelAxis = false
  /// Their names; nil where they have none, or the slice dropped the axis.
  var channelNames: [String]?
  let inputByteCounts: [Int]

  /// An axis without names is treated as channels up to this length: loops along it would be too short.
  static let shortAxis = 16

  init(_ specification: TensorSpecification) throws(TensorProgramError) {
    guard let first = specification.columns.first else { throw .noColumns }
    var byteCounts: [Int] = []
    for column in specification.columns {
      guard column.sampleShape == first.sampleShape else { throw .stackedShapesDiffer(first: first.sampleShape, other: column.sampleShape) }
      byteCounts.append(try Self.byteCount(of: column))
    }
    inputByteCounts = byteCounts

    let fullShape = first.sampleShape + (specification.isStacked ? [specification.columns.count] : [])
    if let names = specification.channels {
      guard names.count == fullShape.last else { throw .channelCount(names: names.count, lastAxis: fullShape.last) }
      try requireUnique(names)
    }

    var strides = [Int](repeating: 1, count: first.sampleShape.count)
    for axis in strides.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * first.sampleShape[axis + 1] }
    var kept = try SlicedAxis.resolve(specification.slice, shape: fullShape)
    if let last = kept.popLast() {
      hasChannelAxis = !last.isDropped
      if !hasChannelAxis || specification.channels != nil || specification.isStacked || last.count <= Self.shortAxis {
        channels = (0..<last.count).map { last.start + $0 * last.step }
        channelNames = last.isDropped ? nil : specification.channels.map { names in channels.map { names[$0] } }
      } else {
        // A long axis without names is one like the others.
        kept.append(last)
        hasChannelAxis = false
      }
    }
    for (axis, stride) in zip(kept, strides) {
      base += axis.start * stride
      if !axis.isDropped { axes.append(Axis(count: axis.count, stride: axis.step * stride)) }
    }
    if let selected = specification.selectedChannels { try select(selected) }
  }

  private mutating func select(_ selected: [String]) throws(TensorProgramError) {
    guard let first = selected.first else { throw .noSelectedChannels }
    guard let names = channelNames else { throw .noChannelNames(channel: first) }
    try requireUnique(selected)
    var positions: [Int] = []
    for name in selected {
      guard let index = names.firstIndex(of: name) else { throw .unknownChannel(name, known: names) }
      positions.append(channels[index])
    }
    channels = positions
    channelNames = selected
  }

  private static func byteCount(of column: TensorSpecification.Column) throws(TensorProgramError) -> Int {
    var count = column.elementType.byteCount
    for length in column.sampleShape {
      // An empty axis keeps nothing, whatever the slice.
      guard length > 0 else { throw .impossibleShape(column.sampleShape) }
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow, product <= TensorProgram.byteCountLimit else { throw .impossibleShape(column.sampleShape) }
      count = product
    }
    guard column.sampleShape.count <= NumPySlice.componentLimit else { throw .impossibleShape(column.sampleShape) }
    return count
  }
}

func requireUnique(_ names: [String]) throws(TensorProgramError) {
  var seen: Set<String> = []
  for name in names where !seen.insert(name).inserted { throw .duplicateChannel(name) }
}
