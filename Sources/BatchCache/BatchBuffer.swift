// The memory of one batch file.

internal import Glibc

/// The bytes of one file, charged to the memory budget until the last reference is gone.
public final class BatchBuffer: @unchecked Sendable {
  public let byteCount: Int
  /// The sealed memory file that holds the bytes, for the kernel to read by itself; nil where there is none.
  public let fileDescriptor: Int32?
  private var bytes: [UInt8]
  public init(byteCount: Int) {
    self.byteCount = byteCount
    fileDescriptor = nil
    bytes = Array(repeating: 0, count: byteCount)
  }
  /// Takes over a memory file that holds `bytes`.
  public init(_ bytes: [UInt8], fileDescriptor: Int32) {
    byteCount = bytes.count
    self.fileDescriptor = fileDescriptor
    self.bytes = bytes
  }
  deinit {
    if let fileDescriptor { close(fileDescriptor) }
  }
  public func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
    let array = bytes
    let span = array.span
    return unsafe body(span.bytes)
  }
}
