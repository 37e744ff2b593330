// Which of the known names somebody probably meant.

/// The name of `candidates` nearest to `name` by edit distance (a swap of neighbours counts once, case does not count), the first of equals.
///
/// Names that begin with it, and are at most four characters longer, come before all others and are equals: who wrote `float` or `py1b` left something out,
/// and nothing tells how much.
/// Nil when none is near: at most a third of the longer name may differ, never more than four characters, never all of them.
public func nearestName(to name: String, among candidates: [String]) -> String? {
  /// Longer names are no typing errors, and the time is quadratic in them.
  let characterLimit = 64
  let candidateLimit = 1000
  guard name.utf8.count <= characterLimit * 4 else { return nil }
  let wanted = Array(name.lowercased().unicodeScalars)
  guard !wanted.isEmpty, wanted.count <= characterLimit else { return nil }
  var best: (name: String, distance: Int)?
  let distanceLimit = 4
  /// Shorter words begin too many names.
  let beginningLimit = 3
  for candidate in candidates.prefix(candidateLimit) where candidate.utf8.count <= characterLimit * 4 && candidate != name {
    let other = Array(candidate.lowercased().unicodeScalars)
    let longer = max(wanted.count, other.count)
    let isBeginning = wanted.count >= beginningLimit && other.starts(with: wanted) && longer - wanted.count <= distanceLimit
    let distance = isBeginning ? 0 : editDistance(wanted, other)
    guard distance <= min(distanceLimit, max(1, longer / 3)), distance < longer, distance < best?.distance ?? .max else { continue }
    best = (candidate, distance)
  }
  return best?.name
}

/// The least number of insertions, deletions, replacements and swaps of neighbours that makes `a` into `b` (optimal string alignment).
func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}

/// `head; did you mean "x"? allowed: a, b, c`.
public func unknownNameMessage(_ head: String, found: String, allowed: [String]) -> String {
  let printedNameLimit = 24
  var message = head
  if let nearest = nearestName(to: found, among: allowed) { message += "; did you mean \(quoted(nearest))?" } else { message += ";" }
  guard !allowed.isEmpty else { return message + " none is defined" }
  message += " allowed: " + allowed.prefix(printedNameLimit).map(escaped).joined(separator: ", ")
  if allowed.count > printedNameLimit { message += ", ... (\(allowed.count) in all)" }
  return message
}
