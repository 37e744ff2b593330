// libFuzzer's entry: an input is a Parquet file, all rows of which are read in every way there is.

import BatchCache
import Compression
import Glibc
import ParquetFormat
import ParquetReading
import Platform

/// - Returns: 0; an input that must not be kept would be -1. Errors are what is expected of most inputs, a trap or a hang is a find.
// Sound: libFuzzer hands `byteCount` readable bytes that live through the call.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafeRawPointer?, _ byteCount: Int) -> CInt {
  let bytes = unsafe RawSpan(_unsafeStart: start ?? UnsafeRawPointer(bitPattern: 8)!, byteCount: byteCount)
  FuzzedFile.shared.write(bytes)
  try? FuzzedFile.shared.readAll()
  return 0
}

/// SwiftPM wants a program's `main` to be its own, so that libFuzzer's is called from it.
@main enum ParquetFuzzer {
  static func main() {
    var count = CommandLine.argc
    var arguments = unsafe UnsafeMutablePointer(CommandLine.unsafeArgv)
    // Sound: what main was called with.
    unsafe exit(runDriver(&count, &arguments, testOneInput))
  }
}

// Sound: declared as FuzzerInterface.h has it; of integers and pointers Swift's calls are C's.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ testOneInput: @convention(c) (UnsafeRawPointer?, Int) -> CInt
) -> CInt

/// A file without a name whose bytes are those of the latest input.
@safe
struct FuzzedFile {
  static let shared = FuzzedFile()

  private let descriptor: Int32
  private let path: String

  init() {
    var template = Array("/tmp/epochfs-fuzzed-XXXXXX".utf8CString)
    // Sound: a C string of our own, which mkstemp writes its six letters into.
    descriptor = unsafe mkstemp(&template)
    precondition(descriptor >= 0, "mkstemp failed")
    // It lives as long as the descriptor.
    unsafe _ = unlink(template)
    path = "/proc/self/fd/\(descriptor)"
  }

  func write(_ bytes: RawSpan) {
    precondition(ftruncate(descriptor, 0) == 0)
    // Sound: as many bytes as the span has, which lives through the call.
    let written = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    precondition(written == bytes.byteCount)
  }

  /// Reads the first rows of every column of the first row groups.
  func readAll() throws(ParquetReadError) {
    let file = try ParquetFile(reading: path)
    let budget = MemoryBudget(capByteCount: Self.capByteCount)
    // Checksums would keep damage from the decoders.
    let reader = ParquetReader(
      memory: ReadingMemory { budget.region(byteCount: $0) }, decompressor: Decompressor(), checksCRC: false, directories: PageDirectoryCache())
    for group in file.metadata.rowGroups.indices.prefix(Self.groupLimit) {
      for leaf in file.metadata.schema.leaves.prefix(Self.leafLimit) {
        guard let chunk = try? ParquetChunk(file: file, fileNumber: 0, leaf: leaf.ordinal, rowGroup: group, shape: leaf.fixedShape) else { continue }
        read(chunk, with: reader, budget)
      }
    }
  }

  private func read(_ chunk: ParquetChunk, with reader: ParquetReader, _ budget: MemoryBudget) {
    let count = min(chunk.rowCount, Self.rowLimit)
    for rows in [0..<count, count / 3..<max(count / 3, count - 1)] {
      _ = try? reader.rows(rows, of: chunk)
      guard let shape = chunk.shape, case .fixed(let type, _) = chunk.leaf.valueType else { continue }
      let rowByteCount = shape.reduce(type.byteCount) { $0.multipliedReportingOverflow(by: $1).partialValue & .max }
      let (byteCount, overflow) = rowByteCount.multipliedReportingOverflow(by: rows.count)
      guard !overflow, rowByteCount > 0, byteCount <= Self.capByteCount / 2, let region = budget.region(byteCount: byteCount + rows.count + 1) else { continue }
      _ = try? reader.fixedRows(rows, of: chunk, into: region.region, valuesByteOffset: 0, nullsByteOffset: byteCount)
      _ = try? reader.eachPage(rows, of: chunk) { _ in }
    }
    _ = try? chunk.firstPages()
  }

  private static let capByteCount = 16 << 20
  private static let groupLimit = 4
  private static let leafLimit = 16
  private static let rowLimit = 4096
}
