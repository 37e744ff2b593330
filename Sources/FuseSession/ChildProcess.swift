// Running a helper program such as fusermount3.

internal import Glibc
internal import Platform

/// Runs a program found in PATH and waits for it.
///
/// Answers its exit status (127 when it could not be started) and what it wrote to standard output and standard error, at most `outputLimit` bytes of it.
func run(_ program: String, _ arguments: [String], outputLimit: Int = 4096) -> (status: Int32, output: String) {
  var ends: [Int32] = [-1, -1]
  // Sound: pipe(2) fills the two.
  guard unsafe pipe(&ends) == 0 else { return (127, SystemError.text(errno)) }
  defer { close(ends[0]) }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  // Sound: the C copies live until the spawn has returned.
  var words: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map { (word: String) in unsafe strdup(word) } + [nil]
  defer { _ = unsafe words.map { unsafe free($0) } }
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
  unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
  unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
  // The calling thread may block signals, and a program that waits for SIGCHLD by them would hang.
  var attributes = posix_spawnattr_t()
  unsafe posix_spawnattr_init(&attributes)
  defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
  var none = sigset_t()
  unsafe sigemptyset(&none)
  unsafe posix_spawnattr_setsigmask(&attributes, &none)
  unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
  var process: pid_t = 0
  let code = unsafe posix_spawnp(&process, program, &actions, &attributes, &words, environ)
  close(ends[1])
  guard code == 0 else { return (127, "\(program): \(SystemError.text(code))") }
  var output: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = unsafe read(ends[0], &piece, piece.count)
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { break }
    output += piece[..<min(count, max(0, outputLimit - output.count))]
  }
  var status: Int32 = 0
  while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
  // WIFEXITED and WEXITSTATUS, which are macros.
  return (status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f), String(decoding: output, as: UTF8.self))
}
