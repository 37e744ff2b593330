// How far the kernel reads ahead on a mount.

internal import Glibc
internal import Logging
internal import Platform

/// Raises the read-ahead of the file system on `device` ("MAJOR:MINOR") from 128 KiB to what one request can carry, where it may be written (by root).
///
/// INIT can only lower it. Without this a large read comes in eight times as many requests.
func raiseReadAhead(of device: String, _ logger: Logger) {
  let path = "/sys/class/bdi/\(device)/read_ahead_kb"
  let file = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC)
  guard file >= 0 else { return logger.debug("read-ahead stays as it is: \(SystemError.text(errno))", metadata: ["path": "\(path)"]) }
  defer { close(file) }
  let text = Array("1024\n".utf8)
  // Sound: write(2) reads the array it is given.
  if unsafe write(file, text, text.count) != text.count { logger.debug("read-ahead stays as it is: \(SystemError.text(errno))", metadata: ["path": "\(path)"]) }
}
