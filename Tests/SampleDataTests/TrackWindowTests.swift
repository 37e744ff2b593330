// The samples: the same for ever, within their ranges, and like vessels.

import Checksums
import Glibc
import Testing

@testable import SampleData

@Suite struct TrackWindowTests {
  /// Changing one is a new data set under an old seed: nobody's numbers could be compared any more.
  @Test(arguments: [
    (UInt64(42), "4aaab60eb454355447db9dd6e09b02835b43baa4fed3f5ec0e4772ec687287dc"),
    (UInt64(7), "cb7acfeaded16578fe0b546d639eec452731a71ea9c07533da449157e83dce6a"),
  ])
  func theSamplesOfASeedAreThese(_ seed: UInt64, _ expected: String) throws {
    let bytes = (0..<16).flatMap { TrackWindow.bytes(sample: $0, seed: seed) }
    // Sound: bytes of bytes; the array outlives the call.
    let digest = try HashAlgorithm.sha256.digest(of: unsafe bytes.span.bytes)
    #expect(digest.hex == expected)
  }

  @Test func samplesAndSeedsDiffer() {
    let windows = (0..<3).flatMap { seed in (0..<20).map { TrackWindow.bytes(sample: $0, seed: UInt64(seed)) } }
    #expect(Set(windows).count == 60)
  }

  @Test(arguments: [UInt64(0), 42, .max])
  func everyFeatureIsInItsRangeAndRounded(_ seed: UInt64) {
    for sample in 0..<60 {
      let values = floats(TrackWindow.bytes(sample: sample, seed: seed))
      #expect(values.count == 928 * 5)
      for start in stride(from: 0, to: values.count, by: 5) {
        let row = values[start..<start + 5].map(Double.init)
        let isInRange =
          (-90...90).contains(row[0]) && (-180...180).contains(row[1]) && (0...50).contains(row[2]) && (0..<360).contains(row[3])
          && (0...14_400).contains(row[4])
        // As far as a float32 is from the tenth it stands for.
        let isRounded = [row[2], row[3]].allSatisfy { abs($0 * 10 - ($0 * 10).rounded()) < 2e-4 } && row[4] == row[4].rounded()
        if !isInRange || !isRounded { Issue.record("seed \(seed), sample \(sample), position \(start / 5): \(row)") }
      }
    }
  }

  /// Positions follow from speed, course and time: between two reports nobody is faster than the fastest vessel.
  @Test func vesselsDoNotJump() {
    for sample in 0..<60 {
      let values = floats(TrackWindow.bytes(sample: sample, seed: 42)).map(Double.init)
      for start in stride(from: 5, to: values.count, by: 5) {
        let north = values[start] - values[start - 5]
        let around = abs(values[start + 1] - values[start - 4])
        let east = min(around, 360 - around) * cos(values[start] * .pi / 180)
        let miles = 60 * (north * north + east * east).squareRoot()
        let reach = 46 * values[start + 4] / 3600 + 0.01
        if miles > reach { Issue.record("sample \(sample), position \(start / 5): \(miles) nautical miles in \(values[start + 4]) s") }
      }
    }
  }

  @Test func mostVesselsMoveAndMostReportsComeEveryTenSeconds() {
    let values = (0..<200).flatMap { floats(TrackWindow.bytes(sample: $0, seed: 42)) }
    let rows = stride(from: 0, to: values.count, by: 5)
    let count = Double(values.count / 5)
    #expect(Double(rows.count { values[$0 + 2] > 1 }) / count > 0.8)
    #expect(Double(rows.count { values[$0 + 4] == 10 }) / count > 0.5)
    #expect(rows.contains { values[$0 + 4] > 7200 })
  }
}
