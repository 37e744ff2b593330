// The operations on whole planes of float64.

extension KernelStep {
  /// Runs the step on float64 planes.
  ///
  /// Sound if `planes` holds, `planeStride` bytes apart, every plane that the step names, each with `count` initialised values, and is aligned to one.
  @unsafe func runDouble(_ planes: UnsafeMutableRawPointer, planeStride: Int, count: Int) {
    // Sound: see above; the same holds for every index below.
    let values = unsafe (planes + plane * planeStride).assumingMemoryBound(to: Double.self)
    let first = first
    switch kind {
    case .add:
      for index in 0..<count { unsafe values[index] += first }
    case .subtract:
      for index in 0..<count { unsafe values[index] -= first }
    case .multiply:
      for index in 0..<count { unsafe values[index] *= first }
    case .divide:
      for index in 0..<count { unsafe values[index] /= first }
    case .clamp:
      let second = second
      for index in 0..<count {
        // Comparisons with NaN are false, so it stays.
        let value = unsafe values[index]
        let raised = value < first ? first : value
        unsafe values[index] = raised > second ? second : raised
      }
    case .replaceNaN:
      for index in 0..<count {
        let value = unsafe values[index]
        unsafe values[index] = value == value ? value : first
      }
    case .log1p:
      for index in 0..<count { unsafe values[index] = TensorPrograms.log1p(values[index]) }
    case .sinCosDegrees:
      let cosines = unsafe (planes + secondPlane * planeStride).assumingMemoryBound(to: Double.self)
      for index in 0..<count {
        let result = unsafe sineCosine(degrees: values[index])
        unsafe values[index] = result.sine
        unsafe cosines[index] = result.cosine
      }
    case .sinCosRadians:
      let cosines = unsafe (planes + secondPlane * planeStride).assumingMemoryBound(to: Double.self)
      for index in 0..<count {
        let result = unsafe sineCosine(radians: values[index])
        unsafe values[index] = result.sine
        unsafe cosines[index] = result.cosine
      }
    }
  }
}
