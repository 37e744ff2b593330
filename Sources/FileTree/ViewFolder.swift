// A view as the tree shows it: its folder, the folders of its groups, and what lies at their ends.

public import BatchAssembly

/// One view of the configuration. What `Mounting` hands to `FileTree`.
public struct ViewFolder: Sendable {
  /// How group folders are named.
  public enum GroupStyle: Sendable {
    /// `VALUE`
    case plain
    /// `COLUMN=VALUE`
    case hive
  }

  /// One group: rows with the same values of the group columns.
  public struct Group: Sendable {
    /// The bytes of its value of each group column, as text (numbers in decimal), in the order of the columns; nil for null. The tree spells them as names.
    public let values: [[UInt8]?]
    /// Its own rows, with their own numbering and order.
    public let leaf: LeafPlan

    public init(values: [[UInt8]?], leaf: LeafPlan) {
      self.values = values
      self.leaf = leaf
    }
  }

  /// The folder's name: UTF-8 without `/`; `.` for the mount's root.
  public let name: String
  /// The whole view. Without groups it is what the folder holds; with groups only its `schema.json` is made from it.
  public let whole: LeafPlan
  /// Names of the columns that make the levels of folders; empty for a view without groups.
  public let groupColumns: [String]
  public let groupStyle: GroupStyle
  /// The groups, in any order, each combination of values once; nil for a view without groups. May be empty where no row was left.
  public let groups: [Group]?

  /// A view without groups.
  public init(name: String, leaf: LeafPlan) {
    self.name = name
    whole = leaf
    groupColumns = []
    groupStyle = .plain
    groups = nil
  }

  /// A view with groups.
  /// - Precondition: there is at least one column, and every group has a value for each.
  public init(name: String, whole: LeafPlan, groupColumns: [String], style: GroupStyle, groups: [Group]) {
    precondition(!groupColumns.isEmpty && groups.allSatisfy { $0.values.count == groupColumns.count })
    self.name = name
    self.whole = whole
    self.groupColumns = groupColumns
    groupStyle = style
    self.groups = groups
  }

  /// What its rows are served as: one leaf, or one a group.
  public var leaves: [LeafPlan] { groups?.map(\.leaf) ?? [whole] }
}

/// Why no tree can be made of the views.
public enum TreeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There are more files than inode numbers.
  case tooManyFiles
  /// Two entries of one folder would have the same name.
  case nameCollision(view: String, message: String)

  public var description: String {
    switch self {
    case .tooManyFiles: "the views have more files than there are inode numbers (2^63); raise batch_size, or group by fewer columns"
    case .nameCollision(_, let message): message
    }
  }
}
