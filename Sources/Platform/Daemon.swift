// Going into the background: the program starts itself again, away from the terminal.
//
// A process with threads cannot fork and go on, so nothing is forked: the second process begins anew, with the same arguments, and its standard
// error is a pipe to the first until it is ready. What it writes there, be it a refusal or the message of a crash, the first process passes on.

public import Glibc

public enum Daemon {
  /// Marks the environment of the second process.
  private static let mark = "EPOCHFS_BACKGROUND"
  /// What the second process writes when it is ready: no text has it.
  private static let readyByte: UInt8 = 0

  /// Starts this program again in the background, and returns when it has called `reportReady`.
  ///
  /// - Parameters:
  ///   - arguments: with the program's name first, as in `CommandLine.arguments`.
  ///   - passOn: gets what the second process writes to standard error until then.
  /// - Returns: the daemon's process identifier.
  /// - Throws: `DaemonError` when it cannot be started or ends before it is ready.
  @discardableResult
  public static func start(
    executable: String = "/proc/self/exe", arguments: [String] = CommandLine.arguments, passOn: ([UInt8]) -> Void = { writeToStandardError($0) }
  ) throws(DaemonError) -> pid_t {
    var ends: [Int32] = [-1, -1]
    // Sound: pipe(2) fills the two.
    guard unsafe pipe(&ends) == 0 else { throw .notStarted(code: errno) }
    // Where the caller has closed its standard descriptors the pipe may have got their numbers, which the second process gives to others.
    for (index, end) in ends.enumerated() {
      ends[index] = fcntl(end, F_DUPFD_CLOEXEC, 3)
      close(end)
    }
    let (reading, writing) = (ends[0], ends[1])
    guard reading >= 0, writing >= 0 else { throw .notStarted(code: errno) }
    defer { close(reading) }
    let started = Result { () throws(DaemonError) in try spawn(executable, arguments, standardError: writing) }
    close(writing)
    let process = try started.get()

    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      // Sound: read(2) writes into the array it is given, up to its size.
      let count = unsafe read(reading, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      let ready = piece[..<count].firstIndex(of: readyByte)
      let text = Array(piece[..<(ready ?? count)])
      if !text.isEmpty { passOn(text) }
      if ready != nil { return process }
    }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
    // WTERMSIG and WEXITSTATUS, which are macros.
    throw status & 0x7f == 0 ? .ended(status: (status >> 8) & 0xff) : .killed(signal: status & 0x7f)
  }

  /// True in the process that `start` began, which is then a session of its own, without any file of the caller. To be called first of all.
  public static func enter() -> Bool {
    guard unsafe getenv(mark) != nil else { return false }
    unsafe _ = unsetenv(mark)
    setsid()
    // It was started as /proc/self/exe, which would be its name for ps and pgrep.
    Thread.nameCurrent("epochfs")
    for descriptor in openDescriptors() where descriptor > 2 { close(descriptor) }
    Signals.ignoreBrokenPipes()
    return true
  }

  /// Lets the first process return, and leaves its standard error and its working folder, whose file system could not be unmounted otherwise. False when it is not there any more.
  ///
  /// Whatever is relative to that folder has to be made absolute before.
  @discardableResult
  public static func reportReady() -> Bool {
    // Before the caller hears of it: it may unmount at once. That `/` cannot be entered happens to nobody who could start the program.
    unsafe _ = chdir("/")
    var byte = readyByte
    // Sound: writes one byte of one byte.
    let isHeard = unsafe write(2, &byte, 1) == 1
    let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    if null >= 0 {
      dup2(null, 2)
      if null > 2 { close(null) }
    }
    return isHeard
  }

  private static func spawn(_ executable: String, _ arguments: [String], standardError: Int32) throws(DaemonError) -> pid_t {
    // Sound: the C copies live until the spawn has returned, and both lists end with nil.
    var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { (word: String) in unsafe strdup(word) } + [nil]
    defer { _ = unsafe words.map { unsafe free($0) } }
    let ours = unsafe strdup(mark + "=1")
    defer { unsafe free(ours) }
    var environment: [UnsafeMutablePointer<CChar>?] = unsafe []
    var next = unsafe environ
    while let variable = unsafe next.pointee {
      unsafe environment.append(variable)
      unsafe next += 1
    }
    unsafe environment += [ours, nil]

    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, standardError, 2)
    // Whatever this thread blocks, a daemon must hear its signals.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    var process: pid_t = 0
    let code = unsafe posix_spawn(&process, executable, &actions, &attributes, &words, &environment)
    guard code == 0 else { throw .notStarted(code: code) }
    return process
  }

  private static func openDescriptors() -> [Int32] {
    guard let directory = unsafe opendir("/proc/self/fd") else { return [] }
    // Sound: the directory is open until the end of this function, and an entry is copied before the next one is asked for.
    defer { unsafe _ = closedir(directory) }
    let own = unsafe dirfd(directory)
    var descriptors: [Int32] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if let descriptor = Int32(name), descriptor != own { descriptors.append(descriptor) }
    }
    return descriptors
  }

  /// Writes bytes to standard error, as they are.
  public static func writeToStandardError(_ bytes: [UInt8]) {
    // Sound: write(2) reads the array it is given.
    unsafe _ = write(2, bytes, bytes.count)
  }
}

/// Why there is no daemon.
public enum DaemonError: Error, Equatable, CustomStringConvertible {
  case notStarted(code: Int32)
  /// It ended before it was ready, and has said why.
  case ended(status: Int32)
  case killed(signal: Int32)

  public var description: String {
    switch self {
    case .notStarted(let code): "the background process could not be started: \(SystemError.text(code))"
    case .ended(let status): "the background process ended with status \(status) before the mount answered"
    case .killed(let signal): "the background process was killed by signal \(signal) before the mount answered"
    }
  }
}
