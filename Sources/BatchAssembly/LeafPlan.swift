// What the folder at the end of a view's groups holds: batches, or whole columns.

internal import SampleOrder
public import ShardStore

/// One set of rows that is served on its own: with its own numbering, order, batches or arrays. A view without groups is one leaf; else every group is one.
public enum LeafPlan: Sendable {
  case batches(ViewPlan)
  case arrays(ArraysPlan)

  /// The view's name in the configuration.
  public var name: String {
    switch self {
    case .batches(let plan): plan.name
    case .arrays(let plan): plan.name
    }
  }

  public var source: any ShardSource {
    switch self {
    case .batches(let plan): plan.source
    case .arrays(let plan): plan.source
    }
  }

  public var rowCount: Int {
    switch self {
    case .batches(let plan): plan.numbering.sampleCount
    case .arrays(let plan): plan.rowCount
    }
  }
}
