// Moments as ISO 8601 spells them.

extension TimeUnit {
  /// `2020-01-31`, and for units below days `2020-01-31T12:00:00.000000` with all digits of the unit, without a time zone, in the proleptic Gregorian calendar: as NumPy shows
  /// moments, but for the years -1 to -999. The least integer is `NaT`.
  public func text(ofMoment count: Int64) -> String {
    if count == .min { return "NaT" }
    let (perSecond, digits): (Int64, Int) =
      switch self {
      case .days, .seconds: (1, 0)
      case .milliseconds: (1000, 3)
      case .microseconds: (1_000_000, 6)
      case .nanoseconds: (1_000_000_000, 9)
      }
    let perDay = self == .days ? 1 : 86_400 * perSecond
    var (day, rest) = count.quotientAndRemainder(dividingBy: perDay)
    if rest < 0 { (day, rest) = (day - 1, rest + perDay) }
    let date = Self.date(ofDay: day)
    guard self != .days else { return date }
    let (seconds, fraction) = rest.quotientAndRemainder(dividingBy: perSecond)
    let time = "\(Self.padded(seconds / 3600, 2)):\(Self.padded(seconds / 60 % 60, 2)):\(Self.padded(seconds % 60, 2))"
    return "\(date)T\(time)\(digits == 0 ? "" : ".\(Self.padded(fraction, digits))")"
  }

  /// The date of a day counted from 1970-01-01.
  private static func date(ofDay day: Int64) -> String {
    // Eras of 400 years of 146,097 days, each beginning on a first of March, so that leap days come last; 1970-01-01 is day 135,080 of the fifth. Numbers are small after the
    // first division, so that no day overflows.
    let cycle: Int64 = 146_097
    var (era, dayOfEra) = day.quotientAndRemainder(dividingBy: cycle)
    if dayOfEra < 0 { (era, dayOfEra) = (era - 1, dayOfEra + cycle) }
    dayOfEra += 135_080
    era += 4
    if dayOfEra >= cycle { (era, dayOfEra) = (era + 1, dayOfEra - cycle) }
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let date = dayOfYear - (153 * month + 2) / 5 + 1
    let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
    // ISO 8601 has at least four digits, whatever the sign; NumPy counts the sign among the four characters, and writes the years -1 to -999 with three digits.
    return "\(year < 0 ? "-\(padded(-year, 4))" : padded(year, 4))-\(padded(month < 10 ? month + 3 : month - 9, 2))-\(padded(date, 2))"
  }

  private static func padded(_ value: Int64, _ digits: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
