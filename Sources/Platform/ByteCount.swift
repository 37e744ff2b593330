// Byte counts for people.

/// Byte counts for people.
public enum ByteCount {
  /// `512 bytes`, `17.3 MiB`: at most one digit after the point, powers of 1024.
  public static func text(_ count: Int) -> String {
    guard count >= 1024 else { return ItemCount.text(count, "byte") }
    var value = Double(count) / 1024
    var units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][...]
    while value >= 1023.95, units.count > 1 {
      value /= 1024
      units = units.dropFirst()
    }
    return "\((value * 10).rounded() / 10) \(units.first ?? "")"
  }
}
