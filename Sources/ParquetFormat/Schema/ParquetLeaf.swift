// A column: what is stored, where it hangs in the schema, and what NumPy gets.

/// A leaf of the schema. All that it says follows from the footer alone.
public struct ParquetLeaf: Sendable, Hashable {
  /// Its place among the leaves, by which column chunks are found.
  public let ordinal: Int
  /// The names from below the root to the leaf, as the file spells them.
  public let path: [String]
  /// The name in trees and configurations: `parent.child` for fields of structures; lists' inner names left out, so that a list column `l` is `l` and the
  /// field x of a list of structures `l.x`; maps have `m.key` and `m.value`. Names with dots make it ambiguous; two leaves may have the same.
  public let name: String
  public let physicalType: ParquetPhysicalType
  /// Bytes of a value of a `fixedLengthByteArray`, where the schema says; of no meaning for other types.
  public let typeLength: Int?
  public let logicalType: ParquetLogicalType?
  public let maxDefinitionLevel: Int
  /// The number of `lists`.
  public var maxRepetitionLevel: Int { lists.count }
  /// The levels of lists above the values, outermost first; empty for one value a row.
  public let lists: [ParquetListLevel]
  /// The sample's shape: `[]` for one value a row, the fixed lengths of the lists where the footer's Arrow schema gives all, or the shape of its tensors;
  /// nil for lists whose lengths may differ. The pages must be checked.
  public let fixedShape: [Int]?
  public let valueType: ParquetValueType

  /// The digits behind the point, of decimals.
  public var decimalScale: Int? { if case .decimal(_, let scale) = logicalType { scale } else { nil } }
  /// The least definition level of a slot whose row is not null: the row's value, or its outermost list, is there.
  public var rowLevel: Int { lists.first?.existsLevel ?? maxDefinitionLevel }
  /// Whether a row may be null: the value, the outermost list, or a structure around it.
  public var isNullable: Bool { rowLevel > 0 }
  /// Whether elements of the innermost list (or the structure they lie in) may be null; without lists the same as `isNullable`.
  public var elementIsNullable: Bool { isNullable(level: lists.count) }
  /// Whether the slots of a level (or structures they lie in) may be null: 0 are the rows, 1 the entries of the outermost list, and so on to its elements.
  public func isNullable(level: Int) -> Bool {
    let existsLevel = level < lists.count ? lists[level].existsLevel : maxDefinitionLevel
    return existsLevel > (level == 0 ? 0 : lists[level - 1].elementLevel)
  }
}
