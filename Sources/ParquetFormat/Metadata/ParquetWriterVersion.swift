// Which program wrote a file, for the faults some are known for.

/// What `created_by` says: `parquet-mr version 1.12.3 (build f8dced1)`. Text that is not of this form has an application and version 0.0.0.
public struct ParquetWriterVersion: Sendable, Equatable {
  /// As `parquet-cpp-arrow`; empty when the file does not say.
  public let application: String
  public let major: Int
  public let minor: Int
  public let patch: Int

  public init(createdBy: String) {
    let words = createdBy.split(separator: " ", omittingEmptySubsequences: true)
    guard let place = words.firstIndex(of: "version"), place > 0 else {
      application = createdBy
      (major, minor, patch) = (0, 0, 0)
      return
    }
    application = words[..<place].joined(separator: " ")
    // Only leading digits count: `1.5.1-SNAPSHOT`, `1.2.5-cdh4`.
    let version = place + 1 < words.count ? words[place + 1] : ""
    let numbers = version.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map { part in
      Int(part.prefix { $0.isASCII && $0.isNumber }) ?? 0
    }
    (major, minor, patch) = (numbers.first ?? 0, numbers.count > 1 ? numbers[1] : 0, numbers.count > 2 ? numbers[2] : 0)
  }

  private func precedes(_ application: String, _ version: (Int, Int, Int)) -> Bool {
    self.application == application && (major, minor, patch) < version
  }

  // MARK: - Faults

  /// Pages of version 2 say that they are not compressed, but are: Arrow before 3.0, which called itself parquet-cpp (ARROW-10353, ARROW-17100).
  public var deniesCompression: Bool { precedes("parquet-cpp", (2, 0, 0)) }

  /// A chunk's length leaves out its dictionary's header (PARQUET-816).
  public var understatesChunks: Bool { precedes("parquet-mr", (1, 2, 9)) }

  /// Bounds of text, binary and decimals of bytes may be wrong (PARQUET-251). Files that do not say who wrote them may come from there.
  public var hasWrongByteBounds: Bool { precedes("parquet-mr", (1, 8, 0)) || application.isEmpty }

  /// Bounds are right only for types in signed order.
  public var hasOnlySignedBounds: Bool { precedes("parquet-mr", (1, 10, 0)) || precedes("parquet-cpp", (1, 3, 0)) }
}
