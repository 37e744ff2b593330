// One line of errors.jsonl, read back.

internal import ByteParsing
internal import JSONParsing

struct LatestError {
  /// As RFC 3339 has it.
  private(set) var time = ""
  /// The file below the mount.
  private(set) var path = ""
  private(set) var message = ""

  init(parsing line: [UInt8]) throws(JSONError) {
    var reader = JSONReader(line.rawSpan)
    try reader.beginObject()
    while try reader.nextKey() {
      if reader.keyEquals("time") {
        time = try reader.readString()
      } else if reader.keyEquals("path") {
        path = try reader.readString()
      } else if reader.keyEquals("message") {
        message = try reader.readString()
      } else {
        _ = try reader.skipValue()
      }
    }
  }
}
