// The data set on disk: read back through MDSFormat, refused where something would be overwritten, removed when interrupted.

import Checksums
import Compression
import MDSFormat
import Platform
import Testing

@testable import SampleData

@Suite struct SampleDataSetTests {
  private func contents(_ path: String) throws -> [UInt8] { try InputFile.contents(of: path, limit: 1 << 26) }

  private func decompressed(_ stored: [UInt8], byteCount: Int) throws -> [UInt8] {
    var raw = [UInt8](repeating: 0, count: byteCount)
    var span = raw.mutableSpan
    // Sound: bytes of bytes; the arrays outlive the call.
    var target = unsafe span.mutableBytes
    try Decompressor().decompress(unsafe stored.span.bytes, codec: .zstd, filling: &target)
    return raw
  }

  @Test func shardsHoldTheSamplesInOrderAndTheIndexesAddUp() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/set"
    let dataSet = try SampleDataSet(shardsPerWorker: 2, samplesPerShard: 3, validationSampleCount: 1, seed: 9)
    let summary = try dataSet.write(to: path)
    #expect(try Folder.names(in: path) == ["epochfs.yaml", "materialized", "mds"])
    #expect(try Folder.names(in: path + "/mds") == ["manifest.json", "worker_00", "worker_01", "worker_02", "worker_03"])
    #expect(try Folder.names(in: folder.path) == ["set"])

    var sample = 0
    var storedByteCount = 0
    for worker in 0..<4 {
      let directory = "\(path)/mds/worker_0\(worker)"
      let indexBytes = try contents(directory + "/index.json")
      // Sound, here and below: bytes of bytes; the arrays outlive the calls.
      let index = try MDSIndex(parsing: unsafe indexBytes.span.bytes)
      #expect(index.shardCount == 2)
      #expect(index.sampleCount == 6)
      for ordinal in 0..<index.shardCount {
        let shard = index.shard(ordinal)
        let stored = try contents("\(directory)/\(shard.file.basename)")
        #expect(shard.codec == .zstd)
        #expect(stored.count == shard.file.byteCount)
        storedByteCount += stored.count
        let hash = try #require(shard.file.hashes.first { $0.algorithm == .xxh64 })
        let digest = try HashAlgorithm.xxh64.digest(of: unsafe stored.span.bytes)
        #expect(digest == hash.digest)
        let raw = try decompressed(stored, byteCount: shard.raw.byteCount)
        let layout = try MDSShardLayout(parsing: unsafe raw.span.bytes, sampleCount: shard.sampleCount, schema: shard.columns)
        let offsets = try layout.fieldOffsets(column: 0, byteCount: TrackWindow.byteCount, in: unsafe raw.span.bytes)
        for offset in offsets {
          #expect(Array(raw[Int(offset)..<Int(offset) + TrackWindow.byteCount]) == TrackWindow.bytes(sample: sample, seed: 9))
          sample += 1
        }
      }
    }
    #expect(sample == 24)
    storedByteCount += try contents(path + "/materialized/validation.parquet").count
    #expect(
      summary
        == SampleDataSet.Summary(
          sampleCount: 24, validationSampleCount: 1, shardCount: 8, sampleByteCount: 25 * TrackWindow.byteCount, storedByteCount: storedByteCount))
  }

  @Test func theSameSeedGivesTheSameFiles() throws {
    let folder = try TemporaryFolder()
    let dataSet = try SampleDataSet(shardsPerWorker: 1, samplesPerShard: 2)
    for name in ["a", "b"] { _ = try dataSet.write(to: "\(folder.path)/\(name)") }
    let files =
      ["epochfs.yaml", "mds/manifest.json", "materialized/validation.parquet"]
      + (0..<4).flatMap { ["mds/worker_0\($0)/index.json", "mds/worker_0\($0)/shard.00000.mds.zstd"] }
    for file in files { #expect(try contents("\(folder.path)/a/\(file)") == contents("\(folder.path)/b/\(file)"), "\(file)") }
  }

  @Test func aFolderWithSomethingInItIsRefusedAndLeftAlone() throws {
    let folder = try TemporaryFolder()
    try OutputFiles.makeFolder(folder.path + "/.hidden")
    #expect(throws: SampleDataError.folderNotEmpty(folder.path, found: ".hidden")) { try SampleDataSet().write(to: folder.path + "/") }
    #expect(try Folder.names(in: folder.path) == [".hidden"])
    #expect("\(SampleDataError.folderNotEmpty("x", found: "y"))".contains("name a folder that does not exist yet"))
  }

  @Test func aFileIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/file"
    try OutputFiles.write([1], to: path)
    #expect(throws: SampleDataError.notAFolder(path)) { try SampleDataSet().write(to: path) }
  }

  @Test func anEmptyFolderIsFilledInPlace() throws {
    let folder = try TemporaryFolder()
    let before = try #require(Folder.identity(of: folder.path))
    _ = try SampleDataSet(shardsPerWorker: 1, samplesPerShard: 1).write(to: folder.path)
    #expect(Folder.identity(of: folder.path)?.inode == before.inode)
    #expect(try Folder.names(in: folder.path) == ["epochfs.yaml", "materialized", "mds"])
  }

  @Test func missingParentsAreMade() throws {
    let folder = try TemporaryFolder()
    _ = try SampleDataSet(shardsPerWorker: 1, samplesPerShard: 1).write(to: folder.path + "/a/b/c")
    #expect(try Folder.names(in: folder.path + "/a/b") == ["c"])
  }

  @Test(arguments: [true, false])
  func anInterruptedRunLeavesNothing(_ existed: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/set"
    if existed { try OutputFiles.makeFolder(path) }
    var seen: [Int] = []
    #expect(throws: SampleDataError.interrupted(path)) {
      try SampleDataSet(shardsPerWorker: 1, samplesPerShard: 2).write(to: path) { done in
        seen.append(done)
        return done < 5
      }
    }
    #expect(seen == [1, 2, 3, 4, 5])
    #expect(try Folder.names(in: folder.path) == (existed ? ["set"] : []))
    if existed { #expect(try Folder.names(in: path) == []) }
  }

  @Test(arguments: [0, -1, 10_001])
  func impossibleCountsToValidateWithAreRefused(_ samples: Int) {
    #expect(throws: SampleDataError.self) { try SampleDataSet(validationSampleCount: samples) }
  }

  @Test(arguments: [(0, 1), (1, 0), (-1, 1), (1, 3601), (100_001, 1)])
  func impossibleCountsAreRefused(_ shards: Int, _ samples: Int) {
    #expect(throws: SampleDataError.self) { try SampleDataSet(shardsPerWorker: shards, samplesPerShard: samples) }
  }

  /// The largest allowed shard must not make the writer begin another.
  @Test func theLargestShardFitsItsLimit() {
    let header = 1024
    let samples = SampleDataSet.allowedSamplesPerShard.upperBound
    #expect(8 + 4 * samples + header + samples * (4 + TrackWindow.byteCount) <= MDSShardWriter.defaultSizeLimit)
  }
}
