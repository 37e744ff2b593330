// Rows as JSON: one object a line, with every column.

internal import BatchCache
internal import JSONParsing
internal import NumPyFormat
internal import Platform
internal import ShardStore

/// Spells rows. Numbers as the shortest text that reads back the same, decimals with all their digits, NaN and infinities as Python's `json` has them (`NaN`, `Infinity`); text as strings;
/// stored bytes in base64; moments in ISO 8601, NaT and null as null; arrays and lists as arrays.
struct JSONLines {
  private struct Column {
    /// `"name":`, with a comma before it but for the first.
    let key: [UInt8]
    let description: StoredColumn
  }
  private let columns: [Column]

  init(_ plan: ValuePlan) {
    let described = plan.source.storedColumns
    columns = plan.columns.enumerated().map { place, column in
      var key: [UInt8] = place == 0 ? [] : [UInt8(ascii: ",")]
      JSONWriter.appendLiteral(described[column].name, to: &key)
      return Column(key: key + [UInt8(ascii: ":")], description: described[column])
    }
  }

  /// Appends a row of a shard and a newline. Answers what cannot be spelled, where something cannot.
  func append(row: Int, of values: ShardValues, to bytes: inout [UInt8]) -> String? {
    bytes.append(UInt8(ascii: "{"))
    for (place, column) in columns.enumerated() {
      bytes += column.key
      let (piece, pieceRow) = values.place(ofRow: row, column: place)
      let mapping = piece.region.region
      let all = mapping.bytes
      let isSpelled =
        switch column.description.values {
        case .fixed(let type, let shape): Self.append(column.description, type, shape, level: 0, pieceRow, piece, all, to: &bytes)
        case .ragged(let type, let depth): Self.append(column.description, type, depth, level: 0, pieceRow, piece, all, to: &bytes)
        case .unreadable: false
        }
      if !isSpelled { return "column '\(column.description.name)': the text is not UTF-8" }
    }
    bytes.append(UInt8(ascii: "}"))
    bytes.append(UInt8(ascii: "\n"))
    return nil
  }

  private static func appendNull(to bytes: inout [UInt8]) -> Bool {
    bytes += null
    return true
  }
  private static let null = Array("null".utf8)

  // MARK: - Lists

  /// The slot `index` of a level: a row, or an entry of a list. False for a text that is not UTF-8.
  private static func append(
    _ column: StoredColumn, _ type: ElementType, _ depth: Int, level: Int, _ index: Int, _ piece: ColumnPiece, _ all: RawSpan, to bytes: inout [UInt8]
  ) -> Bool {
    if piece.isNull(level: level, index, in: all) { return appendNull(to: &bytes) }
    if level == depth {
      JSONElements.append(type, decimalScale: column.decimalScale, at: piece.values.lowerBound + index * type.byteCount, in: all, to: &bytes)
      return true
    }
    let range = piece.elementRange(level: level, index, in: all)
    if level == depth - 1, column.isText || column.isBytes {
      let text = all.extracting(piece.values.lowerBound + range.lowerBound..<piece.values.lowerBound + range.upperBound)
      if column.isText { return JSONWriter.appendLiteral(utf8: text, to: &bytes) }
      Base64.append(text, to: &bytes)
      return true
    }
    bytes.append(UInt8(ascii: "["))
    for entry in range {
      if entry > range.lowerBound { bytes.append(UInt8(ascii: ",")) }
      guard append(column, type, depth, level: level + 1, entry, piece, all, to: &bytes) else { return false }
    }
    bytes.append(UInt8(ascii: "]"))
    return true
  }

  /// An array of fixed shape: the entry `index` of those along its first `level` axes; behind the last axis an element.
  private static func append(
    _ column: StoredColumn, _ type: ElementType, _ shape: [Int], level: Int, _ index: Int, _ piece: ColumnPiece, _ all: RawSpan, to bytes: inout [UInt8]
  ) -> Bool {
    if piece.isNull(level: level, index, in: all) { return appendNull(to: &bytes) }
    guard level < shape.count else {
      JSONElements.append(type, decimalScale: column.decimalScale, at: piece.values.lowerBound + index * type.byteCount, in: all, to: &bytes)
      return true
    }
    bytes.append(UInt8(ascii: "["))
    for place in 0..<shape[level] {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      _ = append(column, type, shape, level: level + 1, index * shape[level] + place, piece, all, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
    return true
  }
}

extension ColumnPiece {
  /// Whether a slot of some level is null.
  @inline(__always)
  func isNull(level: Int, _ index: Int, in all: RawSpan) -> Bool {
    guard let nulls = nulls(level: level) else { return false }
    return all.byte(at: nulls.lowerBound + index) != 0
  }
}

extension RawSpan {
  func byte(at byteOffset: Int) -> UInt8 {
    // Sound: bounds checked by the span.
    unsafe unsafeLoad(fromByteOffset: byteOffset, as: UInt8.self)
  }
}
