// Views of which `drop_last` leaves nothing are warned of.

import MountConfiguration
import Testing

@testable import Mounting

struct DropLastTests {
  /// The warnings about a view of `windows`, which has 60 samples.
  private func messages(_ keys: String) throws -> [String] {
    let view = MountingRig.yaml + "  some: {source: windows, tensors: {id: {column: id}}, \(keys)}\n"
    return try MountingRig().plan(view).warnings.filter { $0.place.key == "views.some.batch_size" }.map(\.message)
  }

  @Test(arguments: [
    ("batch_size: 61", "in 60 samples: less than a batch of 61 samples, "),
    ("batch_size: 16, epochs: 1, ranks: 4", "in 60 samples: less than a batch of 16 samples for each of 4 ranks, "),
    ("batch_size: 61, epochs: 1, ranks: 4", "in 60 samples: less than a batch of 61 samples, "),
    ("batch_size: 10, filter: id == 3", "in 1 sample: less than a batch of 10 samples, "),
    ("batch_size: 30, group_by: [id]", "in 60 of 60 groups: less than a batch of 30 samples, "),
    ("batch_size: 1, group_by: [id], epochs: 1, ranks: 2", "in 60 of 60 groups: less than a batch of 1 sample for each of 2 ranks, "),
  ])
  func nothingIsLeft(_ keys: String, _ words: String) throws {
    let messages = try messages(keys + ", drop_last: true")
    #expect(messages.count == 1 && messages[0].contains(words) && messages[0].contains("drop_last"), "\(messages)")
  }

  /// One batch is something, a filter that keeps nothing has a warning of its own, and what is not dropped is there.
  @Test(arguments: [
    "batch_size: 60, drop_last: true", "batch_size: 15, epochs: 1, ranks: 4, drop_last: true", "batch_size: 61, filter: id < 0, drop_last: true",
    "batch_size: 1, group_by: [id], drop_last: true", "batch_size: 61",
  ])
  func somethingIsLeft(_ keys: String) throws {
    #expect(try messages(keys).isEmpty)
  }
}
