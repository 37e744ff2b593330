// Rows as JSON: one object a line, with every column.

internal import BatchCache
internal import JSONParsing
internal import NumPyFormat
internal import Platform
internal import ShardStore

/// Spells rows. Numbers as the shortest text that reads back the same, NaN and infinities as Python's `json` has them (`NaN`, `Infinity`); text as strings;
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
      if let nulls = piece.rowNulls, all.byte(at: nulls.lowerBound + pieceRow) != 0 {
        bytes += Self.null
        continue
      }
      let isSpelled =
        switch column.description.values {
        case .fixed(let type, let shape): Self.append(type, shape[...], first: pieceRow * shape.reduce(1, *), piece, all, to: &bytes)
        case .ragged(let type, let depth): append(column.description, type, depth, level: 0, pieceRow, piece, all, to: &bytes)
        case .unreadable: false
        }
      if !isSpelled { return "column '\(column.description.name)': the text is not UTF-8" }
    }
    bytes.append(UInt8(ascii: "}"))
    bytes.append(UInt8(ascii: "\n"))
    return nil
  }

  private static let null = Array("null".utf8)

  // MARK: - Lists

  private func append(
    _ column: StoredColumn, _ type: ElementType, _ depth: Int, level: Int, _ index: Int, _ piece: ColumnPiece, _ all: RawSpan, to bytes: inout [UInt8]
  ) -> Bool {
    let range = piece.elementRange(level: level, index, in: all)
    if level == depth - 1, column.isText || column.isBytes {
      let text = all.extracting(piece.values.lowerBound + range.lowerBound..<piece.values.lowerBound + range.upperBound)
      if column.isText { return JSONWriter.appendLiteral(utf8: text, to: &bytes) }
      Base64.append(text, to: &bytes)
      return true
    }
    bytes.append(UInt8(ascii: "["))
    for element in range {
      if element > range.lowerBound { bytes.append(UInt8(ascii: ",")) }
      // The elements that may be null are the innermost lists' own: numbers, or texts with a level of offsets for their bytes.
      let isInnermost = level == (column.isText || column.isBytes ? depth - 2 : depth - 1)
      if isInnermost, let nulls = piece.elementNulls, all.byte(at: nulls.lowerBound + element) != 0 {
        bytes += Self.null
      } else if level < depth - 1 {
        guard append(column, type, depth, level: level + 1, element, piece, all, to: &bytes) else { return false }
      } else {
        _ = Self.append(type, [], first: element, piece, all, to: &bytes)
      }
    }
    bytes.append(UInt8(ascii: "]"))
    return true
  }

  /// An array of fixed shape whose first element has the ordinal `first`; of shape `[]` the element alone.
  private static func append(_ type: ElementType, _ shape: ArraySlice<Int>, first: Int, _ piece: ColumnPiece, _ all: RawSpan, to bytes: inout [UInt8]) -> Bool {
    guard let count = shape.first else {
      JSONElements.append(type, at: piece.values.lowerBound + first * type.byteCount, in: all, to: &bytes)
      return true
    }
    let step = shape.dropFirst().reduce(1, *)
    bytes.append(UInt8(ascii: "["))
    for index in 0..<count {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      _ = append(type, shape.dropFirst(), first: first + index * step, piece, all, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
    return true
  }
}

extension RawSpan {
  func byte(at byteOffset: Int) -> UInt8 {
    // Sound: bounds checked by the span.
    unsafe unsafeLoad(fromByteOffset: byteOffset, as: UInt8.self)
  }
}
