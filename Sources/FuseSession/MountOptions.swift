// What a mount may be asked for by `-o` and the configuration.

/// The options of a mount. `ro`, `nosuid` and `nodev` are always on and cannot be taken away.
public struct MountOptions: Sendable, Equatable {
  /// Other users than the mounting one may read. A user needs `user_allow_other` in /etc/fuse.conf for it.
  public var allowOther: Bool
  /// Batches may be handed to the kernel as backing files, where it takes them.
  public var passthrough: Bool
  /// Threads that take requests from the kernel; they only hand over, so a few are enough. 1 to 64.
  public var threadCount: Int
  /// How long readers that have files open may finish after the mount was detached by a signal, in seconds.
  public var gracePeriod: Double
  /// What lists of mounts show as the source: the mount's name, or `fsname=` of `-o`. The file system's type, by which `epochfs unmount` knows its mounts, is fixed.
  private(set) var sourceName: String
  /// Those of `passedOn` that were given.
  private(set) var others: [String] = []

  /// - Parameter sourceName: a comma or a backslash in it is shown as `_`, since they mean something among options.
  public init(sourceName: String = "epochfs", allowOther: Bool = false, passthrough: Bool = true, threadCount: Int = 8, gracePeriod: Double = 5) {
    self.sourceName = String(sourceName.map { $0 == "," || $0 == "\\" ? "_" : $0 })
    self.allowOther = allowOther
    self.passthrough = passthrough
    self.threadCount = min(64, max(1, threadCount))
    self.gracePeriod = max(0, gracePeriod)
  }

  /// Adds the comma-separated words of one `-o`.
  ///
  /// - Throws: `.optionRefused` for what would make the mount writable or unsafe, or what the program sets itself.
  public mutating func add(_ text: String) throws(FuseSessionError) {
    for word in text.split(separator: ",", omittingEmptySubsequences: true).map(String.init) {
      let name = String(word.prefix { $0 != "=" })
      switch name {
      case "allow_other": allowOther = true
      case "ro", "nosuid", "nodev", "default_permissions": break
      // Of mount(8), for any file system; libfuse does not know them, and none changes what this one does.
      case "diratime", "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime", "lazytime", "nolazytime", "silent", "loud", "iversion",
        "noiversion", "mand", "nomand":
        break
      case "rw": throw .optionRefused(word, reason: "the file system is read-only")
      case "suid", "dev": throw .optionRefused(word, reason: "its files are data, never programs or devices")
      case "fsname" where word.count > "fsname=".count && !word.contains("\\"): sourceName = String(word.dropFirst("fsname=".count))
      case "fsname": throw .optionRefused(word, reason: "it is fsname=NAME, what lists of mounts show; a backslash cannot be in it")
      case "subtype": throw .optionRefused(word, reason: "`epochfs unmount` finds its mounts by it")
      case "auto_unmount": throw .optionRefused(word, reason: "a dead mount is cleaned by the next mount; under systemd use ExecStopPost=epochfs unmount")
      case "fd", "rootmode", "user_id", "group_id", "max_read", "blksize": throw .optionRefused(word, reason: "it is set by the program")
      case _ where word.hasPrefix("uid=") || word.hasPrefix("gid="):
        throw .optionRefused(word, reason: "the configuration says whose its files are: \(name): \(word.dropFirst(name.count + 1)), or --set \(word)")
      case _ where Self.passedOn.contains(word): others.append(word)
      default:
        throw .optionRefused(word, reason: "it is not known; allowed: allow_other, fsname=NAME, \(Self.passedOn.joined(separator: ", "))")
      }
    }
  }

  /// What libfuse takes and changes nothing that is promised.
  private static let passedOn = ["noatime", "noexec", "sync", "dirsync", "atime", "exec", "async", "allow_root"]

  /// Whether the administrator lets users give `allow_other`.
  static func othersMayBeAllowed(_ path: String = "/etc/fuse.conf") -> Bool {
    (contentsOfSmallFile(path) ?? []).split(separator: UInt8(ascii: "\n")).contains { line in
      String(decoding: line, as: UTF8.self).filter { !$0.isWhitespace } == "user_allow_other"
    }
  }

  /// The value of the `-o` that libfuse is given.
  var argument: String {
    var words = ["ro", "nosuid", "nodev", "default_permissions", "fsname=\(sourceName)", "subtype=epochfs"]
    if allowOther { words.append("allow_other") }
    return (words + others).joined(separator: ",")
  }
}
