// How the kinds of vessels differ.

/// The habits of one kind of vessel.
struct VesselType: Sendable {
  let name: String
  /// Out of a thousand vessels, so many are of this kind.
  let share: Int
  /// Knots at sea.
  let cruise: ClosedRange<Double>
  /// Degrees per second under full rudder.
  let rudder: Double
  /// The standard deviation, in degrees, of a leg's direction around the way out or home.
  let courseSpread: Double
  /// Seconds from one change of course to the next.
  let leg: ClosedRange<Double>
  /// Nautical miles from the port at which it turns for home.
  let range: Double
  /// Seconds at the berth between two voyages.
  let stay: ClosedRange<Double>

  static let all = [
    VesselType(name: "cargo", share: 300, cruise: 10...15, rudder: 0.3, courseSpread: 14, leg: 1200...9000, range: 2000, stay: 20_000...90_000),
    VesselType(name: "container", share: 150, cruise: 15...22, rudder: 0.25, courseSpread: 12, leg: 1800...12_000, range: 2000, stay: 15_000...60_000),
    VesselType(name: "tanker", share: 170, cruise: 9...14, rudder: 0.15, courseSpread: 12, leg: 1800...12_000, range: 2000, stay: 30_000...120_000),
    VesselType(name: "passenger", share: 80, cruise: 16...24, rudder: 0.5, courseSpread: 10, leg: 900...5400, range: 60, stay: 1200...7200),
    VesselType(name: "fast ferry", share: 40, cruise: 28...38, rudder: 1.2, courseSpread: 8, leg: 600...2400, range: 25, stay: 600...2400),
    VesselType(name: "fishing", share: 140, cruise: 2.5...9.5, rudder: 1.5, courseSpread: 75, leg: 300...2700, range: 45, stay: 10_000...60_000),
    VesselType(name: "tug", share: 60, cruise: 4...11, rudder: 2, courseSpread: 45, leg: 120...1500, range: 8, stay: 900...9000),
    VesselType(name: "sailing", share: 60, cruise: 3.5...8, rudder: 1.5, courseSpread: 50, leg: 600...5400, range: 30, stay: 7200...60_000),
  ]

  static func pick(_ random: inout SplitMix64) -> VesselType {
    var left = random.integer(below: 1000)
    for type in all {
      left -= type.share
      if left < 0 { return type }
    }
    return all[0]
  }
}
