// Angles, against libm and by their own laws.

import Glibc
import Testing

@testable import SampleData

@Suite struct BearingTests {
  @Test func sineAndCosineAgreeWithTheMathematicalLibrary() {
    for tenths in -7200...7200 {
      let degrees = Double(tenths) / 10
      #expect(abs(Bearing.sine(degrees) - sin(degrees * .pi / 180)) < 4e-15, "\(degrees)")
      #expect(abs(Bearing.cosine(degrees) - cos(degrees * .pi / 180)) < 4e-15, "\(degrees)")
    }
  }

  @Test func quarterTurnsAreExact() {
    #expect([0.0, 90, 180, 270, 360].map(Bearing.sine) == [0, 1, 0, -1, 0])
    #expect([0.0, 90, 180, 270, 360].map(Bearing.cosine) == [1, 0, -1, 0, 1])
  }

  @Test(arguments: [
    (0.0, 0.0), (359.9, 359.9), (360, 0), (-0.5, 359.5), (725, 5), (-1e-18, 0), (-360, 0),
  ])
  func wrapping(_ degrees: Double, _ expected: Double) {
    let wrapped = Bearing.wrapped(degrees)
    #expect(abs(wrapped - expected) < 1e-9)
    #expect(wrapped >= 0 && wrapped < 360)
  }

  @Test(arguments: [(350.0, 10.0, 20.0), (10, 350, -20), (0, 180, 180), (90, 271, -179)])
  func theShorterTurn(_ from: Double, _ to: Double, _ expected: Double) {
    #expect(Bearing.turn(from: from, to: to) == expected)
  }
}
