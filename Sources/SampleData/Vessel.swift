// A vessel that leaves a port, keeps its legs, turns, comes home and lies at the berth.

/// The motion of one vessel, in steps of seconds. All randomness is its own generator's.
struct Vessel {
  private enum Phase {
    case outbound, homebound
    /// At the berth for so many more seconds.
    case moored(Double)
  }

  let type: VesselType
  let port: Port
  private(set) var latitude: Double
  private(set) var longitude: Double
  /// Knots and degrees over ground.
  private(set) var speed: Double
  private(set) var course: Double

  private var phase: Phase
  /// Nautical miles from the port, measured in the seaward direction.
  private var offing: Double
  private let cruise: Double
  private var legCourse: Double
  private var legSeconds: Double

  /// A vessel somewhere on its way.
  init(_ random: inout SplitMix64) {
    type = VesselType.pick(&random)
    port = Port.all[random.integer(below: Port.all.count)]
    cruise = random.number(in: type.cruise)
    let outward = port.seaward + 12 * random.bell()
    if random.happens(0.08) {
      phase = .moored(random.number(in: type.stay))
      offing = 0
    } else {
      phase = random.happens(0.5) ? .outbound : .homebound
      offing = min(type.range, 120) * random.unit()
    }
    // The berths lie within half a mile or so of the port's point.
    latitude = port.latitude + (offing * Bearing.cosine(outward) + 0.3 * random.bell()) / 60
    longitude = port.longitude + (offing * Bearing.sine(outward) + 0.3 * random.bell()) / 60 / Bearing.cosine(port.latitude)
    legCourse = 0
    legSeconds = 0
    course = Bearing.wrapped(outward)
    speed = 0
    beginLeg(&random)
    course = legCourse
    legSeconds *= random.unit()
    if !isMoored { speed = wantedSpeed }
  }

  var isMoored: Bool { if case .moored = phase { true } else { false } }

  /// Goes on for `seconds`, in steps short enough for turns to be round and for the sphere to be flat.
  mutating func advance(seconds: Int, _ random: inout SplitMix64) {
    var left = seconds
    while left > 0 {
      let step = min(left, Self.longestStep)
      move(Double(step), &random)
      left -= step
    }
  }

  private static let longestStep = 30
  /// No port is nearer to a pole than 26 degrees; the bound keeps the meridians apart whatever a vessel does.
  private static let highestLatitude = 80.0

  private mutating func move(_ seconds: Double, _ random: inout SplitMix64) {
    if case .moored(let left) = phase {
      speed = 0
      phase = left > seconds ? .moored(left - seconds) : .outbound
      if !isMoored { beginLeg(&random) }
      return
    }
    legSeconds -= seconds
    if legSeconds <= 0 { beginLeg(&random) }
    // The square root: what wind and waves do adds up like a walk without aim, however the time is cut.
    let disturbance = (seconds / 10).squareRoot()
    let rudder = type.rudder * seconds
    let turn = min(max(Bearing.turn(from: course, to: legCourse), -rudder), rudder)
    course = Bearing.wrapped(course + turn + 0.6 * disturbance * random.bell())
    let inertia = min(1, seconds / 90)
    speed = min(max(speed + (wantedSpeed - speed) * inertia + 0.05 * disturbance * random.bell(), 0), 45)
    let miles = speed * seconds / 3600
    latitude = min(max(latitude + miles * Bearing.cosine(course) / 60, -Self.highestLatitude), Self.highestLatitude)
    longitude = Bearing.wrapped(longitude + miles * Bearing.sine(course) / 60 / Bearing.cosine(latitude) + 180) - 180
    offing += miles * Bearing.cosine(course - port.seaward)
    changePhase(&random)
  }

  private mutating func changePhase(_ random: inout SplitMix64) {
    switch phase {
    case .outbound where offing > type.range:
      phase = .homebound
      beginLeg(&random)
    case .homebound where offing < 0.1:
      phase = .moored(random.number(in: type.stay))
      speed = 0
    default: break
    }
  }

  private mutating func beginLeg(_ random: inout SplitMix64) {
    let aim = if case .homebound = phase { port.seaward + 180 } else { port.seaward }
    // Near the port there is a fairway to keep to.
    let freedom = min(1, 0.2 + max(offing, 0) / 10)
    legCourse = Bearing.wrapped(aim + type.courseSpread * freedom * random.bell())
    legSeconds = random.number(in: type.leg)
  }

  /// Slow in the harbour, at full speed from ten miles on.
  private var wantedSpeed: Double { cruise * min(1, 0.35 + 0.065 * max(offing, 0)) }
}
