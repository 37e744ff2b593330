// Runs a group of planes on a sample that is null: NaN stands in the planes where its values would.

internal import NumPyFormat

extension PlaneGroup {
  /// Whether NaN may come through: the row's values are floats, or have been such.
  var takesNaN: Bool { target.isFloatingPoint || target.isInteger && isFloating }

  /// Whether a NaN that is loaded is stored, for certain, as what has none.
  var losesNaN: Bool {
    guard !target.isFloatingPoint else { return false }
    let filled = steps.filter { $0.kind == .replaceNaN && !$0.first.isNaN }.map(\.plane)
    return loads.contains { load in
      (load.plane..<load.plane + load.width).contains { plane in !filled.contains(plane) && stores.contains { $0.plane == plane } }
    }
  }

  private var isFloating: Bool { arithmetic == .float || arithmetic == .double }

  /// As `run`, of NaNs. What is only cast, by way of integers, is cast by way of floats.
  ///
  /// Sound as `run` is.
  @unsafe func runNull(_ output: UnsafeMutableRawPointer, _ scratch: UnsafeMutableRawPointer) -> Failure? {
    let arithmetic = isFloating ? arithmetic : .float
    // Sound: as the caller says; planes of integers have room for floats, which are no wider.
    return unsafe eachBlock(arithmetic, output, scratch) { _, count in
      for load in loads {
        for plane in load.plane..<load.plane + load.width {
          let values = unsafe scratch + plane * planeStride
          if arithmetic == .double {
            unsafe values.assumingMemoryBound(to: Double.self).update(repeating: .nan, count: count)
          } else {
            unsafe values.assumingMemoryBound(to: Float.self).update(repeating: canonicalNaN, count: count)
          }
        }
      }
    }
  }
}
