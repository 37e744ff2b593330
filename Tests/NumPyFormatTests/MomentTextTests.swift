// Moments far from ours; expected texts are NumPy's. Those near are in BatchAssemblyTests/JSONElementTests.

import NumPyFormat
import Testing

struct MomentTextTests {
  @Test(
    arguments: [
      (0, "1970-01-01"), (-719468, "0000-03-01"), (-719469, "0000-02-29"), (-719_529, "-001-12-31"), (-800_000, "-221-09-04"), (-800_000_000, "-2188356-05-24"),
      (.max, "25252734927768524-07-27"), (.min, "NaT"),
    ] as [(Int64, String)])
  func days(count: Int64, text: String) { #expect(TimeUnit.days.text(ofMoment: count) == text) }

  @Test(arguments: [(.max, "292277026596-12-04T15:30:07"), (.min + 1, "-292277022657-01-27T08:29:53"), (.min, "NaT")] as [(Int64, String)])
  func seconds(count: Int64, text: String) { #expect(TimeUnit.seconds.text(ofMoment: count) == text) }
}
