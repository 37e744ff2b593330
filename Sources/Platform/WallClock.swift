// The time of day, for people.

import Glibc

public enum WallClock {
  /// Now, as RFC 3339 has it, in UTC, with milliseconds.
  public static var text: String {
    var now = timespec()
    unsafe _ = clock_gettime(CLOCK_REALTIME, &now)
    var parts = unsafe tm()  // Sound: plain numbers; the pointer to the zone's name is not looked at.
    unsafe _ = gmtime_r(&now.tv_sec, &parts)
    func digits(_ number: Int, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
    let date = unsafe "\(1900 + Int(parts.tm_year))-\(digits(Int(parts.tm_mon) + 1, 2))-\(digits(Int(parts.tm_mday), 2))"
    let time = unsafe "\(digits(Int(parts.tm_hour), 2)):\(digits(Int(parts.tm_min), 2)):\(digits(Int(parts.tm_sec), 2))"
    return "\(date)T\(time).\(digits(now.tv_nsec / 1_000_000, 3))Z"
  }
}
