// How much memory this machine, or the control group the program runs in, may use.

import Glibc

public enum MachineMemory {
  /// Physical memory in bytes.
  public static var physicalByteCount: Int { Int(sysconf(Int32(_SC_PHYS_PAGES))) * Page.byteCount }

  /// The tightest limit of the program's control group and of all those above it, as it is now; nil where there is none. Version 2 and 1.
  public static var groupByteCount: Int? { groupByteCount(membership: "/proc/self/cgroup", root: "/sys/fs/cgroup") }

  /// - Parameters:
  ///   - membership: a file as /proc/self/cgroup (cgroups(7)): lines of hierarchy number, controllers and the path of the group, which for version 2 are `0::PATH`.
  ///   - root: where the hierarchies are mounted: version 2 itself, or those of version 1 below it, the one of `memory` under that name.
  static func groupByteCount(membership: String, root: String) -> Int? {
    guard let own = try? InputFile.text(of: membership) else { return nil }
    var limits: [Int] = []
    for line in own.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      if parts[0] == "0" && parts[1].isEmpty {
        self.limits(under: root, group: parts[2], file: "memory.max", into: &limits)
      } else if parts[1].split(separator: ",").contains("memory") {
        self.limits(under: root + "/memory", group: parts[2], file: "memory.limit_in_bytes", into: &limits)
      }
    }
    return limits.min()
  }

  /// A quarter of the memory or of the group's limit, whichever is less.
  public static var automaticCapByteCount: Int { min(physicalByteCount, groupByteCount ?? .max) / 4 }

  /// What the group and each one above it may use. In a container the path may be that of the host: what is not there has no say.
  private static func limits(under root: String, group: Substring, file: String, into limits: inout [Int]) {
    // A group outside of the namespace's own begins with `..`; what lies there cannot be seen.
    var names = group.split(separator: "/").filter { $0 != ".." && $0 != "." }
    while true {
      // `max` is no number. Version 1 says so with one that no machine has, which `automaticCapByteCount` is above.
      let path = ([Substring(root)] + names + [Substring(file)]).joined(separator: "/")
      if let text = try? InputFile.text(of: path), let word = text.split(whereSeparator: \.isWhitespace).first, let limit = Int(word) { limits.append(limit) }
      if names.popLast() == nil { return }
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
