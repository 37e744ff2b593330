// A real mount for the length of a test, and other processes that look at it.

import Glibc
import Logging

@testable import FuseSession

/// Mounts a `PatternService` on a new folder, runs `body`, unmounts, and leaves nothing behind whatever happened.
func withMount<Result>(_ options: MountOptions = MountOptions(gracePeriod: 0.2), _ body: (TestMount) throws -> Result) throws -> Result {
  let mount = try TestMount(options)
  defer { mount.remove() }
  return try body(mount)
}

struct TestMount {
  let path: String
  let service = PatternService()
  let session: FuseSession

  init(_ options: MountOptions) throws {
    path = try temporaryFolder()
    session = try FuseSession(mountpoint: path, options: options, service: service, logger: quiet)
    try session.start()
  }

  func remove() {
    session.stop()
    service.letGo()
    session.waitUntilUnmounted()
    unsafe _ = rmdir(path)
  }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

struct SystemError: Error {
  let code: Int32
}

func temporaryFolder() throws -> String {
  var template = Array("/tmp/epochfs-test-XXXXXX".utf8CString)
  guard let made = unsafe mkdtemp(&template) else { throw SystemError(code: errno) }
  return unsafe String(cString: made)
}

/// Runs a shell command in a process of its own: a thread of this one that waits for the kernel could be one that the mount needs.
@discardableResult
func shell(_ command: String) -> (status: Int32, output: String) { run("/bin/sh", ["-c", command], outputLimit: 64 << 20) }

/// The errno name that a Python expression fails with, or "none".
func failure(of expression: String) -> String {
  shell(
    """
    python3 - <<'END'
    import errno, os
    try:
        \(expression)
        print("none")
    except OSError as error:
        print(errno.errorcode[error.errno])
    END
    """
  ).output.split(separator: "\n").last.map(String.init) ?? "?"
}
