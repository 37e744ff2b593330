// A JSON reader whose errors are those of an index.

internal import JSONParsing

/// Reads the values that an index has, and says of a bad one in which shard it stands.
struct IndexReader: ~Escapable {
  private var json: JSONReader
  /// The shard that is being read, nil at the top.
  var shard: Int?

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, startingAt byteOffset: Int = 0, shard: Int? = nil) {
    json = JSONReader(bytes, startingAt: byteOffset)
    self.shard = shard
  }

  var bytes: RawSpan {
    @_lifetime(copy self)
    get { json.bytes }
  }

  var key: String { json.key }

  func keyEquals(_ name: StaticString) -> Bool { json.keyEquals(name) }

  var line: Int { json.line(at: json.byteOffset) }

  func invalid(_ field: String, found: String, expected: String) -> MDSError {
    .invalidField(field, shard: shard, line: line, found: found, expected: expected)
  }

  func missing(_ field: String) -> MDSError { .missingField(field, shard: shard, line: line) }

  // MARK: - Values

  @_lifetime(self: copy self)
  mutating func beginObject() throws(MDSError) {
    do throws(JSONError) { try json.beginObject() } catch { throw .malformedIndex(error) }
  }

  @_lifetime(self: copy self)
  mutating func nextKey() throws(MDSError) -> Bool {
    do throws(JSONError) { return try json.nextKey() } catch { throw .malformedIndex(error) }
  }

  @_lifetime(self: copy self)
  mutating func beginArray() throws(MDSError) {
    do throws(JSONError) { try json.beginArray() } catch { throw .malformedIndex(error) }
  }

  @_lifetime(self: copy self)
  mutating func nextElement() throws(MDSError) -> Bool {
    do throws(JSONError) { return try json.nextElement() } catch { throw .malformedIndex(error) }
  }

  @_lifetime(self: copy self)
  mutating func finish() throws(MDSError) {
    do throws(JSONError) { try json.finish() } catch { throw .malformedIndex(error) }
  }

  @_lifetime(self: copy self)
  mutating func skipValue() throws(MDSError) -> Range<Int> {
    do throws(JSONError) { return try json.skipValue() } catch { throw .malformedIndex(error) }
  }

  @_lifetime(self: copy self)
  mutating func readNullIfPresent() throws(MDSError) -> Bool {
    do throws(JSONError) { return try json.readNullIfPresent() } catch { throw .malformedIndex(error) }
  }

  @_lifetime(self: copy self)
  mutating func readString() throws(MDSError) -> String {
    do throws(JSONError) { return try json.readString() } catch { throw .malformedIndex(error) }
  }

  @_lifetime(self: copy self)
  mutating func readString(appendingTo pool: inout [UInt8]) throws(MDSError) -> Int {
    do throws(JSONError) { return try json.readString(appendingTo: &pool) } catch { throw .malformedIndex(error) }
  }

  /// A whole number from 0 to `limit`.
  @_lifetime(self: copy self)
  mutating func readCount(_ field: String, limit: Int = .max) throws(MDSError) -> Int {
    let value: Int
    do throws(JSONError) { value = try json.readInt() } catch { throw .malformedIndex(error) }
    guard value >= 0, value <= limit else { throw invalid(field, found: "\(value)", expected: "0 to \(limit)") }
    return value
  }

  /// The number 2.
  @_lifetime(self: copy self)
  mutating func readVersion() throws(MDSError) {
    let version = try readCount("version")
    guard version == 2 else { throw invalid("version", found: "\(version)", expected: "2") }
  }
}
