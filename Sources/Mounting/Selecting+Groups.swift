// The groups of a view: of one source, or of a list of them, whose rows of the same values are one group.

internal import MountConfiguration
internal import RowFilter
internal import SampleOrder
internal import ShardStore

/// The rows of one combination of values, in each of the view's sources; nil where it has none there.
struct GroupedRows {
  let values: [[UInt8]?]
  fileprivate(set) var selections: [RowSelection?]
}

extension Selecting {
  /// The rows of each combination of values of some columns, in the order of their first rows.
  func groups(_ sources: [OpenedSource], by names: [Located<String>], of what: String) throws(ConfigurationError) -> [GroupedRows] {
    let columns = try groupColumns(sources, names)
    var groups: [GroupedRows] = []
    var ordinals: [[[UInt8]?]: Int] = [:]
    for (index, source) in sources.enumerated() {
      let found: [RowGroup]
      do throws(SelectionError) {
        found = try RowGroup.groups(
          of: source.root, rowCount: source.root.shards.sampleCount, by: columns[index], within: source.selection, work: work("\(what): grouping"))
      } catch {
        throw names[0].failure("the rows cannot be grouped: \(error)")
      }
      for group in found {
        keep(group.selection)
        let ordinal = ordinals[group.values] ?? groups.count
        if ordinal == groups.count {
          ordinals[group.values] = ordinal
          groups.append(GroupedRows(values: group.values, selections: Array(repeating: nil, count: sources.count)))
        }
        groups[ordinal].selections[index] = group.selection
      }
      guard groups.count <= RowGroup.limit else {
        throw names[0].failure("the rows cannot be grouped: there are more than \(RowGroup.limit) groups; group by columns with fewer values")
      }
    }
    return groups
  }

  /// The ordinals of the columns in each source.
  private func groupColumns(_ sources: [OpenedSource], _ names: [Located<String>]) throws(ConfigurationError) -> [[Int]] {
    var columns: [[Int]] = []
    var isText: [Bool] = []
    for source in sources {
      let subject = sources.count > 1 ? "source \(source.root.name): " : ""
      var ordinals: [Int] = []
      for (place, name) in names.enumerated() {
        guard let column = source.root.filterColumn(named: name.value) else {
          let allowed = source.root.storedColumns.map(\.name)
          throw name.failure(subject + unknownNameMessage("there is no column \"\(name.value)\"", found: name.value, allowed: allowed))
        }
        if ordinals.contains(column.ordinal) { throw name.failure("the column \(name.value) is there twice") }
        if case .unreadable(let reason) = column.values { throw name.failure("\(subject)column \(name.value) cannot be read: \(reason)") }
        guard RowGroup.isPossible(column.values) else {
          throw name.failure(
            "\(subject)column \(name.value) is stored as \(source.root.storedColumns[column.ordinal].encodingName); rows are grouped by columns of text, integers or booleans"
          )
        }
        // The text 7 and the number 7 would be one folder.
        if place == isText.count { isText.append(column.isText) }
        guard isText[place] == column.isText else {
          throw name.failure(
            "column \(name.value) is text in one of the sources \(sources[0].root.name) and \(source.root.name), and not in the other; their values cannot be one group"
          )
        }
        ordinals.append(column.ordinal)
      }
      columns.append(ordinals)
    }
    return columns
  }
}

extension FilterColumn {
  fileprivate var isText: Bool {
    switch values {
    case .text, .pathText: true
    default: false
    }
  }
}
