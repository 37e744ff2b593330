// The sentences of MDS errors: what, where, found, expected.

internal import NumPyFormat

extension MDSError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformedIndex(let error): "index: \(error)"
    case .missingField(let name, let shard, let line): "index, line \(line): \(Self.place(shard))key '\(name)' is missing"
    case .invalidField(let name, let shard, let line, let found, let expected):
      "index, line \(line): \(Self.place(shard))'\(name)' is \(found), expected \(expected)"
    case .compression(let error, let shard, let line): "index, line \(line): shard \(shard): \(error)"
    case .limitExceeded(let what, let shard, let limit): "index: \(Self.place(shard))more than \(limit) \(what)"
    case .shardTooShort(let found, let expected): "shard of \(found) bytes, its table of offsets alone needs \(expected)"
    case .shardTooLong(let found, let limit): "shard of \(found) bytes, which its offsets of 32 bits cannot reach; at most \(limit)"
    case .sampleCount(let found, let expected): "shard says it has \(found) samples, the index says \(expected)"
    case .sampleOffset(let entry, let byteOffset, let found, let expected):
      "byte \(byteOffset): offset \(entry) is \(found), expected \(expected.lowerBound == expected.upperBound ? "\(expected.lowerBound)" : "\(expected.lowerBound) to \(expected.upperBound)")"
    case .sampleByteCount(let sample, let byteOffset, let found, let expected):
      "sample \(sample) at byte \(byteOffset): its fields take \(found) bytes, its offsets say \(expected)"
    case .fieldByteCount(let sample, let column, let byteOffset, let found, let expected):
      "sample \(sample), column '\(column)' at byte \(byteOffset): \(found) bytes, expected \(expected)"
    case .noSample(let sample, let sampleCount): "no sample \(sample) in a shard of \(sampleCount)"
    case .shardChanged(let found, let expected): "\(found) bytes, where a shard of \(expected) was examined"
    case .arrayTooShort(let byteOffset, let found, let expected): "array header, byte \(byteOffset): \(found) bytes left, expected \(expected)"
    case .unknownElementType(let code): "array header: unknown element type \(code)"
    case .impossibleShape(let shape): "array header: impossible shape \(shape)"
    case .arrayByteCount(let type, let shape, let found, let expected): "array of \(type.name) \(shape): \(found) bytes, expected \(expected)"
    case .arrayType(let found, let foundShape, let expected, let expectedShape):
      "array of \(found.name) \(foundShape), expected \(expected.name) \(expectedShape)"
    case .field(let sample, let column, let byteOffset, let error): "sample \(sample), column '\(column)' at byte \(byteOffset): \(error)"
    case .columnsNotSorted: "columns are not sorted by name, each once"
    case .compressionFailed(let error): "\(error)"
    case .hashFailed(let error): "\(error)"
    case .fieldCount(let found, let expected): "a sample of \(found) fields, expected \(expected)"
    }
  }

  private static func place(_ shard: Int?) -> String { shard.map { "shard \($0): " } ?? "" }
}
