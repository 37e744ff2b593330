// What a view, or a group of it, is in `layout: arrays`: the columns of a source, in stored order. Immutable after the mount.

public import NumPyFormat
internal import SampleOrder
public import ShardStore

public final class ArraysPlan: Sendable {
  /// Its place among all plans of arrays of the mount, 0-based.
  public let ordinal: Int
  /// The view's name in the configuration.
  public let name: String
  public let source: any StoredSource
  public let files: ArrayFiles
  public let rowCount: Int

  public init(ordinal: Int, name: String, source: any StoredSource, files: ArrayFiles) {
    self.ordinal = ordinal
    self.name = name
    self.source = source
    self.files = files
    rowCount = source.shards.sampleCount
  }

  /// The ordinals of the columns that can be read, each once.
  public var readableColumns: [Int] {
    files.columns.indices.filter { files.columns[$0].isReadable }
  }

  /// The exact size of a file; nil where it depends on how many elements the rows have, which nobody knows before the column was decoded.
  public func byteCount(of file: ArrayFile) -> Int? {
    elementCount(of: file).map { byteCount(of: file, elementCount: $0) }
  }

  /// A file of known length with more bytes than can be counted; the numbers come from indexes.
  public var firstUncountableFile: ArrayFile? {
    files.files.first { file in
      guard let count = elementCount(of: file) else { return false }
      let (type, shape) = entry(of: file)
      guard let byteCount = ArrayShape.byteCount([count] + shape, elementType: type) else { return true }
      return byteCount > Self.largestByteCount
    }
  }
  /// Leaves room for a header, and for sums.
  private static let largestByteCount = 1 << 60

  /// The length of the file's first axis, where the rows alone tell it.
  func elementCount(of file: ArrayFile) -> Int? {
    switch file.part {
    case .rows, .rowElementNulls, .nulls(level: 0): rowCount
    case .offsets(level: 0): rowCount + 1
    case .nulls, .offsets, .elements: nil
    }
  }

  /// The size of a file whose first axis has `elementCount` entries.
  func byteCount(of file: ArrayFile, elementCount: Int) -> Int {
    header(of: file, elementCount: elementCount).count + elementCount * entryByteCount(of: file)
  }

  func header(of file: ArrayFile, elementCount: Int) -> [UInt8] {
    let (type, shape) = entry(of: file)
    return NpyHeader.bytes(elementType: type, shape: [elementCount] + shape)
  }

  /// The bytes of one entry of the first axis.
  func entryByteCount(of file: ArrayFile) -> Int {
    let (type, shape) = entry(of: file)
    return shape.reduce(type.byteCount, *)
  }

  /// Type and shape of one entry of the first axis.
  public func entry(of file: ArrayFile) -> (elementType: ElementType, shape: [Int]) {
    switch (file.part, files.columns[file.column].values) {
    case (.rows, .fixed(let type, let shape)): (type, shape)
    case (.elements, .ragged(let type, _)): (type, [])
    case (.rowElementNulls, .fixed(_, let shape)): (.bool, shape)
    case (.nulls, _): (.bool, [])
    case (.offsets, _): (.int64, [])
    case (.rows, _), (.rowElementNulls, _), (.elements, _): preconditionFailure("\(file.name) shows what its column does not have")
    }
  }
}

extension StoredColumn {
  public var isReadable: Bool { if case .unreadable = values { false } else { true } }
}
