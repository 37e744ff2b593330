// The types of Thrift's compact protocol.

/// A type as fields and lists spell it.
enum ThriftType: UInt8 {
  case booleanTrue = 1
  case booleanFalse = 2
  case byte = 3
  case int16 = 4
  case int32 = 5
  case int64 = 6
  case double = 7
  case binary = 8
  case list = 9
  case set = 10
  case map = 11
  case structure = 12
  case uuid = 13
}

/// A field's header.
struct ThriftField {
  var number: Int16
  var type: ThriftType
  /// Where the header begins, in the reader's bytes.
  var byteOffset: Int
}
