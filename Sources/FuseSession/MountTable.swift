// What is mounted where, from the kernel's own list, which asks no daemon.

internal import Glibc
internal import Platform

/// One line of /proc/self/mountinfo.
struct MountedFileSystem: Equatable {
  /// The device of its files, "MAJOR:MINOR", which also names its read-ahead setting under /sys/class/bdi.
  let device: String
  let path: String
  /// "fuse.epochfs" for ours.
  let kind: String

  static let ourKind = "fuse.epochfs"
  var isOurs: Bool { kind == Self.ourKind }

  /// Everything mounted, in the order it was: of several at one path the last one is visible.
  static func all() -> [MountedFileSystem] {
    parse(contentsOfSmallFile("/proc/self/mountinfo") ?? [])
  }

  /// The visible one at exactly this absolute path.
  static func at(_ path: String) -> MountedFileSystem? { all().last { $0.path == path } }

  /// Lines: `36 35 98:0 /root /path options [optional fields] - type source options`, with octal escapes for spaces and the like.
  static func parse(_ bytes: [UInt8]) -> [MountedFileSystem] {
    bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let fields = line.split(separator: UInt8(ascii: " "))
      guard fields.count > 6, let dash = fields[6...].firstIndex(where: { $0.elementsEqual("-".utf8) }), dash + 1 < fields.count else { return nil }
      return MountedFileSystem(device: text(fields[2]), path: text(fields[4]), kind: text(fields[dash + 1]))
    }
  }

  private static func text(_ field: ArraySlice<UInt8>) -> String {
    var bytes: [UInt8] = []
    var rest = field
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) {
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The whole of a file of /proc, up to 16 MiB; nil where it cannot be read.
func contentsOfSmallFile(_ path: String) -> [UInt8]? {
  let file = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var contents: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 65536)
  while contents.count < 16 << 20 {
    // Sound: read(2) writes into the array it is given, up to its size.
    let count = unsafe Glibc.read(file, &piece, piece.count)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { return nil }
    if count == 0 { break }
    contents += piece[..<count]
  }
  return contents
}
