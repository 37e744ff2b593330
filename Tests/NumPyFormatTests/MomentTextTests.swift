// Moments far from ours; expected texts are NumPy's, but for the years -1 to -999, which it writes with three digits and ISO 8601 with four. Those near are in BatchAssemblyTests/JSONElementTests.

import NumPyFormat
import Testing

struct MomentTextTests {
  @Test(
    arguments: [
      (0, "1970-01-01"), (-719468, "0000-03-01"), (-719469, "0000-02-29"), (-719_529, "-0001-12-31"), (-800_000, "-0221-09-04"), (-889_744, "-0467-12-19"),
      (-1_084_405, "-0999-01-01"), (-1_084_406, "-1000-12-31"), (-719_162, "0001-01-01"), (-354_650, "0999-01-01"), (2_932_897, "10000-01-01"),
      (-800_000_000, "-2188356-05-24"),
      (.max, "25252734927768524-07-27"), (.min, "NaT"),
    ] as [(Int64, String)])
  func days(count: Int64, text: String) { #expect(TimeUnit.days.text(ofMoment: count) == text) }

  @Test(arguments: [(.max, "292277026596-12-04T15:30:07"), (.min + 1, "-292277022657-01-27T08:29:53"), (.min, "NaT")] as [(Int64, String)])
  func seconds(count: Int64, text: String) { #expect(TimeUnit.seconds.text(ofMoment: count) == text) }
}
