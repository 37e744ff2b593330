// How many files the process may have open: every batch that is handed to the kernel is one.

import Glibc

public enum DescriptorLimit {
  /// How many descriptors memory files may take: all but some for shards, the mount and the log. Known from its first use on.
  static let forMemoryFiles: Int = {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
    let count = Int(clamping: limit.rlim_cur)
    return count - min(count, max(64, min(2048, count / 4)))
  }()

  /// Raises the soft limit to the hard one.
  public static func raise() {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
