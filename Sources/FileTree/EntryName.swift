// The spelling of names. Only one spelling of each resolves.

/// Writes and reads the names of epochs, ranks and batches.
enum EntryName {
  static let schema = "schema.json"
  static let controlFolder = ".epochfs"

  /// Whether two names have the same bytes; `==` takes what means the same in Unicode for the same, and a name would have several spellings.
  static func isSame(_ name: String, _ other: Substring) -> Bool { name.utf8.elementsEqual(other.utf8) }

  static func epoch(_ epoch: Int) -> String { "epoch-\(epoch)" }

  /// The epoch of `epoch-N`, below the limit.
  static func epoch(parsing name: Substring) -> Int? {
    guard name.hasPrefix("epoch-"), let epoch = number(name.dropFirst(6)), epoch < InodeScheme.ViewShape.epochLimit else { return nil }
    return epoch
  }

  /// The rank of `rank-R-of-W`.
  static func rank(parsing name: Substring) -> Rank? {
    guard name.hasPrefix("rank-") else { return nil }
    let parts = name.dropFirst(5).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1] == "of", let rank = number(parts[0]), let worldSize = number(parts[2]) else { return nil }
    return Rank(rank, of: worldSize)
  }

  /// `batch-0042` and what a file of the view ends with: `.npy`, `.input.npy`, `.npz`.
  static func batch(_ ordinal: Int, digitCount: Int, suffix: String) -> String {
    let digits = String(ordinal)
    let zeros = String(repeating: "0", count: max(0, digitCount - digits.utf8.count))
    return "batch-" + zeros + digits + suffix
  }

  /// The number of `batch-NNNN` and what follows it.
  static func batch(parsing name: Substring, digitCount: Int) -> (ordinal: Int, suffix: Substring)? {
    guard name.hasPrefix("batch-"), name.utf8.count >= 6 + digitCount else { return nil }
    let digits = name.dropFirst(6).prefix { $0.isASCII && $0.isNumber }
    guard digits.utf8.count >= digitCount, let ordinal = Int(digits) else { return nil }
    // No zeros beyond the padding.
    if digits.utf8.count > digitCount && digits.hasPrefix("0") { return nil }
    return (ordinal, name[digits.endIndex...])
  }

  /// A decimal number without sign and leading zeros.
  private static func number(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 18, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    if text.utf8.count > 1 && text.hasPrefix("0") { return nil }
    return Int(text)
  }
}
