// The parts of FUSE's INIT that libfuse 3.14 does not speak: passthrough, and look-ups in one folder side by side.
//
// libfuse refuses flags it does not know, and keeps FUSE_PARALLEL_DIROPS to itself even where it is asked for: its answer to INIT is completed on its way to the
// kernel, in the hook that libfuse offers for one's own input and output. Where libfuse knows passthrough (3.17) this file may go.

internal import CFuse
internal import Glibc
internal import Synchronization

/// Watches the first request and completes its answer.
@safe
final class Negotiation: Sendable {
  private let passthroughWanted = Atomic(false)
  /// The number of the INIT request while its answer is outstanding; else 0, which no request has.
  private let number = Atomic<UInt64>(0)
  /// The flags and further flags that the kernel offers in it.
  private let offers = Atomic<UInt64>(0)
  private let isAnswered = Atomic(false)
  private let agreed = Atomic(false)

  var wantsPassthrough: Bool {
    get { passthroughWanted.load(ordering: .relaxed) }
    set { passthroughWanted.store(newValue, ordering: .relaxed) }
  }
  /// The kernel offers passthrough and was told that it is wanted.
  var kernelAgreed: Bool { agreed.load(ordering: .acquiring) }

  /// Puts the hooks into a mounted session.
  @unsafe func hook(_ session: OpaquePointer?, _ device: Int32) {
    var hooks = fuse_custom_io()
    unsafe hooks.read = { device, memory, byteCount, context in
      let received = unsafe read(device, memory, byteCount)
      if received > 0, let memory = unsafe memory, let context = unsafe context {
        // Sound: read(2) has filled `received` bytes, and the context is the session's Connection.
        let request = unsafe RawSpan(_unsafeStart: memory, byteCount: received)
        unsafe Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().negotiation.sawRequest(request)
      }
      return received
    }
    unsafe hooks.writev = { device, parts, count, context in
      if let parts = unsafe parts, let context = unsafe context, count == 2 {
        // Sound: libfuse passes `count` parts; the memory of the second one is its own structure, which it does not look at again.
        unsafe Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().negotiation.completeAnswer(parts[0], parts[1])
      }
      return unsafe writev(device, parts, count)
    }
    unsafe _ = fuse_session_custom_io(session, &hooks, device)
  }

  private func sawRequest(_ request: RawSpan) {
    // struct fuse_in_header {len, opcode: u32, unique: u64, ...} (40 bytes), then struct fuse_init_in {major, minor, max_readahead, flags, flags2}.
    guard !isAnswered.load(ordering: .relaxed), request.byteCount >= 60 else { return }
    // Sound: integers, at offsets inside the 60 bytes that were checked.
    let opcode = unsafe request.unsafeLoad(fromByteOffset: 4, as: UInt32.self)
    guard opcode == initOpcode else { return }
    let flags = unsafe request.unsafeLoad(fromByteOffset: 52, as: UInt32.self)
    let flags2 = unsafe request.unsafeLoad(fromByteOffset: 56, as: UInt32.self)
    offers.store(UInt64(flags) | UInt64(flags & initExtended != 0 ? flags2 : 0) << 32, ordering: .relaxed)
    number.store(unsafe request.unsafeLoad(fromByteOffset: 8, as: UInt64.self), ordering: .relaxed)
  }

  @unsafe private func completeAnswer(_ header: iovec, _ answer: iovec) {
    let number = number.load(ordering: .relaxed)
    guard number != 0, unsafe header.iov_len >= 16, let head = unsafe header.iov_base, unsafe head.loadUnaligned(fromByteOffset: 8, as: UInt64.self) == number
    else { return }
    self.number.store(0, ordering: .relaxed)
    isAnswered.store(true, ordering: .relaxed)
    // struct fuse_init_out: flags at 12, flags2 at 32, max_stack_depth at 36 (in older headers the first unused word), 64 bytes in all.
    guard unsafe answer.iov_len >= 64, let body = unsafe answer.iov_base, unsafe head.loadUnaligned(fromByteOffset: 4, as: Int32.self) == 0 else { return }
    let offers = offers.load(ordering: .relaxed)
    var flags = unsafe body.loadUnaligned(fromByteOffset: 12, as: UInt32.self) | UInt32(truncatingIfNeeded: offers) & parallelDirectoryOperations
    if wantsPassthrough, UInt32(truncatingIfNeeded: offers >> 32) & passthrough != 0 {
      flags |= initExtended
      unsafe body.storeBytes(of: body.loadUnaligned(fromByteOffset: 32, as: UInt32.self) | passthrough, toByteOffset: 32, as: UInt32.self)
      // The backing files are memory files, not files of a stacked file system: one level.
      unsafe body.storeBytes(of: 1, toByteOffset: 36, as: UInt32.self)
      agreed.store(true, ordering: .releasing)
    }
    unsafe body.storeBytes(of: flags, toByteOffset: 12, as: UInt32.self)
  }
}

/// FUSE_INIT.
private let initOpcode: UInt32 = 26
/// FUSE_INIT_EXT: there are further flags in flags2.
private let initExtended: UInt32 = 1 << 30
/// FUSE_PARALLEL_DIROPS: look-ups and listings of one folder go side by side. Without it each waits for the one before, where not even SIGKILL ends it, and one that
/// finds a size by decoding takes its time.
private let parallelDirectoryOperations: UInt32 = 1 << 18
/// FUSE_PASSTHROUGH (bit 37) in flags2.
private let passthrough: UInt32 = 1 << 5
