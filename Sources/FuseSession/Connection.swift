// What the callbacks of libfuse reach: its session, the service, the backing files.

internal import CFuse
internal import FileTree
internal import Glibc
internal import Platform
internal import Synchronization

/// libfuse's session with what its callbacks need. It lives while the mount is served or a request is unanswered: whoever answers holds it.
@safe
final class Connection: @unchecked Sendable {
  let service: any FileService
  let negotiation = Negotiation()
  let isStopping = Atomic(false)
  let interruptions = InterruptWatch()
  // Sound: the three below are set while only the mounting thread knows this object, and then only read.
  private(set) var session: OpaquePointer?
  private(set) var device: Int32 = -1
  private(set) var backingFiles: BackingFiles?

  /// Makes libfuse's session, not mounted yet.
  init(service: any FileService, options: MountOptions) throws(FuseSessionError) {
    self.service = service
    var operations = readingOperations()
    refuseWriting(&operations)
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe ["epochfs", "-o", options.argument].map { (word: String) in unsafe strdup(word) }
    defer { _ = unsafe arguments.map { unsafe free($0) } }
    // Sound: libfuse copies arguments and operations before it returns. It keeps the address of this object, which destroys the session in `deinit`.
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    let session = unsafe arguments.withUnsafeMutableBufferPointer { buffer in
      var list = unsafe fuse_args(argc: Int32(buffer.count), argv: buffer.baseAddress, allocated: 0)
      defer { unsafe fuse_opt_free_args(&list) }
      return unsafe fuse_session_new(&list, &operations, MemoryLayout<fuse_lowlevel_ops>.size, context)
    }
    guard let session = unsafe session else { throw .optionRefused(options.others.joined(separator: ","), reason: "this libfuse does not know it") }
    unsafe self.session = unsafe session
  }

  deinit {
    // Sound: nobody answers any more, and the threads of the session have ended or it never had any. Closes the device.
    if let session = unsafe session { unsafe fuse_session_destroy(session) }
  }

  /// Mounts and answers the kernel's INIT, so that afterwards it is known what the kernel can do. Nothing else is answered yet.
  func mount(at path: String, wantsPassthrough: Bool) throws(FuseSessionError) {
    guard unsafe fuse_session_mount(session, path) == 0 else { throw .mountFailed(path, detail: LibraryMessages.latest() ?? SystemError.text(errno)) }
    device = unsafe fuse_session_fd(session)
    negotiation.wantsPassthrough = wantsPassthrough
    unsafe negotiation.hook(session, device)
    guard serveOne() else {
      let detail = LibraryMessages.latest() ?? "the kernel's first request did not come"
      try? detach(path, lazily: true)
      throw .mountFailed(path, detail: detail)
    }
    if negotiation.kernelAgreed { backingFiles = BackingFiles(device: device) }
  }

  private func serveOne() -> Bool {
    var requests = RequestBuffer()
    return requests.serveNext(of: self) == .served
  }

  /// Answers requests until the mount is gone or `isStopping`.
  func serve() {
    var requests = RequestBuffer()
    while true {
      switch requests.serveNext(of: self) {
      case .served: continue
      case .interrupted: if isStopping.load(ordering: .acquiring) { return }
      case .ended: return
      }
    }
  }

  /// The connection that a request belongs to.
  @unsafe static func of(_ request: fuse_req_t) -> Connection {
    // Sound: the context is the Connection that made the session, and it outlives the session's callbacks.
    unsafe Unmanaged<Connection>.fromOpaque(fuse_req_userdata(request).unsafelyUnwrapped).takeUnretainedValue()
  }
}

/// The memory one thread takes requests into.
@safe
private struct RequestBuffer: ~Copyable {
  enum Outcome { case served, interrupted, ended }
  private var buffer = unsafe fuse_buf()

  // Sound: libfuse allocates the memory with malloc at the first request and it is this value's own.
  deinit { unsafe free(buffer.mem) }

  mutating func serveNext(of connection: Connection) -> Outcome {
    // Sound: the session lives as long as `connection`, and a buffer is used by one thread.
    let status = unsafe fuse_session_receive_buf(connection.session, &buffer)
    if status == -EINTR || status == -EAGAIN { return .interrupted }
    guard status > 0 else { return .ended }
    unsafe fuse_session_process_buf(connection.session, &buffer)
    return .served
  }
}
