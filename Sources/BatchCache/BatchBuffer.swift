// The memory of one batch file.

/// The bytes of one file, charged to the memory budget until the last reference is gone.
public final class BatchBuffer: @unchecked Sendable {
  public let byteCount: Int
  private var bytes: [UInt8]
  public init(byteCount: Int) {
    self.byteCount = byteCount
    bytes = Array(repeating: 0, count: byteCount)
  }
  public func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
    let array = bytes
    let span = array.span
    return unsafe body(span.bytes)
  }
}
