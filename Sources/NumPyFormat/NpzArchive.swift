// Where the parts of a `.npz` file lie: a zip archive whose members, `.npy` files, are stored as they are.

/// The layout of an archive of arrays whose sizes are known. Its bytes are a function of the arrays alone: every member has the date 1980-01-01.
///
/// An archive is written in three steps: `fragments` (all but elements and checksums), the elements at `payloadOffset`, the checksums at `checksumOffsets`.
/// Archives beyond 4 GiB are in the form of zip64.
public struct NpzArchive: Sendable {
  /// One array of the archive.
  public struct Member: Sendable {
    /// Without `.npy`.
    public let name: String
    public let header: [UInt8]
    /// The bytes of its elements.
    public let payloadByteCount: Int

    /// - Precondition: the name has at most 60,000 bytes, the sum of all sizes is below 2^62.
    public init(name: String, header: [UInt8], payloadByteCount: Int) {
      precondition(name.utf8.count <= 60_000 && payloadByteCount >= 0)
      self.name = name
      self.header = header
      self.payloadByteCount = payloadByteCount
    }

    var byteCount: Int { header.count + payloadByteCount }
    var fileName: [UInt8] { Array((name + ".npy").utf8) }
  }

  /// The most that its directory can count.
  public static let memberLimit = 65_535

  public let members: [Member]
  /// The size of the whole archive.
  public let byteCount: Int
  private let isLarge: Bool
  /// Where each member's local header begins, and the central directory behind the last member.
  private let offsets: [Int]
  /// Where each member's entry begins in the directory.
  private let entryOffsets: [Int]

  /// - Precondition: at most `memberLimit` members.
  public init(_ members: [Member]) {
    precondition(members.count <= Self.memberLimit)
    self.members = members
    let small = Self.measure(members, isLarge: false)
    isLarge = small.total > 0xFFFF_FFFE
    (offsets, entryOffsets, byteCount) = isLarge ? Self.measure(members, isLarge: true) : small
  }

  private static func measure(_ members: [Member], isLarge: Bool) -> (offsets: [Int], entryOffsets: [Int], total: Int) {
    var offsets: [Int] = []
    var entryOffsets: [Int] = []
    var next = 0
    var directory = 0
    for member in members {
      offsets.append(next)
      entryOffsets.append(directory)
      next += 30 + member.fileName.count + (isLarge ? 20 : 0) + member.byteCount
      directory += 46 + member.fileName.count + (isLarge ? 28 : 0)
    }
    offsets.append(next)
    return (offsets, entryOffsets, next + directory + (isLarge ? 56 + 20 : 0) + 22)
  }

  /// Where the `.npy` file of a member begins.
  public func memberOffset(_ member: Int) -> Int { offsets[member] + 30 + members[member].fileName.count + (isLarge ? 20 : 0) }

  /// Where the elements of a member begin.
  public func payloadOffset(_ member: Int) -> Int { memberOffset(member) + members[member].header.count }

  /// The bytes of a member that its checksum is of: its whole `.npy` file.
  public func checkedRange(_ member: Int) -> Range<Int> { memberOffset(member)..<memberOffset(member) + members[member].byteCount }

  /// The two places of a member's CRC-32, four bytes each, little-endian.
  public func checksumOffsets(_ member: Int) -> [Int] {
    [offsets[member] + 14, offsets[members.count] + entryOffsets[member] + 16]
  }

  /// All bytes but the members' elements, with zeros for checksums, and where they stand.
  public var fragments: [(byteOffset: Int, bytes: [UInt8])] {
    var fragments = members.indices.map { (offsets[$0], localHeader($0) + members[$0].header) }
    fragments.append((offsets[members.count], directory))
    return fragments
  }

  // MARK: - Records

  /// 4.5 knows zip64.
  private var version: Int { isLarge ? 45 : 20 }
  private static let largeSize = 0xFFFF_FFFF
  /// 1980-01-01.
  private static let date = 1 << 5 | 1
  /// Names are UTF-8.
  private static let flags = 1 << 11

  private func localHeader(_ member: Int) -> [UInt8] {
    let size = members[member].byteCount
    let name = members[member].fileName
    var record = Record()
    record.add(0x0403_4B50, 4)
    record.add([version, Self.flags, 0, 0, Self.date], 2)
    record.add(0, 4)
    record.add([isLarge ? Self.largeSize : size, isLarge ? Self.largeSize : size], 4)
    record.add([name.count, isLarge ? 20 : 0], 2)
    record.bytes += name
    if isLarge {
      record.add([1, 16], 2)
      record.add([size, size], 8)
    }
    return record.bytes
  }

  private var directory: [UInt8] {
    let start = offsets[members.count]
    var record = Record()
    for (member, description) in members.enumerated() {
      let size = description.byteCount
      let name = description.fileName
      record.add(0x0201_4B50, 4)
      record.add([version, version, Self.flags, 0, 0, Self.date], 2)
      record.add(0, 4)
      record.add([isLarge ? Self.largeSize : size, isLarge ? Self.largeSize : size], 4)
      record.add([name.count, isLarge ? 28 : 0, 0, 0, 0], 2)
      record.add([0, isLarge ? Self.largeSize : offsets[member]], 4)
      record.bytes += name
      if isLarge {
        record.add([1, 24], 2)
        record.add([size, size, offsets[member]], 8)
      }
    }
    let byteCount = record.bytes.count
    if isLarge {
      record.add(0x0606_4B50, 4)
      record.add(44, 8)
      record.add([version, version], 2)
      record.add([0, 0], 4)
      record.add([members.count, members.count, byteCount, start], 8)
      record.add([0x0706_4B50, 0], 4)
      record.add(start + byteCount, 8)
      record.add(1, 4)
    }
    record.add(0x0605_4B50, 4)
    record.add([0, 0, members.count, members.count], 2)
    record.add([isLarge ? Self.largeSize : byteCount, isLarge ? Self.largeSize : start], 4)
    record.add(0, 2)
    return record.bytes
  }

  /// Little-endian numbers one after another.
  private struct Record {
    var bytes: [UInt8] = []
    mutating func add(_ value: Int, _ byteCount: Int) { for byte in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) } }
    mutating func add(_ values: [Int], _ byteCount: Int) { for value in values { add(value, byteCount) } }
  }
}
