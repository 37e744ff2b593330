// What a configuration says about the order of a view's samples; every default is filled in.

public struct OrderConfiguration: Sendable, Equatable {
  public var algorithm: Located<OrderAlgorithmName>
  public var seed: UInt64
  public var block: Located<ShuffleBlock>
  /// 1 or more; mosaic orders only.
  public var nodes: Located<Int>
  /// 1 or more; mosaic orders only.
  public var canonicalNodes: Located<Int>
  public var batching: Located<BatchingMethod>
  public var sampling: SamplingMethod
  /// Samples, 1 or more.
  public var granularity: Int
  /// Samples; nil for as many as there are.
  public var epochSize: Located<Int>?
}

public enum OrderAlgorithmName: String, Sendable, CaseIterable {
  case sequential, window, naive, py1s, py2s, py1br, py1e

  /// Bit-identical to mosaicml-streaming's algorithm of the same name.
  public var isMosaic: Bool { self != .sequential && self != .window }

  static var mosaicNames: String { allCases.filter(\.isMosaic).map(\.rawValue).joined(separator: ", ") }

  var defaultSeed: UInt64 { isMosaic ? 9176 : 0 }

  func defaultBlock(canonicalNodes: Int) -> ShuffleBlock {
    isMosaic ? .samples(max(4_000_000 / canonicalNodes, 262_144)) : .bytes(512 << 20)
  }

  func defaultCanonicalNodes(nodes: Int) -> Int { self == .py1s || self == .py2s ? 64 * nodes : nodes }
}

/// How many samples are shuffled among each other.
public enum ShuffleBlock: Sendable, Equatable {
  /// 1 or more.
  case samples(Int)
  /// Of raw data, 1 or more: floor(bytes * all samples / all raw bytes) samples, at least 1.
  case bytes(Int)
}

public enum BatchingMethod: String, Sendable, CaseIterable {
  case random, stratified
  case perStream = "per_stream"
  case devicePerStream = "device_per_stream"

  /// What keeps every number of ranks, but the one reader without nodes, from having batches; nil where nothing does. `stratified` deals its batches out whole, so that
  /// nodes need not divide.
  func problem(nodes: Int, canonicalNodes: Int) -> String? {
    if canonicalNodes.isMultiple(of: nodes) { return nil }
    switch self {
    case .stratified: return nil
    case .random, .perStream:
      if nodes.isMultiple(of: canonicalNodes) { return nil }
      return "found \(canonicalNodes), with \(nodes) nodes; expected a multiple or a divisor of nodes, or no number of ranks has batches"
    case .devicePerStream:
      return "found \(canonicalNodes), with \(nodes) nodes; expected a multiple of nodes for device_per_stream batches, or no number of ranks has batches"
    }
  }
}

public enum SamplingMethod: String, Sendable, CaseIterable {
  case balanced, fixed
}
