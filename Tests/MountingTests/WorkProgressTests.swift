// Progress of what takes long at a mount.

import Platform
import Testing

@testable import Mounting

struct WorkProgressTests {
  @Test func sentencesComeEveryThreeSecondsOfEachWork() {
    let told = Lock<[String]>([])
    let sentences = ProgressSentences { sentence in told.withLock { $0.append(sentence) } }
    func report(_ label: String, _ done: Int, at seconds: Double) {
      sentences.report(WorkProgress(label: label, unit: "file", done: done, total: 9), at: UInt64(seconds * 1e9))
    }
    report("source a: opening", 1, at: 100)
    report("source a: opening", 2, at: 102.9)
    #expect(told.withLock { $0 }.isEmpty)
    report("source a: opening", 3, at: 103)
    report("source a: opening", 4, at: 105)
    report("source a: opening", 5, at: 106.5)
    // Another work has a beginning of its own.
    report("source b: opening", 1, at: 107)
    report("source b: opening", 8, at: 111)
    #expect(
      told.withLock { $0 } == [
        "source a: opening: 3 of 9 files after 3 s", "source a: opening: 5 of 9 files after 6 s", "source b: opening: 8 of 9 files after 4 s",
      ])
  }

  @Test func openingAndFilteringAreTold() throws {
    let rig = try MountingRig()
    let told = Lock<[WorkProgress]>([])
    let yaml = MountingRig.yaml + "  some: {source: packed, filter: \"id > 10\"}\n"
    _ = try rig.plan(yaml) { progress in told.withLock { $0.append(progress) } }
    let labels = told.withLock { $0.map(\.label) }
    #expect(labels.contains("source windows: opening") && labels.contains("source packed: opening"))
    #expect(told.withLock { $0.allSatisfy { $0.done <= $0.total && $0.total > 0 } })
  }
}
