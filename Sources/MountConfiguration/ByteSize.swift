// Sizes as people write them: `512MiB`, `2GB`, `1.5 GiB`.

/// Reads and writes numbers of bytes.
public enum ByteSize {
  /// From the largest to the smallest of each family; in upper case, as they are compared.
  static let units: [(name: String, byteCount: Int)] = [
    ("PIB", 1 << 50), ("TIB", 1 << 40), ("GIB", 1 << 30), ("MIB", 1 << 20), ("KIB", 1 << 10),
    ("PB", 1_000_000_000_000_000), ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("B", 1),
  ]

  /// What a message says is allowed.
  static let expectation = "a size such as 512MiB, 2GB or 1.5 GiB"

  /// The bytes of `512MiB` (powers of 1024), `2GB` (powers of 1000), `1.5 GiB` (rounded down) or `1048576`; case does not count.
  ///
  /// Nil for anything else, for signs, and for more than `Int.max`.
  public static func parse(_ text: String) -> Int? { parse(text, unitRequired: false) }

  static func parse(_ text: String, unitRequired: Bool) -> Int? {
    let fractionDigitLimit = 9
    var rest = Substring(text)
    let whole = takeDigits(&rest)
    var fraction: Substring = ""
    if rest.first == "." {
      rest.removeFirst()
      fraction = takeDigits(&rest)
      guard !fraction.isEmpty, fraction.count <= fractionDigitLimit else { return nil }
    }
    guard !whole.isEmpty, let digits = UInt64(whole + fraction) else { return nil }
    while rest.first == " " { rest.removeFirst() }
    var unit = 1
    if rest.isEmpty {
      guard !unitRequired, fraction.isEmpty else { return nil }
    } else {
      let name = rest.uppercased()
      guard let found = units.first(where: { $0.name == name }) else { return nil }
      unit = found.byteCount
    }
    var scale: UInt128 = 1
    for _ in fraction { scale *= 10 }
    // No overflow: 64 bits times at most 50.
    return Int(exactly: UInt128(digits) * UInt128(unit) / scale)
  }

  /// The exact form with the smallest number, as `parse` reads it: `512MiB`, `2GB`, `1000003B`.
  public static func text(_ byteCount: Int) -> String {
    let spelled = ["PIB": "PiB", "TIB": "TiB", "GIB": "GiB", "MIB": "MiB", "KIB": "KiB"]
    var best = (name: "B", byteCount: 1)
    for unit in units where byteCount >= unit.byteCount && byteCount % unit.byteCount == 0 && unit.byteCount > best.byteCount { best = unit }
    return "\(byteCount / best.byteCount)\(spelled[best.name] ?? best.name)"
  }

  private static func takeDigits(_ rest: inout Substring) -> Substring {
    let digits = rest.prefix { ("0"..."9").contains($0) && $0.isASCII }
    rest.removeFirst(digits.count)
    return digits
  }
}
