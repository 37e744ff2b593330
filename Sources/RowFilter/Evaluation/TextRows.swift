// Rows of text, compared byte by byte where they lie.

internal import BatchCache
internal import Platform

struct TextRows {
  private let column: ColumnValues
  private let offsets: Range<Int>

  init(_ column: ColumnValues) {
    self.column = column
    guard let offsets = column.offsets else { preconditionFailure("a column of text without places") }
    self.offsets = offsets
  }

  func passing(rowCount: Int, _ set: TextSet) -> [UInt64] {
    switch set {
    case .comparison(.equal, let text):
      return forEach(rowCount) { bytes, range in range.count == text.count && order(bytes, range, text) == .equal }
    case .comparison(let comparison, let text):
      return forEach(rowCount) { bytes, range in comparison.holds(for: order(bytes, range, text)) }
    case .list(let texts):
      return forEach(rowCount) { bytes, range in
        var low = 0
        var high = texts.count
        while low < high {
          let middle = (low + high) / 2
          switch order(bytes, range, texts[middle]) {
          case .equal: return true
          case .greater: low = middle + 1
          case .less: high = middle
          }
        }
        return false
      }
    }
  }

  /// Asks `test` of every row; a row that is the same as the one before is not asked again.
  func passing(rowCount: Int, _ test: ([UInt8]) -> Bool) -> [UInt64] {
    var last: (text: [UInt8], passes: Bool)?
    return forEach(rowCount) { bytes, range in
      if let last, range.count == last.text.count, order(bytes, range, last.text) == .equal { return last.passes }
      var text: [UInt8] = []
      text.reserveCapacity(range.count)
      for offset in range { text.append(bytes.unsafeLoadUInt8(offset)) }
      let passes = test(text)
      last = (text, passes)
      return passes
    }
  }

  /// Copies of the texts of rows, for the few that need one.
  func text(_ row: Int) -> [UInt8] {
    let mapping = column.region.region
    let region = mapping.bytes
    let range = Self.range(column.firstRow + row, region.extracting(offsets), column.values.count)
    let bytes = region.extracting(column.values)
    return range.map { bytes.unsafeLoadUInt8($0) }
  }

  @inline(__always)
  private func forEach(_ rowCount: Int, _ test: (RawSpan, Range<Int>) -> Bool) -> [UInt64] {
    let mapping = column.region.region
    let region = mapping.bytes
    let places = region.extracting(offsets)
    let bytes = region.extracting(column.values)
    let byteCount = bytes.byteCount
    var words = [UInt64](repeating: 0, count: RowMask.wordCount(rowCount))
    for row in 0..<rowCount where test(bytes, Self.range(column.firstRow + row, places, byteCount)) { words[row / 64] |= 1 << UInt64(row % 64) }
    return words
  }

  @inline(__always)
  private static func range(_ row: Int, _ places: RawSpan, _ byteCount: Int) -> Range<Int> {
    // Sound: bounds checked by the span; every pattern of bits is an integer.
    let begin = unsafe Int(places.unsafeLoadUnaligned(fromByteOffset: 8 * row, as: Int64.self))
    let end = unsafe Int(places.unsafeLoadUnaligned(fromByteOffset: 8 * row + 8, as: Int64.self))
    precondition(begin >= 0 && begin <= end && end <= byteCount, "places of text outside its bytes")
    return begin..<end
  }
}

extension RawSpan {
  @inline(__always)
  fileprivate func unsafeLoadUInt8(_ offset: Int) -> UInt8 {
    // Sound: bounds checked by the span; every pattern of bits is an integer.
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }
}

/// How a row's bytes compare with a text, by bytes.
@inline(__always)
private func order(_ bytes: RawSpan, _ range: Range<Int>, _ text: [UInt8]) -> FilterOrdering {
  let shared = min(range.count, text.count)
  for index in 0..<shared {
    let byte = bytes.unsafeLoadUInt8(range.lowerBound + index)
    if byte != text[index] { return byte < text[index] ? .less : .greater }
  }
  return FilterOrdering(range.count, text.count)
}
