// The places that the sample's vessels come from and go to.

/// A port as a navigator sees it.
struct Port: Sendable {
  let name: String
  /// Degrees, of a point in the approach.
  let latitude: Double
  let longitude: Double
  /// The direction, in degrees, that leads to the open sea.
  let seaward: Double

  /// Ports with room in front of them, on every ocean; the tracks from Suva cross the antimeridian.
  static let all = [
    Port(name: "Auckland", latitude: -36.70, longitude: 175.00, seaward: 45),
    Port(name: "Bergen", latitude: 60.40, longitude: 4.80, seaward: 280),
    Port(name: "Busan", latitude: 35.03, longitude: 129.12, seaward: 140),
    Port(name: "Callao", latitude: -12.06, longitude: -77.25, seaward: 250),
    Port(name: "Cape Town", latitude: -33.86, longitude: 18.36, seaward: 275),
    Port(name: "Colombo", latitude: 6.96, longitude: 79.79, seaward: 255),
    Port(name: "Durban", latitude: -29.86, longitude: 31.10, seaward: 110),
    Port(name: "Fremantle", latitude: -32.03, longitude: 115.62, seaward: 270),
    Port(name: "Halifax", latitude: 44.55, longitude: -63.48, seaward: 155),
    Port(name: "Hong Kong", latitude: 22.12, longitude: 114.25, seaward: 150),
    Port(name: "Honolulu", latitude: 21.26, longitude: -157.89, seaward: 205),
    Port(name: "Le Havre", latitude: 49.50, longitude: -0.05, seaward: 300),
    Port(name: "Lisbon", latitude: 38.63, longitude: -9.40, seaward: 255),
    Port(name: "Los Angeles", latitude: 33.66, longitude: -118.24, seaward: 225),
    Port(name: "Mumbai", latitude: 18.86, longitude: 72.74, seaward: 250),
    Port(name: "New York", latitude: 40.47, longitude: -73.90, seaward: 125),
    Port(name: "Reykjavik", latitude: 64.18, longitude: -22.05, seaward: 275),
    Port(name: "Rotterdam", latitude: 52.00, longitude: 3.95, seaward: 320),
    Port(name: "Santos", latitude: -24.08, longitude: -46.28, seaward: 140),
    Port(name: "Shanghai", latitude: 31.08, longitude: 122.45, seaward: 105),
    Port(name: "Suva", latitude: -18.22, longitude: 178.40, seaward: 110),
    Port(name: "Sydney", latitude: -33.84, longitude: 151.32, seaward: 95),
    Port(name: "Valparaiso", latitude: -33.00, longitude: -71.66, seaward: 280),
    Port(name: "Yokohama", latitude: 35.05, longitude: 139.72, seaward: 180),
  ]
}
