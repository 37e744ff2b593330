// Which of the recorded hashes are compared with the data.

public enum Verification: String, Sendable, CaseIterable {
  /// Those that cost next to nothing beside decoding (xxh*).
  case auto
  /// All.
  case always
  /// None.
  case never
}
