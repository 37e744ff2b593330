// Which bounds of a column can be trusted.

import ParquetFormat
import Testing

@Suite struct BoundsTests {
  /// The bounds that a chunk of one column gives; a footer is made of them.
  private func bounds(
    type: Int, length: Int? = nil, converted: Int? = nil, precision: Int? = nil, logical: Int? = nil, _ minimum: [UInt8]?, _ maximum: [UInt8]?,
    deprecated: Bool = false,
    order: Int? = 1, createdBy: String = "parquet-cpp-arrow version 20.0.0"
  ) throws -> ParquetBounds {
    let column = Element(name: "x", type: type, typeLength: length, converted: converted, precision: precision, logical: logical)
    let chunk = ThriftBuilder.structure { chunk in
      chunk.structure(3) { inner in
        inner.i32(1, type)
        inner.list(2, type: 5, [])
        inner.list(3, type: 8, [[1, UInt8(ascii: "x")]])
        inner.i32(4, 0)
        inner.i64(5, 1)
        inner.i64(6, 10)
        inner.i64(7, 10)
        inner.i64(9, 4)
        inner.structure(12) { statistics in
          if let maximum { statistics.binary(deprecated ? 1 : 5, maximum) }
          if let minimum { statistics.binary(deprecated ? 2 : 6, minimum) }
        }
      }
    }
    let bytes = ThriftBuilder.structure { footer in
      footer.i32(1, 1)
      footer.list(2, type: 12, Element.group("schema", nil, [column]).flat.map(\.bytes))
      footer.i64(3, 1)
      footer.list(
        4, type: 12,
        [
          ThriftBuilder.structure { group in
            group.list(1, type: 12, [chunk])
            group.i64(2, 10)
            group.i64(3, 1)
          }
        ])
      footer.string(6, createdBy)
      if let order { footer.list(7, type: 12, [ThriftBuilder.structure { $0.structure(order) { _ in } }]) }
    }
    let metadata = try ParquetMetadata(parsing: bytes, fileByteOffset: 1000)
    let statistics = try #require(try metadata.columnChunk(rowGroup: 0, leaf: 0).statistics)
    return metadata.schema.leaf(0).bounds(of: statistics, order: metadata.columnOrder(leaf: 0), writer: metadata.writer)
  }

  private static let none = ParquetBounds(minimum: nil, maximum: nil)

  private func le<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] { (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }

  @Test func numbersAreRead() throws {
    #expect(try bounds(type: 1, le(Int32(-5)), le(Int32(7))) == ParquetBounds(minimum: .integer(-5), maximum: .integer(7)))
    #expect(try bounds(type: 2, le(Int64.min), le(Int64.max)) == ParquetBounds(minimum: .integer(.min), maximum: .integer(.max)))
    #expect(try bounds(type: 2, converted: 14, le(UInt64(1)), le(UInt64.max)) == ParquetBounds(minimum: .unsigned(1), maximum: .unsigned(.max)))
    #expect(try bounds(type: 0, [0], [1]) == ParquetBounds(minimum: .integer(0), maximum: .integer(1)))
    #expect(try bounds(type: 5, le((-1.5).bitPattern), le(2.0.bitPattern)) == ParquetBounds(minimum: .real(-1.5), maximum: .real(2)))
    #expect(try bounds(type: 7, length: 2, logical: 15, [0x00, 0xC0], [0xFF, 0x7B]) == ParquetBounds(minimum: .real(-2), maximum: .real(65504)))
    #expect(try bounds(type: 7, length: 2, logical: 15, [0x01, 0x00], [0x00, 0x7C]) == ParquetBounds(minimum: .real(0x1p-24), maximum: .real(.infinity)))
    #expect(try bounds(type: 6, converted: 0, [65], [65, 66]) == ParquetBounds(minimum: .bytes([65]), maximum: .bytes([65, 66])))
    #expect(
      try bounds(type: 7, length: 3, converted: 5, precision: 5, [0xFF, 0xFF, 0xFE], [0, 1, 0]) == ParquetBounds(minimum: .integer(-2), maximum: .integer(256)))
    #expect(try bounds(type: 1, le(Int32(1)), nil) == ParquetBounds(minimum: .integer(1), maximum: nil))
  }

  /// In each way of storing them; `wide` are 16 or 32 bytes, the lowest first.
  @Test func decimalsAreRead() throws {
    func wide(_ value: Int128, _ byteCount: Int) -> [UInt8] {
      (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> min(127, 8 * $0)) }
    }
    func big(_ value: Int128, _ byteCount: Int) -> [UInt8] { wide(value, byteCount).reversed() }
    #expect(try bounds(type: 1, converted: 5, precision: 9, le(Int32(-5)), le(Int32(7))) == ParquetBounds(minimum: .integer(-5), maximum: .integer(7)))
    #expect(try bounds(type: 2, converted: 5, precision: 18, le(Int64(-5)), le(Int64(7))) == ParquetBounds(minimum: .integer(-5), maximum: .integer(7)))
    let many = Int128(1) << 100
    #expect(
      try bounds(type: 7, length: 16, converted: 5, precision: 38, big(-many, 16), big(many, 16))
        == ParquetBounds(minimum: .wide(wide(-many, 16)), maximum: .wide(wide(many, 16))))
    #expect(
      try bounds(type: 6, converted: 5, precision: 30, [0xFF], [1, 0]) == ParquetBounds(minimum: .wide(wide(-1, 16)), maximum: .wide(wide(256, 16))))
    #expect(
      try bounds(type: 7, length: 20, converted: 5, precision: 48, big(-many, 20), big(-1, 20))
        == ParquetBounds(minimum: .wide(wide(-many, 32)), maximum: .wide(wide(-1, 32))))
    // More bytes than 64 bits need, as some writers have it; and of another length than the column's, beyond 64 bits, or the wrong way round.
    #expect(try bounds(type: 7, length: 12, converted: 5, precision: 9, big(-2, 12), big(9, 12)) == ParquetBounds(minimum: .integer(-2), maximum: .integer(9)))
    #expect(try bounds(type: 7, length: 12, converted: 5, precision: 9, big(-2, 11), big(9, 13)) == Self.none)
    #expect(try bounds(type: 7, length: 12, converted: 5, precision: 9, big(-many / 64, 12), big(9, 12)) == ParquetBounds(minimum: nil, maximum: .integer(9)))
    #expect(try bounds(type: 7, length: 16, converted: 5, precision: 38, big(many, 16), big(-many, 16)) == Self.none)
    #expect(try bounds(type: 6, converted: 5, precision: 30, Array(repeating: 0, count: 64), [1]) == ParquetBounds(minimum: nil, maximum: .wide(wide(1, 16))))
  }

  @Test func zeroHasTwoSigns() throws {
    let found = try bounds(type: 4, le(Float(0).bitPattern), le(Float(-0.0).bitPattern))
    guard case .real(let low)? = found.minimum, case .real(let high)? = found.maximum else {
      Issue.record("\(found)")
      return
    }
    #expect(low.sign == .minus && high.sign == .plus)
  }

  @Test func whatCannotBeTrustedIsLeftOut() throws {
    #expect(try bounds(type: 5, le(Double.nan.bitPattern), le(2.0.bitPattern)) == ParquetBounds(minimum: nil, maximum: .real(2)))
    #expect(try bounds(type: 1, le(Int32(7)), le(Int32(5))) == Self.none)
    #expect(try bounds(type: 1, le(Int64(1)), le(Int64(2))) == Self.none)
    #expect(try bounds(type: 1, [], []) == Self.none)
    #expect(try bounds(type: 0, [0], [2]) == ParquetBounds(minimum: .integer(0), maximum: nil))
    // Without an order, and with one that is not known.
    #expect(try bounds(type: 1, le(Int32(1)), le(Int32(2)), order: nil) == Self.none)
    #expect(try bounds(type: 1, le(Int32(1)), le(Int32(2)), order: 9) == Self.none)
    // The order of another type.
    #expect(try bounds(type: 1, le(Int32(1)), le(Int32(2)), order: 2) == Self.none)
    #expect(try bounds(type: 4, le(Float(1).bitPattern), le(Float(2).bitPattern), order: 2) == ParquetBounds(minimum: .real(1), maximum: .real(2)))
    // Types without an order.
    #expect(try bounds(type: 7, length: 12, converted: 21, Array(repeating: 0, count: 12), Array(repeating: 1, count: 12)) == Self.none)
    #expect(try bounds(type: 6, logical: 17, [1], [2]) == Self.none)
    #expect(try bounds(type: 6, logical: 2555, [1], [2]) == Self.none)
  }

  @Test func timestampsOf96BitsHaveAnOrderOfTheirOwn() throws {
    // 1970-01-01 and a nanosecond of the next day.
    let (first, last) = (le(Int64(0)) + le(Int32(2_440_588)), le(Int64(1)) + le(Int32(2_440_589)))
    #expect(try bounds(type: 3, first, last) == Self.none)
    #expect(try bounds(type: 3, first, last, order: 3) == ParquetBounds(minimum: .integer(0), maximum: .integer(86_400_000_000_001)))
    #expect(try bounds(type: 3, first, le(Int64(0)) + le(Int32.max), order: 3) == ParquetBounds(minimum: .integer(0), maximum: nil))
  }

  @Test func oldBoundsCountForSignedTypesAlone() throws {
    #expect(try bounds(type: 1, le(Int32(-1)), le(Int32(2)), deprecated: true, order: nil) == ParquetBounds(minimum: .integer(-1), maximum: .integer(2)))
    #expect(try bounds(type: 1, converted: 13, le(Int32(1)), le(Int32(2)), deprecated: true, order: nil) == Self.none)
    #expect(try bounds(type: 6, converted: 0, [65], [66], deprecated: true, order: nil) == Self.none)
    #expect(try bounds(type: 3, Array(repeating: 1, count: 12), Array(repeating: 2, count: 12), deprecated: true, order: nil) == Self.none)
  }

  @Test func writersAreKnownForTheirFaults() throws {
    #expect(try bounds(type: 6, converted: 0, [65], [66], createdBy: "parquet-mr version 1.7.0") == Self.none)
    #expect(try bounds(type: 6, converted: 0, [65], [66], createdBy: "parquet-mr version 1.9.0") == Self.none)
    #expect(try bounds(type: 6, converted: 0, [65], [66], createdBy: "") == Self.none)
    #expect(
      try bounds(type: 6, converted: 0, [65], [66], createdBy: "parquet-mr version 1.10.0") == ParquetBounds(minimum: .bytes([65]), maximum: .bytes([66])))
    #expect(try bounds(type: 6, converted: 0, [65], [65], createdBy: "parquet-mr version 1.7.0") == ParquetBounds(minimum: .bytes([65]), maximum: .bytes([65])))
    #expect(try bounds(type: 1, le(Int32(1)), le(Int32(2)), createdBy: "parquet-mr version 1.7.0") == ParquetBounds(minimum: .integer(1), maximum: .integer(2)))
  }
}
