// The values of a run of rows of one column, in memory.

public import BatchCache
internal import NumPyFormat
internal import Platform

/// Rows `firstRow ..< firstRow + rowCount` of a decoded piece of a column; ranges are in bytes of the region.
public struct ColumnValues: Sendable {
  public let region: ChargedRegion
  /// The piece's elements, little-endian, one after another.
  public let values: Range<Int>
  /// For text: `Int64` places in `values`, one more than the piece has rows, from 0 on.
  public let offsets: Range<Int>?
  /// One byte a row of the piece, 1 where it is null; nil where none is.
  public let rowNulls: Range<Int>?
  public internal(set) var firstRow: Int

  public init(region: ChargedRegion, values: Range<Int>, offsets: Range<Int>?, rowNulls: Range<Int>?, firstRow: Int) {
    self.region = region
    self.values = values
    self.offsets = offsets
    self.rowNulls = rowNulls
    self.firstRow = firstRow
  }

  /// Bit by bit, which of the next `rowCount` rows are null; nil where none is.
  func nulls(rowCount: Int) -> [UInt64]? {
    guard let rowNulls else { return nil }
    let mapping = region.region
    let bytes = mapping.bytes.extracting(rowNulls)
    return bits(bytes, firstElement: firstRow, count: rowCount) { (null: UInt8) in null != 0 }
  }
}

/// Asks `test` of every element and packs the answers. Concrete wherever it is called, in this module: a loop of loads and comparisons.
@inline(__always)
func bits<Element: FixedWidthInteger & BitwiseCopyable>(_ bytes: RawSpan, firstElement: Int, count: Int, _ test: (Element) -> Bool) -> [UInt64] {
  let stride = MemoryLayout<Element>.size
  precondition(firstElement >= 0 && count >= 0 && (firstElement + count) * stride <= bytes.byteCount)
  var words = [UInt64](repeating: 0, count: RowMask.wordCount(count))
  var offset = firstElement * stride
  var row = 0
  for index in words.indices {
    var word: UInt64 = 0
    for bit in 0..<UInt64(min(64, count - row)) {
      // Sound: the last element's end was checked against the span above; every pattern of bits is an integer.
      let element = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Element.self)
      word |= (test(element) ? 1 : 0) << bit
      offset += stride
    }
    words[index] = word
    row += 64
  }
  return words
}

extension ColumnValues {
  /// A row's text as it is, or its integer in decimal; booleans are `false` and `true`; nil for null. For columns of these types only.
  ///
  /// - Parameter row: counted from `firstRow`.
  public func text(ofRow row: Int, _ type: FilterColumn.Values) -> [UInt8]? {
    if let rowNulls {
      let mapping = region.region
      // Sound: a byte, bounds checked by the span.
      if unsafe mapping.bytes.unsafeLoad(fromByteOffset: rowNulls.lowerBound + firstRow + row, as: UInt8.self) != 0 { return nil }
    }
    guard case .fixed(let element) = type else { return TextRows(self).text(row) }
    guard case .integer(let value) = NumberReader(self, element).number(row) else { return nil }
    if element == .bool { return Array((value == 0 ? "false" : "true").utf8) }
    return Array(String(value).utf8)
  }
}
