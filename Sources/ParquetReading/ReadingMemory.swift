// The memory that pages are read, decompressed and decoded in.

public import BatchCache
internal import Platform

/// Belongs to one thread. Each region grows to what the largest page so far took, and is charged as it grows.
public final class ReadingMemory {
  enum Purpose: Int, CaseIterable {
    /// A page as it is stored, its header before it.
    case stored
    /// A page decompressed.
    case raw
    /// One byte a slot each.
    case repetitionLevels, definitionLevels
    /// The values of a page that are not null, one after another.
    case dense
    /// Rows of a page that were put together to be used from here.
    case rows
    /// Where each text of a page lies, and what was put together of texts that are stored in parts.
    case places, texts
    /// The same of a chunk's dictionary: its page as stored, decompressed, and its values or their places.
    case dictionaryStored, dictionaryRaw, dictionaryValues, dictionaryOffsets
  }

  private var regions: [ChargedRegion?] = Array(repeating: nil, count: Purpose.allCases.count)
  let take: (Int) -> ChargedRegion?

  /// - Parameter take: gives charged memory of at least so many bytes, or nil where the cap has no room.
  public init(take: @escaping (Int) -> ChargedRegion?) { self.take = take }

  /// At least `byteCount` bytes, of no defined value; those of the last call for the same purpose are gone.
  func region(_ purpose: Purpose, byteCount: Int) throws(ParquetReadError) -> MappedRegion {
    if let region = regions[purpose.rawValue], region.region.byteCount >= byteCount { return region.region }
    regions[purpose.rawValue] = nil
    // Pages grow by little: a quarter more saves taking a new region for each.
    let generous = byteCount < Self.trimmedByteCount ? max(Self.leastByteCount, byteCount + byteCount / 4) : byteCount
    guard let region = take(generous) ?? take(max(1, byteCount)) else { throw .noMemory(byteCount: byteCount) }
    regions[purpose.rawValue] = region
    return region.region
  }

  /// The charged memory of a purpose, for rows that are used where they lie.
  func charged(_ purpose: Purpose) -> ChargedRegion? { regions[purpose.rawValue] }

  /// Gives back what unusually large pages took.
  public func trim() {
    for index in regions.indices where (regions[index]?.region.byteCount ?? 0) > Self.trimmedByteCount { regions[index] = nil }
  }

  /// Gives all back: it is taken again page by page.
  public func giveBack() {
    for index in regions.indices { regions[index] = nil }
  }

  private static let leastByteCount = 64 << 10
  private static let trimmedByteCount = 4 << 20
}
