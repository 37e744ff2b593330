// Puts copies and plane groups together from a layout and a plan.

internal import NumPyFormat

struct ProgramBuilder {
  private let specification: TensorSpecification
  private let layout: SampleLayout
  private let plan: ChannelPlan
  private let outputType: ElementType
  /// The row's channels; their values are neighbours.
  private let outputChannelCount: Int

  init(_ specification: TensorSpecification, _ layout: SampleLayout, _ plan: ChannelPlan) {
    self.specification = specification
    self.layout = layout
    self.plan = plan
    outputType = specification.outputType
    outputChannelCount = plan.channels.count
  }

  func build() -> TensorProgram {
    let columns = specification.columns.indices.map(program)
    let channelCount = plan.isMerged ? layout.channels.count : plan.channels.count
    let channelNames = plan.isMerged ? layout.channelNames : layout.channelNames.map { _ in plan.channels.compactMap(\.name) }
    return TensorProgram(
      outputShape: layout.axes.map(\.count) + (layout.hasChannelAxis ? [channelCount] : []), outputType: outputType, outputChannels: channelNames,
      inputByteCounts: layout.inputByteCounts, columns: columns)
  }

  private func program(_ column: Int) -> TensorProgram.ColumnProgram {
    let type = specification.columns[column].elementType
    let sources = (0..<plan.isTransformed.count).filter { !specification.isStacked || layout.channels[$0] == column }
    let arithmetic: Arithmetic = outputType == .float64 ? .double : .float
    // Channels that are only cast join the transformed ones where that changes no value.
    let joins = sources.contains { plan.isTransformed[$0] } && (arithmetic == .double ? type.isExactInDouble : type.isExactInFloat)
    let computed = sources.filter { plan.isTransformed[$0] || joins }
    let plain = sources.filter { !plan.isTransformed[$0] && !joins }

    var result = TensorProgram.ColumnProgram()
    if !computed.isEmpty { result.groups.append(group(computed, type, arithmetic)) }
    if !plain.isEmpty {
      if type == outputType {
        result.copies = copies(plain, type)
      } else {
        result.groups.append(group(plain, type, .exact(from: type, to: outputType)))
      }
    }
    return result
  }

  /// Where the first value of a kept channel lies in the sample, in bytes.
  private func inputOffset(_ source: Int, _ type: ElementType) -> Int {
    (layout.base + (specification.isStacked ? 0 : layout.channels[source])) * type.byteCount
  }

  /// The axes of a plane; the channels are the last where they are merged.
  private func axes(_ type: ElementType) -> [PlaneAxis] {
    var axes = layout.axes.map { PlaneAxis(count: $0.count, stride: $0.stride * type.byteCount) }
    if plan.isMerged, layout.channels.count > 1 {
      axes.append(PlaneAxis(count: layout.channels.count, stride: (layout.channels[1] - layout.channels[0]) * type.byteCount))
    }
    return axes
  }

  private func group(_ sources: [Int], _ type: ElementType, _ arithmetic: Arithmetic) -> PlaneGroup {
    // Planes are numbered anew: the group's alone.
    var planes: [Int: Int] = [:]
    for source in sources { planes[source] = planes.count }
    var steps: [KernelStep] = []
    for var step in plan.steps {
      guard let plane = planes[step.plane] else { continue }
      if step.splits {
        planes[step.secondPlane] = planes.count
        step.secondPlane = planes.count - 1
      }
      step.plane = plane
      steps.append(step)
    }
    let stores = plan.channels.enumerated().compactMap { ordinal, channel -> PlaneStore? in
      guard let plane = planes[channel.plane] else { return nil }
      return PlaneStore(plane: plane, outputOffset: ordinal * outputType.byteCount, others: SIMD4(repeating: plane))
    }
    return PlaneGroup(
      source: type, target: outputType, arithmetic: arithmetic,
      loads: sources.enumerated().map { PlaneLoad(inputOffset: inputOffset($1, type), plane: $0) }, steps: steps, stores: stores, axes: axes(type),
      planeCount: planes.count, outputStride: outputChannelCount * outputType.byteCount)
  }

  /// Channels that are neighbours in sample and row are copied together.
  private func copies(_ sources: [Int], _ type: ElementType) -> [CopyTask] {
    let size = type.byteCount
    let members = Set(sources)
    var runs: [(inputOffset: Int, outputOffset: Int, byteCount: Int)] = []
    for (ordinal, channel) in plan.channels.enumerated() where members.contains(channel.source) {
      let input = inputOffset(channel.source, type)
      let output = ordinal * size
      if let last = runs.last, last.inputOffset + last.byteCount == input, last.outputOffset + last.byteCount == output {
        runs[runs.count - 1].byteCount += size
      } else {
        runs.append((input, output, size))
      }
    }
    var stride = outputChannelCount * size
    var copyAxes: [CopyAxis] = []
    for axis in axes(type).reversed() {
      copyAxes.insert(CopyAxis(count: axis.count, inputStride: axis.stride, outputStride: stride), at: 0)
      stride *= axis.count
    }
    return runs.map { CopyTask(inputOffset: $0.inputOffset, outputOffset: $0.outputOffset, blockByteCount: $0.byteCount, axes: copyAxes) }
  }
}

extension Arithmetic {
  /// In which every value of `source` is exact, chosen so that the cast to `target` rounds once.
  fileprivate static func exact(from source: ElementType, to target: ElementType) -> Arithmetic {
    switch source {
    case .float16, .float32: .float
    case .float64: .double
    case .uint64: .unsigned
    case .bool, .int8, .uint8, .int16, .uint16: target.isFloatingPoint ? .float : .signed
    case .int32, .uint32: target.isFloatingPoint ? .double : .signed
    case .int64: .signed
    case .datetime64, .timedelta64, .void: preconditionFailure("\(source.name) is only copied")
    }
  }
}
