// What reads tell about the next ones.

import Testing

@testable import BatchAssembly

struct ReadingStreamTests {
  private func stream(_ ordinals: some Sequence<Int>) -> ReadingStream {
    var stream = ReadingStream()
    for (time, ordinal) in ordinals.enumerated() { stream.read(ordinal, at: UInt64(time)) }
    return stream
  }

  @Test func twoInOrderAreAStream() {
    #expect(!stream([]).isInOrder && !stream([0]).isInOrder)
    #expect(stream([0, 1]).isInOrder && stream([0, 1]).frontier == 1)
  }

  /// A batch's several files, and the several reads of one file, are one step.
  @Test func readingTheSameAgainIsNoStep() { #expect(!stream([0, 0, 0, 0]).isInOrder) }

  @Test func regularStridesAreInOrder() {
    #expect(stream([3, 11, 19, 27]).isInOrder)
    #expect(stream(stride(from: 100, to: 2500, by: 500)).isInOrder)
  }

  @Test func workersALittleOutOfTurnAreInOrder() {
    let found = stream([1, 0, 3, 2, 5, 4])
    #expect(found.isInOrder && found.frontier == 5)
  }

  @Test func farJumpsAreNot() {
    #expect(!stream([500, 3, 1000, 200, 4000]).isInOrder)
    #expect(!stream([0, 1, 2, 3, 5000]).isInOrder)
    #expect(stream([0, 1, 2, 3, 5000]).frontier == 5000)
  }

  @Test func whatIsFarBehindIsNotExpected() {
    let found = stream(0..<200)
    #expect(found.expects(200) && found.expects(199 - 63) && !found.expects(199 - 64))
  }

  @Test func aStreamDies() {
    var found = ReadingStream()
    found.read(0, at: 1000)
    #expect(found.isAlive(at: 1000 + ReadingStream.lifetimeNanoseconds - 1) && !found.isAlive(at: 1000 + ReadingStream.lifetimeNanoseconds))
  }
}
