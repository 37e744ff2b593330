// Damaged indexes and shards give errors or bytes that lie inside the shard, and never stop the program.

import MDSFormat
import NumPyFormat
import Testing

struct MDSDamageTests {
  /// A few bytes changed, or the end cut off, or a piece doubled.
  private static func damaged(_ bytes: [UInt8], _ generator: inout SplitMix) -> [UInt8] {
    var damaged = bytes
    for _ in 0...generator.next(below: 3) {
      let place = generator.next(below: damaged.count)
      switch generator.next(below: 8) {
      case 0: damaged[place] = UInt8(truncatingIfNeeded: generator.next())
      case 1: damaged.removeLast(damaged.count - max(place, 1))
      case 2: damaged.insert(contentsOf: bytes.prefix(place).suffix(9), at: place)
      case 3: for offset in place..<min(place + 4, damaged.count) { damaged[offset] = UInt8(truncatingIfNeeded: generator.next()) }
      default: damaged[place] ^= 1 << UInt8(generator.next(below: 8))
      }
    }
    return damaged
  }

  @Test(arguments: ["raw", "zstd", "columns"])
  func damagedIndexes(folder: String) throws {
    let seed = 0x4D44_5349_6E64_6578 as UInt64  // Fuzzing seed
    var generator = SplitMix(state: seed)
    let whole = try Fixtures.bytes("\(folder)/index.json")
    var refused = 0
    for _ in 0..<1500 {
      do {
        let index = try Fixtures.index(of: Self.damaged(whole, &generator))
        var samples = 0
        for ordinal in 0..<index.shardCount {
          let entry = index.shard(ordinal)
          samples += entry.sampleCount
          #expect(!entry.file.basename.isEmpty && !entry.file.basename.hasPrefix("/") && entry.raw.byteCount >= 0)
        }
        #expect(samples == index.sampleCount)
      } catch is MDSError { refused += 1 }
    }
    #expect(refused > 300, "seed \(seed)")
  }

  @Test(arguments: ["raw", "columns"])
  func damagedShards(folder: String) throws {
    let seed = 0x4D44_5353_6861_7264 as UInt64  // Fuzzing seed
    var generator = SplitMix(state: seed)
    let entry = try Fixtures.index(folder).shard(0)
    let whole = try Fixtures.shard(folder, entry)
    var refused = 0
    for _ in 0..<1500 {
      // Half of the damage strikes the table of offsets and the first lengths.
      let size = generator.next(below: 2) == 0 ? min(whole.count, 64) : whole.count
      let bytes = Self.damaged(Array(whole[..<size]), &generator) + whole[size...]
      do {
        let layout = try Fixtures.layout(bytes, sampleCount: entry.sampleCount, entry.columns)
        for column in entry.columns.indices { try Self.readColumn(column, layout, bytes) }
      } catch is MDSError { refused += 1 }
    }
    #expect(refused > 500, "seed \(seed)")
  }

  /// Reads all values of a column, in both ways, and checks that they lie in the samples.
  private static func readColumn(_ column: Int, _ layout: MDSShardLayout, _ bytes: [UInt8]) throws {
    var byteCounts: Set<Int> = []
    var starts: [UInt64] = []
    for sample in 0..<layout.sampleCount {
      let range = try layout.range(sample, column, bytes)
      #expect(range.lowerBound >= 0 && range.upperBound <= bytes.count)
      byteCounts.insert(range.count)
      starts.append(UInt64(range.lowerBound))
      let span = bytes.span
      let type: ElementType? = if case .typedArray(let type) = layout.schema[column].encoding { type } else { nil }
      if let header = try? MDSNDArrayHeader(parsing: unsafe span.bytes.extracting(range), elementType: type) {
        #expect(header.payload.upperBound == range.count)
      }
    }
    if byteCounts.count == 1, let byteCount = byteCounts.first { #expect(try layout.offsets(column, byteCount, bytes) == starts) }
    let span = bytes.span
    if let offsets = try? layout.arrayOffsets(column: column, elementType: .uint8, shape: [300, 1], in: unsafe span.bytes) {
      #expect(offsets.allSatisfy { Int($0) + 300 <= bytes.count })
    }
  }
}

/// The generator of Steele, Lea and Flood.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
