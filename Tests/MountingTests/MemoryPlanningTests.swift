// Which caps are refused, which are warned of, and that the numbers in the messages are true.

import BatchAssembly
import BatchCache
import MountConfiguration
import Testing

@testable import Mounting

struct MemoryPlanningTests {
  /// The first number of bytes behind `word`.
  private func byteCount(_ message: String, after word: String) throws -> Int {
    let rest = try message[#require(message.ranges(of: word).first).upperBound...]
    return try #require(Int(String(rest.prefix { $0.isNumber })))
  }

  @Test func theLeastCapThatIsNamedIsAccepted() throws {
    let rig = try MountingRig()
    let problem = try rig.refusal(MountingRig.yaml.replacing(first: "memory: 8MiB", with: "memory: 1B"))
    let least = try byteCount(problem.message, after: " (")
    let plan = try rig.plan(MountingRig.yaml.replacing(first: "memory: 8MiB", with: "memory: \(least)"))
    #expect(AssemblyWork(views: plan.views).leastByteCount == least)
    #expect(throws: ConfigurationError.self) { try rig.plan(MountingRig.yaml.replacing(first: "memory: 8MiB", with: "memory: \(least - 1)")) }
    // And it serves: every file of the tree.
    let reader = try TreeReader(plan, of: rig)
    for path in try reader.files() { #expect(try !reader.bytes(path).isEmpty || path == ".epochfs/errors.jsonl") }
    #expect(reader.assembler.budget.peakByteCount <= least)
  }

  @Test func aCapWithoutRoomForTwoBlocksIsWarnedOf() throws {
    let rig = try MountingRig()
    var caps: [(cap: Int, isWarned: Bool)] = []
    let least = try rig.leastCap()
    for cap in stride(from: least, through: least + (400 << 10), by: 8 << 10) {
      let plan = try rig.plan(MountingRig.yaml.replacing(first: "memory: 8MiB", with: "memory: \(cap)"))
      caps.append((cap, !plan.warnings.isEmpty))
      let free = cap - AssemblyWork(views: plan.views).workingByteCount(threadCount: 2, capByteCount: cap)
      #expect(plan.warnings.isEmpty == (2 * plan.views[0].blockByteCount <= free), "cap \(cap)")
      for warning in plan.warnings {
        #expect(warning.place.key == "views.train.order.block" && warning.place.line == MountingRig.yaml.line(of: "block: 20"))
        #expect(warning.message.contains("20 samples each") && warning.message.contains("does not hold two blocks"))
      }
    }
    #expect(caps.contains { $0.isWarned } && caps.contains { !$0.isWarned })
  }

  /// 8 MiB, and 128 MiB for the program.
  @Test(arguments: [(nil, false), (136 << 20, false), ((136 << 20) - 1, true), (64 << 20, true), (0, true), (Int.max, false)])
  func aCapThatTheServiceMayNotUseIsWarnedOf(limit: Int?, isWarned: Bool) throws {
    let rig = try MountingRig()
    let plan = try rig.plan(MountingRig.yaml)
    let warnings = MemoryPlanning.groupWarnings(plan.capByteCount, groupByteCount: limit, plan.configuration)
    #expect(warnings.count == (isWarned ? 1 : 0))
    for warning in warnings {
      #expect(warning.place.key == "memory" && warning.place.line == MountingRig.yaml.line(of: "memory: 8MiB"))
      #expect(warning.message.contains("8.0 MiB") && warning.message.contains("MemoryMax"))
    }
  }

  /// The `memory` that a warning asks for ends it.
  @Test(arguments: 8..<40, [1, 8]) func theMemoryThatAWarningAsksForIsEnough(block: Int, threads: Int) throws {
    let rig = try MountingRig()
    func yaml(_ memory: String) -> String {
      MountingRig.yaml.replacing(first: "memory: 8MiB", with: "memory: \(memory)").replacing(first: "block: 20", with: "block: \(block)")
        .replacing(first: "threads: 2", with: "threads: \(threads)")
    }
    let plan = try rig.plan(yaml("\(rig.leastCap())"))
    let message = try #require(plan.warnings.first).message
    let given = try String(message[#require(message.ranges(of: "give `memory` ").first).upperBound...].prefix { !"o;".contains($0) }.dropLast())
    let better = try rig.plan(yaml(given))
    #expect(better.warnings.isEmpty, "\(given) is not enough: \(better.warnings)")
  }

  @Test func whatIsReadInStoredOrderNeedsNoBlocks() throws {
    let yaml = MountingRig.yaml.replacing(first: "{algorithm: window, seed: 42, block: 20}", with: "{algorithm: sequential}")
    let rig = try MountingRig()
    #expect(try rig.plan(yaml.replacing(first: "memory: 8MiB", with: "memory: \(try rig.leastCap())")).warnings.isEmpty)
  }
}
