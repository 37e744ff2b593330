// `numpy.sum` of doubles: which sums come first decides about the last bit.

/// The sum of a one-dimensional float64 array as NumPy adds it up: in eight lanes, in halves beyond 128 values.
func numPySum(_ values: ArraySlice<Double>) -> Double {
  if values.count < 8 { return values.reduce(-0.0, +) }
  if values.count > 128 {
    let half = values.count / 2
    let middle = values.startIndex + half - half % 8
    return numPySum(values[..<middle]) + numPySum(values[middle...])
  }
  let first = values.startIndex
  let whole = values.count - values.count % 8
  var lanes = Array(values[first..<first + 8])
  for index in 8..<max(8, whole) { lanes[index % 8] += values[first + index] }
  let sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
  return values[(first + whole)...].reduce(sum, +)
}
