// Whole objects and arrays in one expression.

extension JSONWriter {
  /// An object whose members `body` writes.
  public mutating func object(_ body: (inout JSONWriter) -> Void) {
    beginObject()
    body(&self)
    endObject()
  }

  /// A member whose value is an object.
  public mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(name)
    object(body)
  }

  /// A member whose value is an array.
  public mutating func array(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(name)
    beginArray()
    body(&self)
    endArray()
  }

  public mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  public mutating func member(_ name: String, _ value: some BinaryInteger) {
    key(name)
    integer(value)
  }

  public mutating func member(_ name: String, _ value: Double) {
    key(name)
    double(value)
  }

  public mutating func member(_ name: String, _ value: Bool) {
    key(name)
    boolean(value)
  }

  public mutating func null(_ name: String) {
    key(name)
    null()
  }
}
