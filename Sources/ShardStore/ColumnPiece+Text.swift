// Whether the texts of a piece are UTF-8: rows of JSON can show no others.

internal import BatchCache
internal import Platform

extension ColumnPiece {
  /// The rows with a text, or a list with one, that is not UTF-8: the first, and how many there are; nil where none is.
  ///
  /// - Precondition: the piece is one of a ragged column, and its parts fit each other (`checked`).
  public func rowsOfBrokenText() -> (first: Int, count: Int)? {
    let mapping = region.region
    let all = mapping.bytes
    let innermost = offsets.count - 1
    var (first, count): (Int?, Int) = (nil, 0)
    for row in 0..<rowCount {
      // The row's texts stand side by side, however deep in lists.
      var texts = row..<row + 1
      for level in 0..<innermost { texts = place(level: level, texts.lowerBound, in: all)..<place(level: level, texts.upperBound, in: all) }
      let isSound = texts.allSatisfy { text in
        let range = place(level: innermost, text, in: all)..<place(level: innermost, text + 1, in: all)
        return Self.isUTF8(all.extracting(values.lowerBound + range.lowerBound..<values.lowerBound + range.upperBound))
      }
      guard !isSound else { continue }
      first = first ?? row
      count += 1
    }
    return first.map { ($0, count) }
  }

  /// The entry `index` of the offsets of a level.
  private func place(level: Int, _ index: Int, in all: RawSpan) -> Int {
    // Sound: eight bytes as a number, bounds checked by the span.
    unsafe Int(Int64(littleEndian: all.unsafeLoadUnaligned(fromByteOffset: offsets[level].lowerBound + 8 * index, as: Int64.self)))
  }

  private static func isUTF8(_ text: RawSpan) -> Bool {
    // Sound: the buffer lives for the whole call.
    unsafe text.withUnsafeBytes { buffer in
      let units = unsafe buffer.bindMemory(to: UInt8.self)
      return unsafe (try? UTF8Span(validating: units.span)) != nil
    }
  }
}
