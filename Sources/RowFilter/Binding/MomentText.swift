// Texts that stand for moments and lengths of time.

internal import NumPyFormat

/// Reads `2024-01-31`, `2024-01-31 08:15`, `2024-01-31T08:15:30.123456789Z`, `...+02:00`, and `08:15:30.5`. Without a zone it is UTC.
enum MomentText {
  /// Nanoseconds since 1970-01-01 00:00 UTC; nil where the text is no moment.
  static func nanoseconds(moment text: String) -> Int128? {
    var rest = Substring(text)
    guard let year = number(&rest, digits: 4), take("-", &rest), let month = number(&rest, digits: 2), take("-", &rest), let day = number(&rest, digits: 2),
      (1...12).contains(month), (1...dayCount(year, month)).contains(day)
    else { return nil }
    let date = Int128(days(year, month, day)) * 86_400_000_000_000
    if rest.isEmpty { return date }
    guard take("T", &rest) || take("t", &rest) || take(" ", &rest), let time = clock(&rest), let zone = zone(&rest), rest.isEmpty else { return nil }
    return date + time - zone
  }

  /// Nanoseconds of `08:15:30.5`; nil where the text is none.
  static func nanoseconds(length text: String) -> Int128? {
    var rest = Substring(text)
    guard let time = clock(&rest), rest.isEmpty else { return nil }
    return time
  }

  static func nanoseconds(of unit: TimeUnit) -> Int128 {
    switch unit {
    case .days: 86_400_000_000_000
    case .seconds: 1_000_000_000
    case .milliseconds: 1_000_000
    case .microseconds: 1000
    case .nanoseconds: 1
    }
  }

  private static func clock(_ rest: inout Substring) -> Int128? {
    guard let hour = number(&rest, digits: 2), hour < 24, take(":", &rest), let minute = number(&rest, digits: 2), minute < 60 else { return nil }
    var total = Int128(hour * 3600 + minute * 60) * 1_000_000_000
    guard take(":", &rest) else { return total }
    guard let second = number(&rest, digits: 2), second < 60 else { return nil }
    total += Int128(second) * 1_000_000_000
    guard take(".", &rest) else { return total }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard (1...9).contains(digits.count), let fraction = Int(digits) else { return nil }
    rest = rest.dropFirst(digits.count)
    return total + Int128(fraction) * (0..<(9 - digits.count)).reduce(1) { product, _ in product * 10 }
  }

  /// Nanoseconds east of UTC.
  private static func zone(_ rest: inout Substring) -> Int128? {
    if rest.isEmpty || take("Z", &rest) || take("z", &rest) { return 0 }
    let isWest = rest.first == "-"
    guard take("+", &rest) || take("-", &rest), let hours = number(&rest, digits: 2), hours < 24 else { return nil }
    _ = take(":", &rest)
    guard let minutes = number(&rest, digits: 2), minutes < 60 else { return nil }
    return Int128((hours * 60 + minutes) * (isWest ? -60 : 60)) * 1_000_000_000
  }

  private static func number(_ rest: inout Substring, digits: Int) -> Int? {
    let text = rest.prefix(digits)
    guard text.count == digits, text.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(text) else { return nil }
    rest = rest.dropFirst(digits)
    return value
  }

  private static func take(_ character: Character, _ rest: inout Substring) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  private static func dayCount(_ year: Int, _ month: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Days from 1970-01-01, in the proleptic Gregorian calendar (Howard Hinnant's days_from_civil).
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
