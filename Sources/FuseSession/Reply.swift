// The one answer that each request of the kernel gets.

internal import CFuse
internal import FileTree
internal import Glibc

/// An unanswered request. Every method that answers uses it up; one that is dropped answers EIO, so that no reader waits for ever.
@safe
struct Reply: ~Copyable, @unchecked Sendable {
  // Sound: libfuse keeps the request until it is answered, `connection` keeps libfuse's session until then, and only one owner of this value can
  // answer, once: answering takes the pointer. libfuse allows the answer from any thread.
  private var request: fuse_req_t?
  private let connection: Connection

  @unsafe init(_ request: fuse_req_t, of connection: Connection) {
    unsafe self.request = unsafe request
    self.connection = connection
  }

  deinit {
    if let request = unsafe request { unsafe _ = fuse_reply_err(request, EIO) }
  }

  private mutating func take() -> fuse_req_t {
    // Sound: the methods that call this consume the value, so it is called once and finds what `init` set.
    defer { unsafe request = nil }
    return unsafe request.unsafelyUnwrapped
  }

  consuming func error(_ code: Int32) { unsafe _ = fuse_reply_err(take(), code) }
  consuming func error(_ error: FileError) { unsafe _ = fuse_reply_err(take(), error.errno) }
  consuming func ok() { unsafe _ = fuse_reply_err(take(), 0) }

  consuming func entry(_ attributes: FileAttributes) {
    var entry = fuse_entry_param()
    entry.ino = attributes.inode.number
    entry.attr = status(of: attributes)
    entry.attr_timeout = attributes.cacheSeconds
    entry.entry_timeout = attributes.cacheSeconds
    unsafe _ = fuse_reply_entry(take(), &entry)
  }

  consuming func attributes(_ attributes: FileAttributes) {
    var status = status(of: attributes)
    unsafe _ = fuse_reply_attr(take(), &status, attributes.cacheSeconds)
  }

  /// Answers an open. False when the kernel no longer wants it: then there will be no release either.
  consuming func opened(_ handle: FileHandle, _ flags: OpenFlags, backingID: Int32 = 0) -> Bool {
    // struct fuse_open_out of linux/fuse.h: libfuse 3.14 does not know its last field, which is why the answer is sent as bytes.
    var answer = (handle.number, flags.rawValue, backingID)
    let status = unsafe withUnsafeBytes(of: &answer) { bytes in
      unsafe fuse_reply_buf(take(), bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    return status != -ENOENT
  }

  /// Answers a read, straight from where the bytes lie.
  consuming func bytes(_ bytes: FileBytes) {
    let request = unsafe take()
    bytes.withBytes { span in
      unsafe span.withUnsafeBytes { unsafe _ = fuse_reply_buf(request, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count) }
    }
  }

  /// Answers a readdir with what `list` puts into a listing of at most `byteCount` bytes.
  consuming func directory(byteCount: Int, _ list: (inout DirectoryListing) throws(FileError) -> Void) {
    let request = unsafe take()
    unsafe withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 8) { memory in
      // Sound: the memory lives for this closure, and the listing does not leave it.
      var listing = unsafe DirectoryListing(request: request, memory: memory)
      do throws(FileError) {
        try list(&listing)
        unsafe _ = fuse_reply_buf(request, memory.baseAddress?.assumingMemoryBound(to: CChar.self), listing.byteCount)
      } catch {
        unsafe _ = fuse_reply_err(request, error.errno)
      }
    }
  }

  consuming func totals(_ totals: FileSystemTotals) {
    let blockByteCount: UInt64 = 4096
    var status = statvfs()
    status.f_bsize = UInt(blockByteCount)
    status.f_frsize = UInt(blockByteCount)
    status.f_blocks = UInt(totals.byteCount / blockByteCount + (totals.byteCount % blockByteCount == 0 ? 0 : 1))
    status.f_files = UInt(totals.fileCount)
    status.f_namemax = 255
    unsafe _ = fuse_reply_statfs(take(), &status)
  }
}

/// The FOPEN_ flags of an open's answer that are used here (linux/fuse.h).
struct OpenFlags: OptionSet {
  let rawValue: UInt32
  static let directIO = OpenFlags(rawValue: 1 << 0)
  static let keepCache = OpenFlags(rawValue: 1 << 1)
  /// The kernel keeps the listing of this directory.
  static let cacheDirectory = OpenFlags(rawValue: 1 << 3)
  /// close(2) asks nothing: it works after the daemon's death too.
  static let noFlush = OpenFlags(rawValue: 1 << 5)
  static let passthrough = OpenFlags(rawValue: 1 << 7)
}
