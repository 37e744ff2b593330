// Finds the range of a prefix table that a value lies in.

/// The `i` with `starts[i] <= value < starts[i + 1]`, where `starts` ascends (not strictly) from 0 and `0 <= value < starts.last`.
///
/// Shards are mostly of one size, so the search starts where a table of equal ranges would have the value and doubles its stride from there.
/// - Complexity: O(log of the distance from that guess).
func indexOfRange(containing value: Int, starts: [Int]) -> Int {
  let rangeCount = starts.count - 1
  // The answer is the last entry that is not above `value`. Invariant of all that follows: starts[low] <= value < starts[high].
  var low = 0
  var high = rangeCount
  var probe = Int(Double(value) / Double(starts[rangeCount]) * Double(rangeCount))
  probe = min(max(probe, 0), rangeCount - 1)
  var stride = 1
  if starts[probe] <= value {
    low = probe
    while low + stride < high {
      guard starts[low + stride] <= value else {
        high = low + stride
        break
      }
      low += stride
      stride *= 2
    }
  } else {
    high = probe
    while high - stride > low {
      guard starts[high - stride] > value else {
        low = high - stride
        break
      }
      high -= stride
      stride *= 2
    }
  }
  while high - low > 1 {
    let middle = low + (high - low) / 2
    if starts[middle] <= value { low = middle } else { high = middle }
  }
  return low
}
