// Columns that a view without `tensors` shows nothing of.

internal import BatchAssembly
internal import MountConfiguration
internal import ShardStore

enum LeftOutColumns {
  /// Names the columns that have no fixed shape, where the view's files are tensors alone; nil where there are none. What its folders tell is shown by them.
  static func note(_ view: ViewConfiguration, _ source: any StoredSource) -> ConfigurationProblem? {
    guard view.layout == .batches, view.tensors.isEmpty, view.files.contains(.npy) || view.files.contains(.npz), !view.files.contains(.jsonl) else {
      return nil
    }
    let grouping = Set(view.groupBy.map(\.value))
    let stored = source.storedColumns
    let names = source.columns.indices.compactMap { index -> String? in
      guard source.columns[index].array == nil, stored[index].isReadable, source.pathTexts(ofColumn: index) == nil else { return nil }
      return grouping.contains(stored[index].name) ? nil : stored[index].name
    }
    guard let first = names.first else { return nil }
    let list = names.prefix(namedCount).joined(separator: ", ") + (names.count > namedCount ? " and \(names.count - namedCount) more" : "")
    return ConfigurationProblem(
      view.name.place,
      names.count == 1
        ? "column \(first) has no fixed shape and is left out; name it under `tensors:`, or show it with `files: [jsonl]` or `layout: arrays`"
        : "columns \(list) have no fixed shape and are left out; name them under `tensors:`, or show them with `files: [jsonl]` or `layout: arrays`")
  }

  private static let namedCount = 3
}
