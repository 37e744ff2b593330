// Why a tensor cannot be made as it is configured.

public import NumPyFormat

public enum TensorProgramError: Error, Sendable, Equatable {
  case sliceSyntax(slice: String, component: String)
  case zeroStep(slice: String)
  case tooManySliceComponents(slice: String, found: Int, axes: Int)
  case sliceOutOfRange(slice: String, component: String, axis: Int, length: Int)
  case emptySlice(slice: String, component: String, axis: Int, length: Int)
  /// A shape with a negative length, or of more bytes than a sample may have.
  case impossibleShape([Int])
  case noColumns
  /// A column of moments, lengths of time or opaque bytes is transformed, cast, or stacked with one of another type: it can only be copied.
  case notANumber(ElementType)
  case stackedShapesDiffer(first: [Int], other: [Int])
  case channelCount(names: Int, lastAxis: Int?)
  case duplicateChannel(String)
  /// Channels are chosen, or one is transformed, but the last axis has no names (or the slice dropped it).
  case noChannelNames(channel: String)
  case unknownChannel(String, known: [String])
  case noSelectedChannels
  /// `sin_cos` needs the name of the channel that it replaces.
  case sinCosWithoutNames
  case impossibleOperation(channel: String, operation: TransformOperation, reason: Reason)
  case tooManyChannels(found: Int, limit: Int)

  public enum Reason: String, Sendable {
    case notFinite = "its numbers must be finite in the tensor's arithmetic"
    case divisionByZero = "it divides by zero"
    case negativeDeviation = "std must be positive"
    case emptyRange = "the lower bound is above the upper one"
  }
}

extension TensorProgramError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .sliceSyntax(let slice, let component):
      "slice \"\(slice)\": \"\(component)\" is neither an index, nor start:stop:step, nor one ..."
    case .zeroStep(let slice):
      "slice \"\(slice)\": the step is 0"
    case .tooManySliceComponents(let slice, let found, let axes):
      "slice \"\(slice)\" has \(found) components for \(axes) axes of a sample (the batch axis is not among them)"
    case .sliceOutOfRange(let slice, let component, let axis, let length):
      "slice \"\(slice)\": \(component) reaches beyond axis \(axis), whose length is \(length)"
    case .emptySlice(let slice, let component, let axis, let length):
      "slice \"\(slice)\": \(component) keeps nothing of axis \(axis), whose length is \(length)"
    case .impossibleShape(let shape):
      "a sample cannot have the shape \(shape)"
    case .notANumber(let type):
      "values of \(type.name) are no numbers: they can be copied, but not transformed, cast, or stacked with another type"
    case .noColumns:
      "the tensor has no columns"
    case .stackedShapesDiffer(let first, let other):
      "columns of the shapes \(first) and \(other) cannot be stacked"
    case .channelCount(let names, let lastAxis):
      if let lastAxis {
        "\(names) channel names for a last axis of length \(lastAxis)"
      } else {
        "\(names) channel names for a scalar, which has no axis"
      }
    case .duplicateChannel(let name):
      "channel \"\(name)\" occurs twice"
    case .noChannelNames(let channel):
      "channel \"\(channel)\": the sliced tensor's last axis has no channel names"
    case .unknownChannel(let name, let known):
      "unknown channel \"\(name)\"; the channels are \(known.joined(separator: ", "))"
    case .noSelectedChannels:
      "an empty list of channels"
    case .sinCosWithoutNames:
      "sin_cos replaces a channel by two, and the sliced tensor's last axis has no channel names"
    case .impossibleOperation(let channel, let operation, let reason):
      "channel \"\(channel)\", \(operation): \(reason.rawValue)"
    case .tooManyChannels(let found, let limit):
      "\(found) channels; at most \(limit) can be transformed"
    }
  }
}
