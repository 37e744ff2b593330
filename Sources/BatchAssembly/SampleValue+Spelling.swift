// How one value is spelled, at most some elements of it.

internal import BatchCache
internal import ByteParsing
internal import JSONParsing
internal import NumPyFormat
internal import Platform
internal import ShardStore

extension SampleValue {
  /// Elements of an array or list, characters of a text, and bytes that are shown.
  private static let elementLimit = 8
  private static let textLimit = 72
  private static let byteLimit = 16

  /// - Parameter isText: whether bytes are shown as the text that they are.
  init(row: Int, of piece: ColumnPiece, _ column: StoredColumn, isText: Bool) {
    let mapping = piece.region.region
    let all = mapping.bytes
    var spelling = Spelling(decimalScale: column.decimalScale, isText: isText)
    if piece.isNull(level: 0, row, in: all) {
      spelling.both("null")
    } else {
      switch column.values {
      case .fixed(let type, let shape):
        let count = shape.reduce(1, *)
        if shape.isEmpty {
          spelling.element(type, row, piece, all)
        } else {
          spelling.list(0..<count) { $0.arrayElement(type, level: shape.count, row * count + $1, piece, all) }
        }
      case .ragged(let type, let depth): spelling.ragged(column, type, depth, level: 0, row, piece, all)
      case .unreadable: spelling.both("null")
      }
    }
    self.init(text: spelling.text, json: spelling.json, isCut: spelling.isCut)
  }

  /// Both spellings, growing side by side.
  private struct Spelling {
    let decimalScale: Int?
    let isText: Bool
    var text = ""
    var json: [UInt8] = []
    var isCut = false

    mutating func both(_ part: String) {
      text += part
      json += part.utf8
    }

    mutating func element(_ type: ElementType, _ index: Int, _ piece: ColumnPiece, _ all: RawSpan) {
      var spelled: [UInt8] = []
      JSONElements.append(type, decimalScale: decimalScale, at: piece.values.lowerBound + index * type.byteCount, in: all, to: &spelled)
      text += String(decoding: spelled, as: UTF8.self)
      json += SampleValue.json(ofElement: spelled)
    }

    mutating func arrayElement(_ type: ElementType, level: Int, _ index: Int, _ piece: ColumnPiece, _ all: RawSpan) {
      if piece.isNull(level: level, index, in: all) { both("null") } else { element(type, index, piece, all) }
    }

    mutating func list(_ range: Range<Int>, _ append: (inout Spelling, Int) -> Void) {
      both("[")
      for index in range.prefix(elementLimit) {
        if index > range.lowerBound {
          text += ", "
          json.append(UInt8(ascii: ","))
        }
        append(&self, index)
      }
      if range.count > elementLimit {
        isCut = true
        text += ", ... \(range.count) elements"
      }
      both("]")
    }

    mutating func ragged(_ column: StoredColumn, _ type: ElementType, _ depth: Int, level: Int, _ index: Int, _ piece: ColumnPiece, _ all: RawSpan) {
      let range = piece.elementRange(level: level, index, in: all)
      if level == depth - 1, column.isText || column.isBytes {
        let stored = all.extracting(piece.values.lowerBound + range.lowerBound..<piece.values.lowerBound + range.upperBound)
        return column.isText ? characters(stored) : bytes(stored)
      }
      list(range) { spelling, element in
        if piece.isNull(level: level + 1, element, in: all) { return spelling.both("null") }
        if level < depth - 1 { return spelling.ragged(column, type, depth, level: level + 1, element, piece, all) }
        spelling.element(type, element, piece, all)
      }
    }

    mutating func characters(_ stored: RawSpan) {
      let (literal, isAll) = Self.literal(stored)
      isCut = isCut || !isAll
      both(literal)
      if !isAll { text += " ... \(stored.byteCount) bytes" }
    }

    /// The beginning of a text in quotation marks, and whether it is all.
    private static func literal(_ stored: RawSpan) -> (String, isAll: Bool) {
      // A character has four bytes at most; one that the cut parts is left out.
      let head = stored.extracting(first: min(stored.byteCount, 4 * textLimit))
      let decoded = String(decoding: (0..<head.byteCount).map { head.byte(at: $0) }, as: UTF8.self)
      let shown = String(decoded.unicodeScalars.prefix(textLimit))
      return (JSONWriter.literal(shown), shown.utf8.count >= stored.byteCount)
    }

    mutating func bytes(_ stored: RawSpan) {
      let head = stored.extracting(first: min(stored.byteCount, byteLimit))
      Base64.append(head, to: &json)
      isCut = isCut || stored.byteCount > byteLimit
      // As Python writes them: they are no text to NumPy.
      let (literal, isAll) =
        isText ? Self.literal(stored) : (ByteText.hexadecimal((0..<head.byteCount).map { head.byte(at: $0) }), stored.byteCount <= byteLimit)
      text += (isText ? "b" : "") + literal + (isAll ? "" : " ... \(stored.byteCount) bytes")
    }
  }
}
