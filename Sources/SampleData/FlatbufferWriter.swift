// Writes flatbuffers of a few tables: what Arrow's schemas are spelled in.

/// The value of a table's field, and of what it points to.
indirect enum FlatbufferValue {
  case uint8(UInt8)
  case int16(Int16)
  case int32(Int32)
  case text(String)
  /// By the numbers of its fields.
  case table([Int: FlatbufferValue])
  case tables([FlatbufferValue])

  fileprivate var byteCount: Int {
    switch self {
    case .uint8: 1
    case .int16: 2
    case .int32, .text, .table, .tables: 4
    }
  }
}

/// Front to back: what is pointed to comes after what points to it.
struct FlatbufferWriter {
  private var bytes: [UInt8] = []

  /// A buffer with `root`, a multiple of 8 bytes long.
  static func bytes(root: FlatbufferValue) -> [UInt8] {
    var writer = FlatbufferWriter()
    writer.bytes.append(littleEndian: 0)
    writer.point(0, to: root)
    writer.align(8)
    return writer.bytes
  }

  /// Writes `value` and its distance to the place `reference`.
  private mutating func point(_ reference: Int, to value: FlatbufferValue) {
    let place: Int
    switch value {
    case .table(let fields): place = table(fields)
    case .tables(let elements): place = vector(elements)
    case .text(let text): place = string(text)
    case .uint8, .int16, .int32: preconditionFailure("a number lies in its table")
    }
    set(UInt32(place - reference), at: reference)
  }

  private mutating func string(_ text: String) -> Int {
    align(4)
    let place = bytes.count
    bytes.append(littleEndian: UInt32(text.utf8.count))
    bytes += text.utf8
    bytes.append(0)
    return place
  }

  private mutating func vector(_ elements: [FlatbufferValue]) -> Int {
    align(4)
    let place = bytes.count
    bytes.append(littleEndian: UInt32(elements.count))
    for _ in elements { bytes.append(littleEndian: 0) }
    for (index, element) in elements.enumerated() { point(place + 4 + 4 * index, to: element) }
    return place
  }

  /// The places of the fields come before the table, those of four bytes first in it.
  private mutating func table(_ fields: [Int: FlatbufferValue]) -> Int {
    let ordered = fields.sorted { ($1.value.byteCount, $0.key) < ($0.value.byteCount, $1.key) }
    var places = [UInt16](repeating: 0, count: (fields.keys.max() ?? -1) + 1)
    var byteCount = 4
    for (number, value) in ordered {
      places[number] = UInt16(byteCount)
      byteCount += value.byteCount
    }
    align(4)
    let begin = bytes.count
    for number in [UInt16(4 + 2 * places.count), UInt16(byteCount)] + places { append(number) }
    align(4)
    let place = bytes.count
    bytes.append(littleEndian: UInt32(place - begin))
    for (_, value) in ordered {
      switch value {
      case .uint8(let number): bytes.append(number)
      case .int16(let number): append(UInt16(bitPattern: number))
      case .int32(let number): bytes.append(littleEndian: UInt32(bitPattern: number))
      case .text, .table, .tables: bytes.append(littleEndian: 0)
      }
    }
    for (number, value) in ordered {
      switch value {
      case .text, .table, .tables: point(place + Int(places[number]), to: value)
      case .uint8, .int16, .int32: break
      }
    }
    return place
  }

  private mutating func align(_ alignment: Int) { while bytes.count % alignment != 0 { bytes.append(0) } }

  private mutating func append(_ number: UInt16) { bytes += [UInt8(truncatingIfNeeded: number), UInt8(number >> 8)] }

  private mutating func set(_ number: UInt32, at place: Int) {
    for (index, shift) in ([0, 8, 16, 24] as [UInt32]).enumerated() { bytes[place + index] = UInt8(truncatingIfNeeded: number >> shift) }
  }
}
