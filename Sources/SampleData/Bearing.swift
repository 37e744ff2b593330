// Angles in degrees, and their sine and cosine by polynomials of our own: libm's last bit differs between versions and processors,
// and what differs once differs for good in a position that is integrated step by step.

enum Bearing {
  /// The same direction as 0 up to, but not including, 360. `degrees` is at most 2^40 either way.
  static func wrapped(_ degrees: Double) -> Double {
    let rest = degrees - 360 * (degrees / 360).rounded(.down)
    return rest < 360 ? max(rest, 0) : 0
  }

  /// The shorter way from one direction to another, -180 to 180, clockwise above 0.
  static func turn(from: Double, to: Double) -> Double {
    let clockwise = wrapped(to - from)
    return clockwise > 180 ? clockwise - 360 : clockwise
  }

  static func cosine(_ degrees: Double) -> Double { sine(degrees + 90) }

  /// Right to about 2^-52 for angles up to a few turns.
  static func sine(_ degrees: Double) -> Double {
    let quarters = (degrees / 90).rounded()
    let radians = (degrees - 90 * quarters) * (Double.pi / 180)
    switch Int(quarters) & 3 {
    case 0: return sineSeries(radians)
    case 1: return cosineSeries(radians)
    case 2: return -sineSeries(radians)
    default: return -cosineSeries(radians)
    }
  }

  /// For at most pi / 4 either way: the next term of either series is below 2^-53 there.
  private static func sineSeries(_ x: Double) -> Double {
    let square = x * x
    var sum = 0.0
    var factor = 16.0
    while factor > 0 {
      sum = 1 - square / (factor * (factor + 1)) * sum
      factor -= 2
    }
    return x * sum
  }

  private static func cosineSeries(_ x: Double) -> Double {
    let square = x * x
    var sum = 0.0
    var factor = 17.0
    while factor > 0 {
      sum = 1 - square / (factor * (factor + 1)) * sum
      factor -= 2
    }
    return sum
  }
}
