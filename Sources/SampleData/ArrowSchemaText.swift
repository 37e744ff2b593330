// The Arrow schema of a column of lists of one length, as Parquet files carry it.

enum ArrowSchemaText {
  /// Base64 of an encapsulated message (Arrow's Message.fbs and Schema.fbs) for one column `FixedSizeList<float32>[length]`, without nulls.
  static func text(column: String, length: Int) -> String {
    let floatingPoint = FlatbufferValue.table([0: .int16(1)])  // single precision
    let list = FlatbufferValue.table([0: .int32(Int32(length))])
    let element = field("element", type: 3, floatingPoint, children: [])
    let schema = FlatbufferValue.table([1: .tables([field(column, type: 16, list, children: [element])])])
    let message = FlatbufferWriter.bytes(root: .table([0: .int16(4), 1: .uint8(1), 2: schema]))  // metadata version 5; a schema
    var bytes: [UInt8] = []
    bytes.append(littleEndian: .max)
    bytes.append(littleEndian: UInt32(message.count))
    return base64(bytes + message)
  }

  /// `type`: its number in Schema.fbs, union Type.
  private static func field(_ name: String, type: UInt8, _ value: FlatbufferValue, children: [FlatbufferValue]) -> FlatbufferValue {
    .table([0: .text(name), 1: .uint8(0), 2: .uint8(type), 3: value, 5: .tables(children)])
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for begin in stride(from: 0, to: bytes.count, by: 3) {
      let three = bytes[begin..<min(begin + 3, bytes.count)]
      let bits = three.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - three.count))
      for place in 0..<4 { text.append(place <= three.count ? digits[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "=")) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
