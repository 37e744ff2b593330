// Time that only goes forward.

import Glibc

public enum MonotonicClock {
  /// Nanoseconds since some moment before the program's start.
  public static var nanoseconds: UInt64 {
    var time = timespec()
    unsafe _ = clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
