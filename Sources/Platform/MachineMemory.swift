// How much memory this machine, or the control group the program runs in, may use.

import Glibc

public enum MachineMemory {
  /// Physical memory in bytes.
  public static var physicalByteCount: Int { Int(sysconf(Int32(_SC_PHYS_PAGES))) * Page.byteCount }

  /// The tightest `memory.max` of the program's control group and those above it (cgroup v2), or the v1 limit; nil where there is none.
  public static var groupByteCount: Int? {
    guard let own = try? InputFile.text(of: "/proc/self/cgroup") else { return nil }
    var limits: [Int] = []
    for line in own.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      if parts[0] == "0" && parts[1].isEmpty {
        limits += tightest(under: "/sys/fs/cgroup", group: String(parts[2]), file: "memory.max")
      } else if parts[1].split(separator: ",").contains("memory") {
        limits += tightest(under: "/sys/fs/cgroup/memory", group: String(parts[2]), file: "memory.limit_in_bytes")
      }
    }
    return limits.min()
  }

  /// A quarter of the memory or of the group's limit, whichever is less.
  public static var automaticCapByteCount: Int { min(physicalByteCount, groupByteCount ?? .max) / 4 }

  private static func tightest(under root: String, group: String, file: String) -> [Int] {
    var components = group.split(separator: "/").map(String.init)
    var limits: [Int] = []
    while true {
      let path = ([root] + components + [file]).joined(separator: "/")
      if let text = try? InputFile.text(of: path), let limit = Int(text.split(whereSeparator: \.isWhitespace).first ?? "") { limits.append(limit) }
      if components.isEmpty { return limits }
      components.removeLast()
    }
  }
}

extension InputFile {
  /// A small file of /proc or /sys, whose size is not known before it is read.
  public static func text(of path: String) throws(SystemError) -> String {
    let file = try InputFile(opening: path)
    var bytes = [UInt8](repeating: 0, count: 65536)
    var span = bytes.mutableSpan
    var target = unsafe span.mutableBytes  // Sound: any byte is a valid UInt8.
    let count = try file.read(into: &target, from: 0)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
