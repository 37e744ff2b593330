// The operations on whole planes of float32, four values at a time.

extension KernelStep {
  /// Runs the step on float32 planes.
  ///
  /// Sound if `planes` holds, `planeStride` bytes apart, every plane that the step names, each with `vectorCount` initialised vectors, and is
  /// aligned to a vector.
  @unsafe func run(_ planes: UnsafeMutableRawPointer, planeStride: Int, vectorCount: Int) {
    // Sound: see above; the same holds for every index below.
    let values = unsafe (planes + plane * planeStride).assumingMemoryBound(to: FloatVector.self)
    let first = FloatVector(repeating: Float(first))
    switch kind {
    case .add:
      for index in 0..<vectorCount { unsafe values[index] += first }
    case .subtract:
      for index in 0..<vectorCount { unsafe values[index] -= first }
    case .multiply:
      for index in 0..<vectorCount { unsafe values[index] *= first }
    case .divide:
      for index in 0..<vectorCount { unsafe values[index] /= first }
    case .clamp:
      let second = FloatVector(repeating: Float(second))
      for index in 0..<vectorCount {
        // Comparisons with NaN are false, so it stays.
        let value = unsafe values[index]
        let raised = value.replacing(with: first, where: value .< first)
        unsafe values[index] = raised.replacing(with: second, where: raised .> second)
      }
    case .replaceNaN:
      for index in 0..<vectorCount {
        let value = unsafe values[index]
        unsafe values[index] = first.replacing(with: value, where: value .== value)
      }
    case .log1p:
      for index in 0..<vectorCount { unsafe values[index] = TensorPrograms.log1p(values[index]) }
    case .sinCosDegrees:
      let cosines = unsafe (planes + secondPlane * planeStride).assumingMemoryBound(to: FloatVector.self)
      for index in 0..<vectorCount {
        let result = unsafe sineCosine(degrees: values[index])
        unsafe values[index] = result.sine
        unsafe cosines[index] = result.cosine
      }
    case .sinCosRadians:
      let cosines = unsafe (planes + secondPlane * planeStride).assumingMemoryBound(to: FloatVector.self)
      for index in 0..<vectorCount {
        let result = unsafe sineCosine(radians: values[index])
        unsafe values[index] = result.sine
        unsafe cosines[index] = result.cosine
      }
    }
  }
}
