// Where rows of fixed length go, and how their nulls are told.

internal import BatchCache
internal import ParquetEncodings
internal import ParquetFormat
internal import Platform

/// What the byte of a row says of its nulls.
public enum FixedRowNull: UInt8 {
  /// Its values are what is stored, or stand for nulls themselves.
  case none = 0
  case row = 1
  /// An element of its list is null, and the type has no value for that.
  case element = 2
}

/// Where rows of fixed length go.
struct FixedRowsTarget {
  let region: MappedRegion
  let valuesByteOffset: Int
  let nullsByteOffset: Int
  let nullPattern: [UInt8]
  let rows: Range<Int>
  /// Told which entries of each level of lists are null, the last of the elements; where there are none, rows are marked for the sake of their elements.
  let levelNulls: [NullMarks]
  var elementNulls: NullMarks? { levelNulls.last }

  /// Whether a row is marked where an element of it is null: nothing else says so.
  var marksRowsOfElements: Bool { levelNulls.isEmpty && nullPattern.allSatisfy { $0 == 0 } }

  func clearNulls() { region.withMutableBytes(nullsByteOffset..<nullsByteOffset + rows.count) { $0.fill(with: [0]) } }

  /// Writes the slots `wanted` of a page without nulls as elements from number `element` on.
  func write(_ view: borrowing PageView, _ wanted: Range<Int>, _ reader: PageReader, _ dictionary: ChunkDictionary?, at element: Int) throws(ParquetReadError) {
    let width = nullPattern.count
    let begin = valuesByteOffset + element * width
    guard case .fixed(_, let conversion) = reader.location.leaf.valueType else { throw reader.unsupported(view) }
    if reader.isDirect(view, conversion) {
      guard wanted.upperBound <= view.values.byteCount / width else {
        throw .encoding(
          EncodingError("PLAIN values", at: 0, found: "\(view.values.byteCount) bytes", expected: "\(view.slotCount) values of \(width) bytes"),
          pageByteOffset: view.layout.byteOffset)
      }
      let values = view.values.extracting(wanted.lowerBound * width..<wanted.upperBound * width)
      region.withMutableBytes(begin..<begin + values.byteCount) { $0.copy(values) }
      return
    }
    let decoded = try reader.decoded(view, values: wanted, of: view.slotCount, dictionary)
    let bytes = decoded.bytes
    region.withMutableBytes(begin..<begin + wanted.count * width) { $0.copy(bytes.extracting(first: wanted.count * width)) }
  }

  /// Writes the slots `wanted` of a page with nulls; a null row is marked.
  func write(
    _ page: borrowing PageRows, _ wanted: Range<Int>, _ chunk: ParquetChunk, valuesPerRow: Int, firstSlot: Int
  ) throws(ParquetReadError) {
    guard let levels = page.definitionLevels, case .fixed(let values) = page.values else { return }
    let width = nullPattern.count
    let maximum = chunk.leaf.maxDefinitionLevel
    let rowLevel = chunk.leaf.rowLevel
    try Self.checkElements(levels, wanted, chunk, valuesPerRow: valuesPerRow, firstSlot: firstSlot)
    var dense = 0
    for slot in 0..<wanted.lowerBound where Int(levels.byte(at: slot)) == maximum { dense += 1 }
    let firstElement = firstSlot + wanted.lowerBound - rows.lowerBound * valuesPerRow
    region.withMutableBytes(valuesByteOffset + firstElement * width..<valuesByteOffset + (firstElement + wanted.count) * width) { target in
      for slot in wanted {
        let place = (slot - wanted.lowerBound) * width
        if Int(levels.byte(at: slot)) == maximum {
          for byte in 0..<width { target.storeBytes(of: values.byte(at: dense * width + byte), toByteOffset: place + byte, as: UInt8.self) }
          dense += 1
        } else {
          for byte in 0..<width { target.storeBytes(of: nullPattern[byte], toByteOffset: place + byte, as: UInt8.self) }
        }
      }
    }
    region.withMutableBytes(nullsByteOffset..<nullsByteOffset + rows.count) { nulls in
      let marked = marksRowsOfElements ? maximum : rowLevel
      for slot in wanted {
        let level = Int(levels.byte(at: slot))
        guard level < marked else { continue }
        let null: FixedRowNull = level < rowLevel ? .row : .element
        nulls.storeBytes(of: null.rawValue, toByteOffset: (firstSlot + slot) / valuesPerRow - rows.lowerBound, as: UInt8.self)
      }
    }
    guard let elementNulls else { return }
    let shift = firstElement - wanted.lowerBound
    var slot = wanted.lowerBound
    while slot < wanted.upperBound {
      let begin = slot
      while slot < wanted.upperBound, Int(levels.byte(at: slot)) < maximum { slot += 1 }
      try elementNulls.mark(begin + shift..<slot + shift)
      slot += 1
    }
  }

  /// Writes what stands for null as these elements.
  func fill(_ elements: Range<Int>) {
    let width = nullPattern.count
    let begin = valuesByteOffset + elements.lowerBound * width
    region.withMutableBytes(begin..<begin + elements.count * width) { $0.fill(with: nullPattern) }
  }

  /// Copies some of `values`, one after another from the element numbered `element` on.
  func copy(_ values: RawSpan, _ own: Range<Int>, to element: Int) {
    let width = nullPattern.count
    let begin = valuesByteOffset + element * width
    region.withMutableBytes(begin..<begin + own.count * width) { $0.copy(values.extracting(own.lowerBound * width..<own.upperBound * width)) }
  }

  func setNull(_ row: Int, _ null: FixedRowNull) {
    region.withMutableBytes(nullsByteOffset + row..<nullsByteOffset + row + 1) { $0.storeBytes(of: null.rawValue, toByteOffset: 0, as: UInt8.self) }
  }
}

extension FixedRowsTarget {
  /// A list that is empty or null takes a slot too. Such a slot is a row only where rows have one, and the row is null.
  private static func checkElements(
    _ levels: RawSpan, _ slots: Range<Int>, _ chunk: ParquetChunk, valuesPerRow: Int, firstSlot: Int
  ) throws(ParquetReadError) {
    guard let innermost = chunk.leaf.lists.last else { return }
    let (elementLevel, rowLevel) = (innermost.elementLevel, valuesPerRow == 1 ? chunk.leaf.rowLevel : 0)
    for slot in slots {
      let level = Int(levels.byte(at: slot))
      guard level >= elementLevel || level < rowLevel else {
        let row = chunk.location.firstRow + (firstSlot + slot) / valuesPerRow
        throw .otherShape(
          "column \(chunk.leaf.name) is said to have \(valuesPerRow) values in every row, but a list of row \(row) is empty or null",
          byteOffset: chunk.location.chunk.byteRange.lowerBound)
      }
    }
  }
}
