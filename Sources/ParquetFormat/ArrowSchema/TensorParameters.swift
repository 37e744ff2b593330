// The parameters of Arrow's extension arrow.fixed_shape_tensor.

internal import JSONParsing

struct TensorParameters {
  /// In the order in which the axes are stored, the outermost first.
  var shape: [Int]
  /// Whether the axes are shown in the order in which they are stored.
  var isInStoredOrder: Bool

  init(parsing json: RawSpan) throws(JSONError) {
    var reader = JSONReader(json)
    var shape: [Int]?
    var permutation: [Int]?
    try reader.beginObject()
    while try reader.nextKey() {
      if reader.keyEquals("shape") {
        shape = try Self.numbers(&reader)
      } else if reader.keyEquals("permutation"), try reader.peekKind() == .array {
        permutation = try Self.numbers(&reader)
      } else {
        _ = try reader.skipValue()
      }
    }
    try reader.finish()
    guard let shape else { throw reader.error(.endOfText, at: json.byteCount) }
    self.shape = shape
    isInStoredOrder = permutation.map { $0 == Array(0..<shape.count) } ?? true
  }

  private static func numbers(_ reader: inout JSONReader) throws(JSONError) -> [Int] {
    var numbers: [Int] = []
    try reader.beginArray()
    while try reader.nextElement() {
      guard numbers.count < 64 else { throw reader.error(.tooDeep(limit: 64), at: reader.byteOffset) }
      numbers.append(try reader.readInt())
    }
    return numbers
  }
}
