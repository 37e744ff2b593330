// Numbers of things for people.

/// Numbers of things for people; a thing is named in the singular.
public enum ItemCount {
  /// `1 shard`, `3 shards`, `2 batches`.
  public static func text(_ count: Int, _ noun: String) -> String { "\(count) \(count == 1 ? noun : plural(noun))" }

  /// `shards`, `batches`: of the regular nouns that messages are made of.
  public static func plural(_ noun: String) -> String { noun + (noun.hasSuffix("ch") ? "es" : "s") }
}
