// The operations of libfuse that read: each turns a request into a call of the service.

internal import CFuse
internal import FileTree
internal import Glibc

// Sound, for every operation below: libfuse hands each request to one call, with pointers that live during that call; what is needed later is copied
// before the service is called. `forget` is not here: inodes are arithmetic, and libfuse answers it.

/// What reads the tree.
func readingOperations() -> fuse_lowlevel_ops {
  var operations = fuse_lowlevel_ops()
  unsafe operations.`init` = { _, connection in unsafe connection.map { unsafe prepare(&$0.pointee) } }
  unsafe operations.lookup = { request, parent, name in
    let (connection, reply) = unsafe begin(request)
    guard let name = unsafe name.flatMap({ unsafe String(validatingCString: $0) }) else { return finish(reply, .notFound) }
    connection.service.lookUp(name, in: Inode(parent)) { result in
      guard let reply = reply.take() else { return }
      switch result {
      case .success(let attributes): reply.entry(attributes)
      case .failure(let error): reply.error(error)
      }
    }
  }
  unsafe operations.getattr = { request, inode, file in
    let (connection, reply) = unsafe begin(request)
    let handle = unsafe file.map { unsafe FileHandle($0.pointee.fh) }
    connection.service.attributes(of: Inode(inode), handle: handle) { result in
      guard let reply = reply.take() else { return }
      switch result {
      case .success(let attributes): reply.attributes(attributes)
      case .failure(let error): reply.error(error)
      }
    }
  }
  unsafe operations.open = { request, inode, file in
    let (connection, reply) = unsafe begin(request, .untilAsked)
    // The kernel answers this by itself on a read-only mount; not on one that was remounted.
    let flags = unsafe file.map { unsafe $0.pointee.flags } ?? O_RDONLY
    guard flags & O_ACCMODE == O_RDONLY, flags & O_TRUNC == 0 else { return finish(reply, .readOnly) }
    open(Inode(inode), on: connection, reply)
  }
  unsafe operations.read = { request, inode, byteCount, byteOffset, file in
    let (connection, reply) = unsafe begin(request)
    let handle = unsafe FileHandle(file.map { unsafe $0.pointee.fh } ?? 0)
    guard byteOffset >= 0 else { return finish(reply, .invalidArgument) }
    connection.service.read(Inode(inode), handle: handle, byteOffset: byteOffset, byteCount: byteCount) { result in
      guard let reply = reply.take() else { return }
      switch result {
      case .success(let bytes): reply.bytes(bytes)
      case .failure(let error): reply.error(error)
      }
    }
  }
  unsafe operations.release = { request, inode, file in
    let connection = unsafe Connection.of(request.unsafelyUnwrapped)
    let handle = unsafe FileHandle(file.map { unsafe $0.pointee.fh } ?? 0)
    connection.close(Inode(inode), handle)
    unsafe Reply(request.unsafelyUnwrapped, of: connection).ok()
  }
  unsafe operations.opendir = { request, inode, _ in
    let (connection, reply) = unsafe begin(request)
    connection.service.attributes(of: Inode(inode), handle: nil) { result in
      guard let reply = reply.take() else { return }
      switch result {
      case .success(let attributes) where attributes.kind == .directory:
        _ = reply.opened(FileHandle(0), attributes.isImmutable ? [.keepCache, .cacheDirectory] : [])
      case .success: reply.error(.notADirectory)
      case .failure(let error): reply.error(error)
      }
    }
  }
  unsafe operations.readdir = { request, inode, byteCount, position, _ in
    let connection = unsafe Connection.of(request.unsafelyUnwrapped)
    let reply = unsafe Reply(request.unsafelyUnwrapped, of: connection)
    reply.directory(byteCount: byteCount) { (listing: inout DirectoryListing) throws(FileError) in
      try list(Inode(inode), from: position, of: connection.service, into: &listing)
    }
  }
  unsafe operations.releasedir = { request, _, _ in unsafe fuse_reply_err(request, 0) }
  unsafe operations.statfs = { request, _ in
    let connection = unsafe Connection.of(request.unsafelyUnwrapped)
    unsafe Reply(request.unsafelyUnwrapped, of: connection).totals(connection.service.totals)
  }
  unsafe operations.access = { request, _, mask in
    // The kernel checks modes by itself (default_permissions), but for root they say nothing about writing.
    unsafe fuse_reply_err(request, mask & W_OK != 0 ? EROFS : 0)
  }
  return operations
}

private func begin(_ request: fuse_req_t?, _ endurance: Endurance = .untilKilled) -> (Connection, PendingReply) {
  // Sound: libfuse calls operations with a request.
  let request = unsafe request.unsafelyUnwrapped
  let connection = unsafe Connection.of(request)
  return unsafe (connection, PendingReply(request, of: connection, endurance: endurance))
}

private func finish(_ reply: PendingReply, _ error: FileError) {
  reply.take()?.error(error)
}

/// The settings of the connection that libfuse leaves to the program.
private func prepare(_ connection: inout fuse_conn_info) {
  connection.want |= UInt32(FUSE_CAP_ASYNC_READ)
  // What never changes need not be compared with its mtime. Splicing is slower than writing for replies from memory.
  connection.want &= ~UInt32(FUSE_CAP_AUTO_INVAL_DATA | FUSE_CAP_SPLICE_READ | FUSE_CAP_SPLICE_WRITE | FUSE_CAP_SPLICE_MOVE)
  connection.want &= connection.capable
  // Requests of read-ahead that may be under way: the default of 12 is less than what a few readers of large files ask for.
  connection.max_background = 128
  connection.congestion_threshold = 96
}

private func open(_ inode: Inode, on connection: Connection, _ reply: PendingReply) {
  connection.service.open(inode) { result in
    guard let reply = reply.take() else {
      // The reader was let go: the kernel knows of no open, and will not release it.
      if case .success(let file) = result { connection.service.close(inode, handle: file.handle) }
      return
    }
    switch result {
    case .failure(let error): reply.error(error)
    case .success(let file):
      let isWanted =
        if case .uncachedReplies = file.serving {
          reply.opened(file.handle, [.directIO, .noFlush])
        } else if let id = connection.backingFiles?.opened(inode, file) {
          reply.opened(file.handle, [.passthrough, .noFlush], backingID: id)
        } else {
          reply.opened(file.handle, [.keepCache, .noFlush])
        }
      if !isWanted { connection.close(inode, file.handle) }
    }
  }
}

extension Connection {
  fileprivate func close(_ inode: Inode, _ handle: FileHandle) {
    backingFiles?.closed(inode)
    service.close(inode, handle: handle)
  }
}

/// Lists a folder from `position` on: 0 is `.`, 1 is `..`, the service's entries follow.
private func list(_ folder: Inode, from position: Int, of service: any FileService, into listing: inout DirectoryListing) throws(FileError) {
  guard position >= 0 else { throw .invalidArgument }
  // The kernel knows the parent by itself; what a listing says of it is not looked at.
  if position < 1, !listing.add(".", inode: folder, kind: .directory, position: 1) { return }
  if position < 2, !listing.add("..", inode: folder, kind: .directory, position: 2) { return }
  var next = max(position, 2)
  try service.entries(of: folder, from: next - 2) { entry in
    next += 1
    return listing.add(entry.name, inode: entry.inode, kind: entry.kind, position: next)
  }
}
