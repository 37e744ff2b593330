// What a configuration says about a view: one folder at the top of the mount.

public struct ViewConfiguration: Sendable, Equatable {
  /// The folder's name: no `/`, no control characters, does not begin with a dot.
  public var name: Located<String>
  /// At least one; of several the samples stand one source after another, or are mixed where the order is mosaicml-streaming's.
  public var sources: [ViewSource]
  public var filter: Located<String>?
  public var layout: ViewLayout
  /// 1 or more.
  public var batchSize: Located<Int>
  public var dropLast: Bool
  /// At least one, each once.
  public var files: [FileKind]
  /// How many epochs are listed, 1 to 1,000,000; nil for a view without the level of epochs.
  public var epochs: Located<Int>?
  /// How many ranks are listed, 1 to 4096.
  public var ranks: Located<Int>?
  public var order: OrderConfiguration
  /// In the order of the file, names are unique; empty for every column of fixed shape under its own name.
  public var tensors: [TensorConfiguration]
  public var groupBy: [Located<String>]
  public var groupStyle: GroupStyle
}

/// A source of a view, and its weight where several are mixed.
public struct ViewSource: Sendable, Equatable {
  public var name: Located<String>
  public var weight: Located<MixingWeight>?
}

/// How much of a source is mixed in, as mosaicml-streaming's streams have it.
public enum MixingWeight: Sendable, Equatable {
  /// Above 0.
  case proportion(Double)
  case `repeat`(Double)
  /// Samples, 1 or more.
  case choose(Int)
}

public enum ViewLayout: String, Sendable, CaseIterable {
  case batches, arrays
}

public enum FileKind: String, Sendable, CaseIterable {
  case npy, npz, jsonl
}

/// How group folders are named.
public enum GroupStyle: String, Sendable, CaseIterable {
  /// `VALUE`
  case plain
  /// `COLUMN=VALUE`
  case hive
}
