// A slice, applied to the lengths of axes.

/// What a slice keeps of one axis: `count` positions from `start`, `step` apart.
struct SlicedAxis: Equatable {
  var start: Int
  var count: Int
  var step: Int
  /// True for an index: the result has no such axis.
  var isDropped: Bool
}

extension SlicedAxis {
  /// Applies `slice` to `shape`; axes that it does not name are kept whole.
  ///
  /// - Throws: `.tooManySliceComponents`; `.sliceOutOfRange` for a bound beyond its axis; `.emptySlice`.
  static func resolve(_ slice: [SliceComponent], shape: [Int]) throws(TensorProgramError) -> [SlicedAxis] {
    var components = slice
    let named = slice.count { $0 != .ellipsis }
    let text = slice.map(\.description).joined(separator: ", ")
    guard named <= shape.count, slice.count - named <= 1 else {
      throw .tooManySliceComponents(slice: text, found: slice.count, axes: shape.count)
    }
    let whole = [SliceComponent](repeating: .range(start: nil, stop: nil, step: 1), count: shape.count - named)
    if let ellipsis = components.firstIndex(of: .ellipsis) {
      components.replaceSubrange(ellipsis...ellipsis, with: whole)
    } else {
      components += whole
    }
    var axes: [SlicedAxis] = []
    for (axis, component) in components.enumerated() {
      axes.append(try resolve(component, axis: axis, length: shape[axis], slice: text))
    }
    return axes
  }

  private static func resolve(_ component: SliceComponent, axis: Int, length: Int, slice: String) throws(TensorProgramError) -> SlicedAxis {
    let outOfRange = TensorProgramError.sliceOutOfRange(slice: slice, component: component.description, axis: axis, length: length)
    switch component {
    case .ellipsis:
      return SlicedAxis(start: 0, count: length, step: 1, isDropped: false)
    case .index(let index):
      guard index >= -length, index < length else { throw outOfRange }
      return SlicedAxis(start: index < 0 ? index + length : index, count: 1, step: 1, isDropped: true)
    case .range(let start, let stop, let step):
      guard step != 0 else { throw .zeroStep(slice: slice) }
      for case .some(let bound) in [start, stop] where bound < -length || bound > length { throw outOfRange }
      func position(_ bound: Int) -> Int { bound < 0 ? bound + length : bound }
      // Downwards the first position is the start itself, so the length is beyond the axis.
      if step < 0, start == length { throw outOfRange }
      let first = start.map(position) ?? (step > 0 ? 0 : length - 1)
      let end = stop.map(position) ?? (step > 0 ? length : -1)
      let distance = step > 0 ? end - first : first - end
      guard distance > 0 else { throw .emptySlice(slice: slice, component: component.description, axis: axis, length: length) }
      let stride = step.magnitude
      let count = (distance.magnitude + (stride - 1 < UInt.max - distance.magnitude ? stride - 1 : 0)) / stride
      // A step longer than the axis keeps its first position.
      return SlicedAxis(start: first, count: max(1, Int(count)), step: count <= 1 ? 1 : step, isDropped: false)
    }
  }
}
