// What a path of the tree is.

public import BatchAssembly

/// A file or folder of the mount (DESIGN.md section 2), as a value.
public enum Node: Hashable, Sendable {
  /// The mount's root; where a view is named `.`, that view's folder too.
  case root
  /// `.epochfs`
  case controlFolder
  case control(ControlFile)
  /// The folder of a view (its number is the view's place in the configuration) or of a group (numbers from there on). What has no epochs also holds batches or arrays.
  case folder(Int)
  /// The `schema.json` of a view or of a group, by its folder.
  case schema(folder: Int)
  /// `epoch-N`
  case epoch(FolderKey)
  /// `rank-R-of-W`
  case rank(FolderKey, Rank)
  /// One of the view's files of a batch, by its place among them. Several paths may show the same batch; they are one file with several names.
  case batch(BatchKey, tensor: Int)
  /// A file of whole columns.
  case array(ArrayKey)

  public var isFolder: Bool {
    switch self {
    case .root, .controlFolder, .folder, .epoch, .rank: true
    case .control, .schema, .batch, .array: false
    }
  }
}

/// The files of `.epochfs`.
public enum ControlFile: Int, CaseIterable, Sendable {
  case configuration, status, metrics, errors

  public var name: String {
    switch self {
    case .configuration: "config.yaml"
    case .status: "status.json"
    case .metrics: "metrics"
    case .errors: "errors.jsonl"
    }
  }
}

/// One of `worldSize` readers that share an epoch.
public struct Rank: Hashable, Sendable {
  /// 0 ..< worldSize.
  public let rank: Int
  /// 1 ... 4096.
  public let worldSize: Int

  public static let largestWorldSize = 4096

  /// Nil where the numbers are not a rank of a world.
  public init?(_ rank: Int, of worldSize: Int) {
    guard (1...Self.largestWorldSize).contains(worldSize), (0..<worldSize).contains(rank) else { return nil }
    self.rank = rank
    self.worldSize = worldSize
  }

  public var name: String { "rank-\(rank)-of-\(worldSize)" }

  /// All ranks of all worlds, counted world by world: 0 ..< `count`.
  public var ordinal: Int { worldSize * (worldSize - 1) / 2 + rank }
  public static let count = largestWorldSize * (largestWorldSize + 1) / 2

  /// The rank with the given `ordinal`.
  public init(ordinal: Int) {
    precondition((0..<Self.count).contains(ordinal), "rank ordinal \(ordinal)")
    var world = max(1, Int((2 * Double(ordinal)).squareRoot()))
    while world * (world + 1) / 2 <= ordinal { world += 1 }
    while world * (world - 1) / 2 > ordinal { world -= 1 }
    worldSize = world
    rank = ordinal - world * (world - 1) / 2
  }
}
