// Where the elements of arrays lie whose type and shape a configuration declares.

internal import ByteParsing
public import NumPyFormat

extension MDSShardLayout {
  /// The byte offsets in the shard of the first elements of one column's arrays, which must all have this type and shape;
  /// of all samples, or of `samples`, whose bytes alone are looked at then.
  ///
  /// For `ndarray` columns whose values carry their shape, every header is checked; for all others the bytes of every value are counted.
  /// - Throws: as `fieldOffsets`, and `.field` with `.arrayType` for the first array that is another; `.impossibleShape`.
  public func arrayOffsets(
    column: Int, elementType: ElementType, shape: [Int], samples: Range<Int>? = nil, in bytes: RawSpan
  ) throws(MDSError) -> [UInt64] {
    guard let payload = ArrayShape.byteCount(shape, elementType: elementType), shape.count <= 63 else { throw .impossibleShape(shape) }
    let known: ElementType?
    switch schema[column].encoding {
    case .array: known = nil
    case .typedArray(let type): known = type
    default: return try fieldOffsets(column: column, byteCount: payload, samples: samples, in: bytes)
    }
    let header = MDSNDArrayHeader.bytes(elementType: elementType, shape: shape, isTyped: known != nil)
    let (byteCount, overflow) = payload.addingReportingOverflow(header.count)
    guard !overflow else { throw .impossibleShape(shape) }
    var offsets: [UInt64]
    do throws(MDSError) {
      offsets = try fieldOffsets(column: column, byteCount: byteCount, samples: samples, in: bytes)
    } catch .fieldByteCount(let sample, _, _, _, _) {
      // The bytes differ because the shape does: that says more.
      let field = try fieldRange(sample: sample, column: column, in: bytes)
      throw wrongArray(sample, column, field, known, elementType, shape, bytes)
    }
    let first = samples?.lowerBound ?? 0
    for index in offsets.indices {
      let sample = first + index
      let start = Int(offsets[index])
      let isExpected = header.indices.allSatisfy { bytes.littleEndianUInt8(at: start + $0) == header[$0] }
      guard isExpected, known == nil || known == elementType else {
        throw wrongArray(sample, column, start..<start + byteCount, known, elementType, shape, bytes)
      }
      offsets[index] += UInt64(header.count)
    }
    return offsets
  }

  /// Says what an array is instead of what it should be.
  private func wrongArray(
    _ sample: Int, _ column: Int, _ field: Range<Int>, _ known: ElementType?, _ elementType: ElementType, _ shape: [Int], _ bytes: RawSpan
  ) -> MDSError {
    let fault: MDSError
    do throws(MDSError) {
      let found = try MDSNDArrayHeader(parsing: bytes.extracting(field), elementType: known)
      fault = .arrayType(found: found.elementType, foundShape: found.shape, expected: elementType, expectedShape: shape)
    } catch {
      fault = error
    }
    return .field(sample: sample, column: schema[column].name, byteOffset: field.lowerBound, fault)
  }
}
