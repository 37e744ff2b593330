// What happens to each channel: the transform's keys, applied in the order in which they are written.

internal import NumPyFormat

/// The channels of the result, each in its plane, and the steps that fill the planes.
struct ChannelPlan {
  struct Channel {
    var name: String?
    var plane: Int
    /// The ordinal of the kept channel that it is made from, which is the plane that is loaded.
    var source: Int
  }
  var channels: [Channel]
  var steps: [KernelStep] = []
  /// Whether any step works on what is made from this kept channel.
  var isTransformed: [Bool]
  var planeCount: Int
  /// True when all channels are one plane: they are treated alike and lie at equal distances.
  let isMerged: Bool
  /// Constants must be finite in this.
  private let usesDouble: Bool
  private let hasNames: Bool

  init(_ specification: TensorSpecification, _ layout: SampleLayout) throws(TensorProgramError) {
    let operations = specification.transform.flatMap(\.operations)
    let alike = specification.transform.allSatisfy { $0.channel == "*" || $0.operations.isEmpty }
    let splits = operations.contains { if case .sinCos = $0 { true } else { false } }
    let distances = zip(layout.channels.dropFirst(), layout.channels).map { $0 - $1 }
    // Short runs of channels that are no run together with the axis before are faster apart; copies choose their own loops.
    let isCopy = operations.isEmpty && specification.inputType == specification.outputType
    let joins = layout.axes.last { $0.count > 1 }.map { $0.stride == distances.first.map { $0 * layout.channels.count } } ?? true
    let isLong = layout.channels.count > SampleLayout.shortAxis
    isMerged = alike && !splits && !specification.isStacked && distances.allSatisfy { $0 == distances[0] } && (isCopy || joins || isLong)
    hasNames = layout.channelNames != nil
    usesDouble = specification.outputType == .float64
    planeCount = isMerged ? 1 : layout.channels.count
    isTransformed = Array(repeating: false, count: planeCount)
    channels = (0..<planeCount).map { Channel(name: layout.channelNames?[$0], plane: $0, source: $0) }
    guard isMerged || operations.isEmpty || planeCount <= TensorProgram.channelLimit else {
      throw .tooManyChannels(found: planeCount, limit: TensorProgram.channelLimit)
    }
    for transform in specification.transform { try apply(transform, known: layout.channelNames) }
    if !isMerged { try requireUnique(channels.compactMap(\.name)) }
  }

  private mutating func apply(_ transform: ChannelTransform, known: [String]?) throws(TensorProgramError) {
    let isEvery = transform.channel == "*"
    if !isEvery {
      guard hasNames, let known else { throw .noChannelNames(channel: transform.channel) }
      let names = isMerged ? known : channels.compactMap(\.name)
      guard names.contains(transform.channel) else { throw .unknownChannel(transform.channel, known: names) }
    }
    // Only a key without operations names one of the merged channels.
    guard !transform.operations.isEmpty else { return }
    var result: [Channel] = []
    for channel in channels {
      guard isEvery || channel.name == transform.channel else {
        result.append(channel)
        continue
      }
      isTransformed[channel.source] = true
      var current = [channel]
      for operation in transform.operations {
        try check(operation, transform.channel)
        if case .sinCos(let unit) = operation {
          var split: [Channel] = []
          for one in current { split += try splitByAngle(one, unit) }
          current = split
        } else {
          for one in current { append(operation, one.plane) }
        }
      }
      result += current
    }
    channels = result
  }

  private mutating func splitByAngle(_ channel: Channel, _ unit: TransformOperation.AngleUnit) throws(TensorProgramError) -> [Channel] {
    guard let name = channel.name else { throw .sinCosWithoutNames }
    guard planeCount < TensorProgram.channelLimit else { throw .tooManyChannels(found: planeCount + 1, limit: TensorProgram.channelLimit) }
    let cosine = Channel(name: name + "_cos", plane: planeCount, source: channel.source)
    planeCount += 1
    steps.append(KernelStep(kind: unit == .degrees ? .sinCosDegrees : .sinCosRadians, plane: channel.plane, secondPlane: cosine.plane))
    return [Channel(name: name + "_sin", plane: channel.plane, source: channel.source), cosine]
  }

  private mutating func append(_ operation: TransformOperation, _ plane: Int) {
    switch operation {
    case .add(let value): steps.append(KernelStep(kind: .add, plane: plane, first: value))
    case .subtract(let value): steps.append(KernelStep(kind: .subtract, plane: plane, first: value))
    case .multiply(let value):
      steps.append(KernelStep(kind: .multiply, plane: plane, first: value))
      // Infinity times zero is a NaN whose sign depends on the machine.
      if value == 0 || Float(value) == 0 { steps.append(KernelStep(kind: .replaceNaN, plane: plane, first: .nan)) }
    case .divide(let value): steps.append(KernelStep(kind: .divide, plane: plane, first: value))
    case .clamp(let low, let high): steps.append(KernelStep(kind: .clamp, plane: plane, first: low, second: high))
    case .log1p: steps.append(KernelStep(kind: .log1p, plane: plane))
    case .standardize(let mean, let std):
      steps.append(KernelStep(kind: .subtract, plane: plane, first: mean))
      steps.append(KernelStep(kind: .divide, plane: plane, first: std))
    case .nanTo(let value): steps.append(KernelStep(kind: .replaceNaN, plane: plane, first: value))
    case .sinCos: break
    }
  }

  /// Refuses constants that make no sense, as they are after rounding to the tensor's arithmetic.
  private func check(_ operation: TransformOperation, _ channel: String) throws(TensorProgramError) {
    func rounded(_ value: Double) -> Double { usesDouble ? value : Double(Float(value)) }
    func fail(_ reason: TensorProgramError.Reason) -> TensorProgramError {
      .impossibleOperation(channel: channel, operation: operation, reason: reason)
    }
    switch operation {
    case .add(let value), .subtract(let value), .multiply(let value):
      guard rounded(value).isFinite else { throw fail(.notFinite) }
    case .divide(let value):
      guard rounded(value).isFinite else { throw fail(.notFinite) }
      guard rounded(value) != 0 else { throw fail(.divisionByZero) }
    case .clamp(let low, let high):
      guard !low.isNaN, !high.isNaN else { throw fail(.notFinite) }
      guard low <= high else { throw fail(.emptyRange) }
    case .standardize(let mean, let std):
      guard rounded(mean).isFinite, rounded(std).isFinite else { throw fail(.notFinite) }
      guard rounded(std) > 0 else { throw fail(.negativeDeviation) }
    case .nanTo(let value):
      guard value.isNaN || value.isInfinite || rounded(value).isFinite else { throw fail(.notFinite) }
    case .log1p, .sinCos: break
    }
  }
}
