// How values and levels are encoded in pages.

/// An encoding by its number in the format. A number that is not known is an error only where a page has it.
public enum ParquetEncoding: Sendable, Hashable {
  case plain
  case plainDictionary
  /// Runs and bit-packed groups: levels and booleans.
  case rle
  /// Levels of old files, most significant bit first.
  case bitPacked
  case deltaBinaryPacked
  case deltaLengthByteArray
  case deltaByteArray
  case rleDictionary
  case byteStreamSplit
  case alp
  case unknown(Int32)

  public init(rawValue: Int32) {
    self =
      switch rawValue {
      case 0: .plain
      case 2: .plainDictionary
      case 3: .rle
      case 4: .bitPacked
      case 5: .deltaBinaryPacked
      case 6: .deltaLengthByteArray
      case 7: .deltaByteArray
      case 8: .rleDictionary
      case 9: .byteStreamSplit
      case 10: .alp
      default: .unknown(rawValue)
      }
  }

  /// Whether a page holds indices into the chunk's dictionary.
  public var isDictionary: Bool { self == .plainDictionary || self == .rleDictionary }

  /// The format's name, as `RLE_DICTIONARY`.
  public var name: String {
    switch self {
    case .plain: "PLAIN"
    case .plainDictionary: "PLAIN_DICTIONARY"
    case .rle: "RLE"
    case .bitPacked: "BIT_PACKED"
    case .deltaBinaryPacked: "DELTA_BINARY_PACKED"
    case .deltaLengthByteArray: "DELTA_LENGTH_BYTE_ARRAY"
    case .deltaByteArray: "DELTA_BYTE_ARRAY"
    case .rleDictionary: "RLE_DICTIONARY"
    case .byteStreamSplit: "BYTE_STREAM_SPLIT"
    case .alp: "ALP"
    case .unknown(let value): "encoding \(value)"
    }
  }
}
