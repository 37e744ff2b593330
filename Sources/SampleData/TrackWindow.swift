// One sample: the reports of a vessel, rounded as AIS transmits them.

/// A window of consecutive reports, each of `channels`, as the float32 that a shard stores.
public enum TrackWindow {
  public static let positionCount = 928
  /// Degrees north, degrees east, knots, degrees clockwise from north, seconds since the report before.
  public static let channels = ["lat", "lon", "sog", "cog", "dt_seconds"]
  public static let byteCount = positionCount * channels.count * 4

  /// Window `sample` of the data set that `seed` stands for: little-endian float32, position by position.
  public static func bytes(sample: Int, seed: UInt64) -> [UInt8] {
    var random = SplitMix64(seed: seed, stream: sample)
    var vessel = Vessel(&random)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    // Some vessels are seen from their first report, which has none before it.
    let isFirst = random.happens(1 / 16)
    for position in 0..<positionCount {
      let seconds = position == 0 && isFirst ? 0 : interval(vessel, &random)
      vessel.advance(seconds: seconds, &random)
      append(report(vessel, seconds: seconds, &random), to: &bytes)
    }
    return bytes
  }

  /// Seconds to the next report received: 10 as a rule, three minutes at the berth, and gaps of up to four hours where no antenna hears the vessel.
  private static func interval(_ vessel: Vessel, _ random: inout SplitMix64) -> Int {
    if random.happens(0.01) {
      // Each doubling is as likely as the next, so short gaps are common and long ones are not rare.
      let shortest = 60 << random.integer(below: 8)
      return min(shortest + random.integer(below: shortest), longestGap)
    }
    let usual = vessel.isMoored ? mooredIntervals : sailingIntervals
    return usual[random.integer(below: usual.count)]
  }

  private static let sailingIntervals = [10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 9, 11, 12, 20, 30, 60]
  private static let mooredIntervals = [180, 180, 180, 180, 179, 181, 190, 360]
  private static let longestGap = 14_400

  /// What the receiver writes down: satellite positions err by a metre or two, and a vessel at the berth has no course worth the name.
  private static func report(_ vessel: Vessel, seconds: Int, _ random: inout SplitMix64) -> [Double] {
    let courseError = vessel.isMoored ? 60.0 : 0.4
    let latitude = vessel.latitude + 1.2e-5 * random.bell()
    let longitude = vessel.longitude + 1.2e-5 * random.bell()
    let speed = max(vessel.speed + 0.05 * random.bell(), 0)
    let course = Bearing.wrapped(vessel.course + courseError * random.bell())
    let courseTenths = (course * 10).rounded()
    return [
      (latitude * 1e5).rounded() / 1e5,
      (min(max(longitude, -180), 180) * 1e5).rounded() / 1e5,
      (speed * 10).rounded() / 10,
      (courseTenths == 3600 ? 0 : courseTenths) / 10,
      Double(seconds),
    ]
  }

  private static func append(_ values: [Double], to bytes: inout [UInt8]) {
    for value in values {
      let bits = Float(value).bitPattern
      for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }
  }
}
