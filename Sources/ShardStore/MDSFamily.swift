// The data sets that mosaicml-streaming writes, whatever the format of their shards.

internal import MDSFormat
public import SampleOrder

/// A data set of folders with an `index.json` each.
public protocol MDSFamilySource: StoredSource {
  /// The samples of each of the paths that it was made from.
  var pathSampleCounts: ShardTable { get }
}

public enum MDSFamily {
  /// Reads the index files below `paths` (each a folder with `index.json`, or of such folders), in order, and opens what they say:
  /// mds shards, or json, xsv, csv and tsv ones. All shards of a source are of one format.
  /// - Parameter progress: told how many of all shards' files were looked at.
  public static func open(
    name: String, paths: [String], declarations: [ColumnDeclaration], verification: Verification, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws(SourceError) -> any MDSFamilySource {
    let dataSet = try IndexedDataSet(paths: paths, progress: progress)
    if dataSet.schema.rows == .joint { return try MDSSource(name: name, dataSet, declarations: declarations, verification: verification) }
    return try TextShardSource(name: name, dataSet, declarations: declarations, verification: verification)
  }
}
