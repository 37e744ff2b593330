// One mount: made, served, taken away.

public import FileTree
internal import Glibc
public import Logging
internal import Platform
internal import Synchronization

/// A mounted file system that is served by a few threads of its own, which hand every request to a `FileService` and never wait for it.
///
/// `init` mounts and learns what the kernel can do; nothing is asked of the service before `start`.
public final class FuseSession: Sendable {
  private struct State {
    /// The threads that serve; those that have ended are gone from it.
    var threads: [Int: Thread] = [:]
    var isStopping = false
    var isForced = false
  }
  private let connection: Connection
  private let options: MountOptions
  private let logger: Logger
  private let state = Lock(State())
  private let threadEnded = Condition()
  /// Absolute, without symbolic links.
  public let mountpoint: String
  private let device: String?

  /// The mountpoint as the kernel's list of mounts has it: absolute, without symbolic links. It may be a dead mount.
  public static func resolved(_ mountpoint: String) throws(FuseSessionError) -> String { try Mountpoint.resolve(mountpoint) }

  /// Mounts at `mountpoint`, over the dead mount of a killed daemon where there is one.
  ///
  /// - Throws: `FuseSessionError`, with nothing left mounted.
  public init(mountpoint: String, options: MountOptions, service: any FileService, logger: Logger) throws(FuseSessionError) {
    LibraryMessages.send { logger.warning("libfuse: \($0)") }
    self.options = options
    self.logger = logger
    self.mountpoint = try Mountpoint(preparing: mountpoint).path
    try FuseDevice.check()
    connection = try Connection(service: service, options: options)
    do throws(FuseSessionError) { try connection.mount(at: self.mountpoint, wantsPassthrough: options.passthrough) } catch {
      guard case .mountFailed(let path, let detail) = error, options.allowOther, geteuid() != 0, !MountOptions.othersMayBeAllowed() else { throw error }
      throw .mountFailed(path, detail: "\(detail); a user may give allow_other only where /etc/fuse.conf has the line `user_allow_other`")
    }
    device = MountedFileSystem.at(self.mountpoint)?.device
    if let device { raiseReadAhead(of: device, logger) }
  }

  deinit {
    // Never started, or its threads were never waited for: nobody would answer.
    if isMounted { try? detach(mountpoint, lazily: true) }
  }

  /// Whether the kernel reads batches by itself. True only after it has taken a memory file as a trial.
  public var passthroughAvailable: Bool { connection.backingFiles != nil }

  /// Files that are open now through a backing file.
  public var backedFileCount: Int { connection.backingFiles?.counts.backed ?? 0 }

  /// Begins to answer. The mount answers every call from here on.
  public func start() throws(FuseSessionError) {
    for number in 0..<options.threadCount {
      let failure: ThreadError? = state.withLock { state in
        do throws(ThreadError) {
          state.threads[number] = try Thread { [connection, self] in
            connection.serve()
            ended(number)
          }
          return nil
        } catch { return error }
      }
      if let failure, number == 0 { throw .noThread(code: failure.code) }
    }
  }

  private func ended(_ number: Int) {
    state.withLock { _ = $0.threads.removeValue(forKey: number) }
    threadEnded.broadcast()
  }

  /// Waits until the mount is gone, whoever took it away, or `stop` has given up waiting for its readers.
  public func waitUntilUnmounted() {
    state.withLock(waitingOn: threadEnded) { state in state.threads.isEmpty ? .done(()) : .wait() }
    // The threads end without an unmount when the connection was aborted from outside: what is left there is dead.
    if isMounted { try? detach(mountpoint, lazily: true) }
  }

  /// Asks the mount for its totals, which the kernel never answers by itself, and waits for the answer. False when it is an error.
  public func answers() -> Bool {
    var totals = statvfs()
    // Sound: statvfs(3) fills the structure it is given.
    return unsafe statvfs(mountpoint, &totals) == 0
  }

  /// Takes the mount away, as a signal to the daemon should. Does not wait for it: `waitUntilUnmounted` does.
  ///
  /// While readers have files open it is detached from the tree at once, and they may finish for the grace period; a second call ends that.
  public func stop() {
    let isFirst = state.withLock { state in
      defer {
        state.isForced = state.isStopping
        state.isStopping = true
      }
      return !state.isStopping
    }
    guard isFirst else { return }
    do throws(ThreadError) { _ = try Thread { self.unmountAndEnd() } } catch { unmountAndEnd() }
  }

  private func unmountAndEnd() {
    do throws(FuseSessionError) {
      if isMounted { try detach(mountpoint, lazily: false) }
    } catch .busy(_, let holders) {
      logger.notice(
        "unmounted while in use; open files end in \(options.gracePeriod) s",
        metadata: ["mountpoint": "\(mountpoint)", "holders": "\(holders.joined(separator: ", "))"])
      do throws(FuseSessionError) { try detach(mountpoint, lazily: true) } catch { logger.error("\(error)") }
    } catch {
      logger.error("\(error)")
    }
    endThreads()
  }

  /// Waits for the threads to find the mount gone, and after the grace period interrupts them.
  private func endThreads() {
    let steps = Int((options.gracePeriod * 100).rounded(.up))
    for _ in 0..<steps {
      let isOver = state.withLock { $0.threads.isEmpty || $0.isForced }
      if isOver { break }
      usleep(10_000)
    }
    connection.isStopping.store(true, ordering: .releasing)
    // Again and again: a signal may come just before the thread goes into the read that it should interrupt.
    while state.withLock({ state in
      for thread in state.threads.values { thread.interrupt() }
      return !state.threads.isEmpty
    }) {
      usleep(1_000)
    }
  }

  private var isMounted: Bool {
    guard let device else { return false }
    return MountedFileSystem.at(mountpoint)?.device == device
  }
}
