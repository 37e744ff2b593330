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

  @Test func aJumpIsRememberedUntilReadingGoesOn() {
    #expect(!stream([0]).hasJumped && !stream([5]).hasJumped && stream([500]).hasJumped)
    #expect(stream([0, 1, 500]).hasJumped && stream([0, 1, 500, 500]).hasJumped && !stream([0, 1, 500, 501]).hasJumped)
    #expect(stream([500, 3]).hasJumped)
  }

  /// As after the start of an epoch, so after a jump: the second of two consecutive batches is enough, however far and whereto it went.
  @Test(arguments: [65, 66, 100, 5000, 1_000_000]) func twoAfterAJumpAreAStream(distance: Int) {
    #expect(!stream([0, 1, distance + 1]).isInOrder && stream([0, 1, distance + 1, distance + 2]).isInOrder)
    #expect(!stream([distance]).isInOrder && stream([distance, distance + 1]).isInOrder)
    // Back.
    let far = 2_000_000
    #expect(!stream([far, far + 1, far + 1 - distance]).isInOrder)
    let back = stream([far, far + 1, far + 1 - distance, far + 2 - distance])
    #expect(back.isInOrder && back.frontier == far + 2 - distance)
    // A jump right after another.
    #expect(!stream([0, 1, distance + 1, 3 * distance + 2]).isInOrder)
  }

  /// A step that is larger than any worker's is recognised the second time.
  @Test func farStridesStayRecognised() {
    #expect(!stream([0, 500]).isInOrder && stream([0, 500, 1000]).isInOrder && stream([7, 507, 1007, 1507, 2007]).isInOrder)
    #expect(!stream([0, 500, 1000, 1600]).isInOrder)
  }

  /// Eight workers of a DataLoader, each two batches ahead.
  @Test func mixedWorkersAreInOrder() {
    var ordinals: [Int] = []
    for round in stride(from: 0, to: 320, by: 16) { for worker in [3, 0, 1, 2, 7, 4, 6, 5] { ordinals += [round + worker, round + worker + 8] } }
    for count in 8...ordinals.count { #expect(stream(ordinals.prefix(count)).isInOrder, "\(count)") }
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
