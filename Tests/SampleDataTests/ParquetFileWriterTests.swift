// The Parquet file that is written: its rows in order, its pages, what its schema says. That others read it too is tested with pyarrow in Tests/Mounted.

import BatchCache
import Compression
import NumPyFormat
import ParquetFormat
import ParquetReading
import Platform
import Testing

@testable import SampleData

@Suite struct ParquetFileWriterTests {
  /// The bytes of all rows as they are read back.
  private func rows(_ path: String, pagesAre expected: Int, length: Int) throws -> [UInt8] {
    let file = try ParquetFile(reading: path)
    let leaf = try #require(file.metadata.schema.leaves.first)
    #expect(leaf.name == "features" && leaf.fixedShape == [length] && leaf.valueType == .fixed(.float32, .copy) && !leaf.isNullable && !leaf.elementIsNullable)
    #expect(file.metadata.rowGroups.count == 1 && file.metadata.schema.leaves.count == 1)
    let chunk = try ParquetChunk(file: file, fileNumber: 0, leaf: 0, rowGroup: 0, shape: leaf.fixedShape)
    let budget = MemoryBudget(capByteCount: 64 << 20)
    let reader = ParquetReader(
      memory: ReadingMemory { budget.region(byteCount: $0) }, decompressor: Decompressor(), checksCRC: true, directories: PageDirectoryCache())
    let byteCount = 4 * length * chunk.rowCount
    let region = try #require(budget.region(byteCount: byteCount + chunk.rowCount + 1)).region
    let result = try reader.fixedRows(0..<chunk.rowCount, of: chunk, into: region, valuesByteOffset: 0, nullsByteOffset: byteCount)
    #expect(!result.hasNulls && result.decodedByteCount > byteCount)
    var pageCount = 0
    _ = try reader.eachPage(0..<chunk.rowCount, of: chunk) { _ in pageCount += 1 }
    #expect(pageCount == expected)
    let bytes = region.bytes
    return unsafe bytes.extracting(first: byteCount).withUnsafeBytes { unsafe Array($0) }  // Sound: copied while the region lives.
  }

  @Test func validationFollowsTheShards() throws {
    let folder = try TemporaryFolder()
    let dataSet = try SampleDataSet(shardsPerWorker: 1, samplesPerShard: 2, validationSampleCount: 130, seed: 3)
    _ = try dataSet.write(to: folder.path + "/set")
    let length = TrackWindow.positionCount * TrackWindow.channels.count
    // 56 rows of 18,560 bytes fit 1 MiB.
    let found = try rows(folder.path + "/set/materialized/validation.parquet", pagesAre: 3, length: length)
    #expect(found == (8..<138).flatMap { TrackWindow.bytes(sample: $0, seed: 3) })
  }

  @Test(arguments: [1, 2, 8, 129])
  func listsOfAnyLength(_ length: Int) throws {
    let folder = try TemporaryFolder()
    var writer = ParquetFileWriter(column: "features", length: length)
    var random = SplitMix64(seed: 1, stream: length)
    var all: [UInt8] = []
    for _ in 0..<17 {
      let row = (0..<4 * length).map { _ in UInt8(random.integer(below: 256)) }
      try writer.append(row)
      all += row
    }
    try OutputFiles.write(try writer.finish(), to: folder.path + "/x.parquet")
    #expect(try rows(folder.path + "/x.parquet", pagesAre: 1, length: length) == all)
  }
}
