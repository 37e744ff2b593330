// What the tests share: a configuration that is right, and ways to break it.

import MountConfiguration

/// A small right configuration; tests replace lines of it.
let sampleYAML = """
  version: 1
  name: ais
  sources:
    windows:
      format: mds
      path: ./mds
      columns:
        features: {dtype: float32, shape: [928, 5], channels: [lat, lon, sog, cog, dt_seconds]}
  views:
    train:
      source: windows
      batch_size: 64
      epochs: 3
      order: {algorithm: window, seed: 42}
      tensors:
        input:
          column: features
          slice: ":128"
          transform:
            lat: [{divide: 90}]
            cog: [{sin_cos: degrees}]
            dt_seconds: [log1p, {divide: 10}]
        target: {column: features, slice: "128:", channels: [lat, lon]}
    plain: {source: windows}

  """

func parse(_ yaml: String, overrides: [String] = [], environment: [String: String] = [:]) throws(ConfigurationError) -> Configuration {
  try Configuration.parse(yaml, file: "config.yaml", folder: "/configs", overrides: overrides, environment: environment)
}

/// The messages of a configuration that must be refused; empty when it is not.
func complaints(_ yaml: String, overrides: [String] = [], environment: [String: String] = [:]) -> String {
  do {
    _ = try parse(yaml, overrides: overrides, environment: environment)
    return ""
  } catch {
    return error.description
  }
}

extension String {
  /// This text with the first `old` replaced; a test that names text which is not there is wrong.
  func replacing(first old: String, with new: String) -> String {
    guard let range = ranges(of: old).first else { preconditionFailure("\(old) is not in the text") }
    return replacingCharacters(range, new)
  }

  private func replacingCharacters(_ range: Range<Index>, _ new: String) -> String {
    var copy = self
    copy.replaceSubrange(range, with: new)
    return copy
  }
}

/// A small generator with a seed that failures print (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
