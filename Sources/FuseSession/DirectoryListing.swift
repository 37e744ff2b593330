// The bytes that answer one readdir.

internal import CFuse
internal import FileTree
internal import Glibc

/// Collects entries until the kernel's buffer is full. It does not leave the call of `Reply.directory` that made it.
@safe
struct DirectoryListing {
  // Sound: `Reply.directory` keeps both alive while this value exists.
  private let request: fuse_req_t
  private let memory: UnsafeMutableRawBufferPointer
  private(set) var byteCount = 0

  @unsafe init(request: fuse_req_t, memory: UnsafeMutableRawBufferPointer) {
    unsafe self.request = unsafe request
    unsafe self.memory = unsafe memory
  }

  /// Adds an entry; false when it does not fit any more.
  ///
  /// `position`: where the kernel goes on after this entry, the number of entries up to and with it.
  mutating func add(_ name: String, inode: Inode, kind: FileAttributes.Kind, position: Int) -> Bool {
    var status = Glibc.stat()
    status.st_ino = UInt(inode.number)
    status.st_mode = kind.typeBits
    let free = unsafe memory.count - byteCount
    // Sound: libfuse writes nothing when the entry needs more than the `free` bytes that follow the ones used.
    let needed = unsafe fuse_add_direntry(
      request, memory.baseAddress?.advanced(by: byteCount).assumingMemoryBound(to: CChar.self), free, name, &status, position)
    guard needed <= free else { return false }
    byteCount += needed
    return true
  }
}
