// Schemas that only old writers wrote, or that nobody should.

import NumPyFormat
import ParquetFormat
import Testing

@Suite struct SchemaTests {
  private func leaves(_ columns: [Element]) throws -> [ParquetLeaf] {
    Array(try ParquetMetadata(parsing: footer(columns), fileByteOffset: 4).schema.leaves)
  }

  /// The examples of LogicalTypes.md, "Backward-compatibility rules" and "Maps", with the names that users see.
  @Test(arguments: [
    // Three levels, as they should be, and with other names.
    (Element.group("l", converted: 3, [.group("list", 2, [.column("element")])]), ["l"], [[1]]),
    (Element.group("l", converted: 3, [.group("element", 2, [.column("str", 0)])]), ["l"], [[1]]),
    // 1: elements are not groups.
    (Element.group("l", converted: 3, [.column("element", 2)]), ["l"], [[1]]),
    // 2: groups of several fields.
    (Element.group("l", converted: 3, [.group("element", 2, [.column("str", 0), .column("num", 0)])]), ["l.str", "l.num"], [[1], [1]]),
    // 3: groups of one repeated field.
    (Element.group("l", converted: 3, [.group("bag", 2, [.column("x", 2)])]), ["l.x"], [[1, 2]]),
    // 3, nested: a list of lists of two levels each.
    (Element.group("l", converted: 3, [.group("array", 2, converted: 3, [.column("array", 2)])]), ["l"], [[1, 2]]),
    // 4: groups named array or NAME_tuple.
    (Element.group("l", converted: 3, [.group("array", 2, [.column("str", 0)])]), ["l.str"], [[1]]),
    (Element.group("l", converted: 3, [.group("l_tuple", 2, [.column("str", 0)])]), ["l.str"], [[1]]),
    // 5: but not another's tuple.
    (Element.group("l", converted: 3, [.group("k_tuple", 2, [.column("str", 0)])]), ["l"], [[1]]),
    // Not annotated at all.
    (Element.column("num", 2), ["num"], [[0]]),
    (Element.group("my_list", 2, [.column("num", 0), .column("str")]), ["my_list.num", "my_list.str"], [[0], [0]]),
    // Maps, with names that mean nothing, by the older annotation, and without values.
    (Element.group("m", converted: 1, [.group("key_value", 2, [.column("key", 0), .column("value")])]), ["m.key", "m.value"], [[1], [1]]),
    (Element.group("m", converted: 2, [.group("map", 2, [.column("str", 0), .column("num")])]), ["m.key", "m.value"], [[1], [1]]),
    (Element.group("m", converted: 1, [.group("key_value", 2, converted: 2, [.column("key", 0)])]), ["m"], [[1]]),
    // A map of lists, and a list of maps.
    (
      Element.group("m", converted: 1, [.group("kv", 2, [.column("k", 0), .group("v", converted: 3, [.group("list", 2, [.column("element")])])])]),
      ["m.key", "m.value"], [[1], [1, 3]]
    ),
    (
      Element.group("l", converted: 3, [.group("list", 2, [.group("element", converted: 1, [.group("kv", 2, [.column("k", 0), .column("v")])])])]),
      ["l.key", "l.value"], [[1, 3], [1, 3]]
    ),
    // Annotations that do not fit say nothing.
    (Element.group("l", converted: 3, [.column("a"), .column("b")]), ["l.a", "l.b"], [[], []]),
    (Element.group("l", converted: 3, [.column("a")]), ["l.a"], [[]]),
    (Element.group("s", 0, [.column("list", 0), .group("element", 0, [.column("list", 0)])]), ["s.list", "s.element.list"], [[], []]),
  ])
  func listsAndMaps(column: Element, names: [String], existsLevels: [[Int]]) throws {
    let leaves = try leaves([column])
    #expect(leaves.map(\.name) == names)
    #expect(leaves.map { $0.lists.map(\.existsLevel) } == existsLevels)
  }

  /// type, length, converted type, precision, and what is made of them.
  @Test(
    arguments: [
      (0, nil, nil, nil, .fixed(.bool, .bits)), (1, nil, nil, nil, .fixed(.int32, .copy)), (2, nil, nil, nil, .fixed(.int64, .copy)),
      (3, nil, nil, nil, .fixed(.datetime64(.nanoseconds), .int96ToNanoseconds)), (4, 32, nil, nil, .fixed(.float32, .copy)),
      (5, nil, nil, nil, .fixed(.float64, .copy)),
      (6, nil, nil, nil, .bytes(isText: false)), (7, 5, nil, nil, .fixed(.void(byteCount: 5), .copy)), (6, nil, 0, nil, .bytes(isText: true)),
      (6, nil, 4, nil, .bytes(isText: true)),
      (6, nil, 19, nil, .bytes(isText: true)), (6, nil, 20, nil, .bytes(isText: false)), (1, nil, 5, 9, .fixed(.int64, .widenInt32)),
      (2, nil, 5, 18, .fixed(.int64, .copy)),
      (7, 8, 5, 18, .fixed(.int64, .bigEndianInteger)), (7, 20, 5, 18, .fixed(.int64, .bigEndianInteger)), (6, nil, 5, 4, .fixed(.int64, .bigEndianInteger)),
      (6, nil, 5, 19, .fixed(.void(byteCount: 16), .bigEndianInteger)), (7, 17, 5, 38, .fixed(.void(byteCount: 16), .bigEndianInteger)),
      (7, 17, 5, 39, .fixed(.void(byteCount: 32), .bigEndianInteger)), (1, nil, 6, nil, .fixed(.datetime64(.days), .widenInt32)),
      (1, nil, 7, nil, .fixed(.timedelta64(.milliseconds), .widenInt32)), (2, nil, 8, nil, .fixed(.timedelta64(.microseconds), .copy)),
      (2, nil, 9, nil, .fixed(.datetime64(.milliseconds), .copy)), (2, nil, 10, nil, .fixed(.datetime64(.microseconds), .copy)),
      (1, nil, 11, nil, .fixed(.uint8, .narrowInt32)),
      (1, nil, 12, nil, .fixed(.uint16, .narrowInt32)), (1, nil, 13, nil, .fixed(.uint32, .copy)), (2, nil, 14, nil, .fixed(.uint64, .copy)),
      (1, nil, 15, nil, .fixed(.int8, .narrowInt32)),
      (1, nil, 16, nil, .fixed(.int16, .narrowInt32)), (1, nil, 17, nil, .fixed(.int32, .copy)), (2, nil, 18, nil, .fixed(.int64, .copy)),
      (7, 12, 21, nil, .fixed(.void(byteCount: 12), .copy)), (2, nil, 99, nil, .fixed(.int64, .copy)),
    ] as [(Int, Int?, Int?, Int?, ParquetValueType)])
  func typesOfOldFiles(type: Int, length: Int?, converted: Int?, precision: Int?, expected: ParquetValueType) throws {
    let leaf = try leaves([Element(name: "x", type: type, typeLength: length, converted: converted, precision: precision)])[0]
    #expect(leaf.valueType == expected)
  }

  /// What contradicts itself or is not known is one column's fault, not the file's.
  @Test(arguments: [
    Element(name: "x", type: 7), Element(name: "x", type: 7, typeLength: 0), Element(name: "x", type: 7, typeLength: -3),
    Element(name: "x", type: 2, converted: 0),
    Element(name: "x", type: 5, converted: 5, precision: 3), Element(name: "x", type: 7, typeLength: 4, converted: 5, precision: 0),
    Element(name: "x", type: 7, typeLength: 40, converted: 5, precision: 90), Element(name: "x", type: 2, converted: 6),
    Element(name: "x", type: 2, converted: 11),
    Element(name: "x", type: 7, typeLength: 11, converted: 21), Element(name: "x", type: 7, typeLength: 15, logical: 14),
    Element(name: "x", type: 4, logical: 15),
    Element(name: "x", repetition: nil, type: 1), Element(name: "x", repetition: 3, type: 1), Element(name: "x", type: 6, logical: 16),
    Element(
      name: "x", type: 2, logical: 8,
      logicalFields: {
        $0.boolean(1, true); $0.structure(2) { $0.structure(4) { _ in } }
      }),
    Element(
      name: "x", type: 2, logical: 10,
      logicalFields: {
        $0.raw(1, type: 3, [24]); $0.boolean(2, true)
      }),
  ])
  func unreadableColumnsAreAlone(column: Element) throws {
    let leaves = try leaves([column, .column("y", type: 5)])
    guard case .unreadable(let reason) = leaves[0].valueType else {
      Issue.record("\(leaves[0].valueType)")
      return
    }
    #expect(!reason.isEmpty && leaves[1].valueType == .fixed(.float64, .copy))
  }

  /// New types of values are shown as what is stored, under the older annotation if there is one.
  @Test func unknownLogicalTypes() throws {
    #expect(try leaves([Element(name: "x", type: 6, logical: 2555)])[0].valueType == .bytes(isText: false))
    #expect(try leaves([Element(name: "x", type: 1, converted: 6, logical: 2555)])[0].valueType == .fixed(.datetime64(.days), .widenInt32))
    #expect(try leaves([Element(name: "x", type: 1, logical: 11)])[0].valueType == .fixed(.int32, .copy))
    #expect(try leaves([Element(name: "x", type: 6, logical: 17, logicalFields: { $0.string(1, "EPSG:4326") })])[0].valueType == .bytes(isText: false))
  }

  @Test func unknownRepetitionMakesWhatIsBelowUnreadable() throws {
    let leaves = try leaves([.group("v", 3, [.column("a"), .group("b", 0, [.column("c")])]), .column("d")])
    for leaf in leaves[..<2] {
      guard case .unreadable(let reason) = leaf.valueType else {
        Issue.record("\(leaf)")
        continue
      }
      #expect(reason.contains("'v'") && reason.contains("3"))
    }
    #expect(leaves[2].valueType == .fixed(.int32, .copy))
  }

  /// A long name around many columns would be repeated for each.
  @Test func namesMayNotMultiply() throws {
    let name = String(repeating: "n", count: 1 << 20)
    func tree(_ count: Int) -> [Element] { [.group(name, 0, Array(repeating: .column("c"), count: count))] }
    #expect(try leaves(tree(200)).count == 200)
    #expect(throws: ParquetError.self) { try leaves(tree(300)) }
  }

  @Test func impossibleTreesAreRefused() throws {
    func elements(_ elements: [[UInt8]]) -> [UInt8] {
      ThriftBuilder.structure { footer in
        footer.i32(1, 1)
        footer.list(2, type: 12, elements)
        footer.i64(3, 0)
        footer.list(4, type: 12, [])
      }
    }
    func group(_ count: Int) -> [UInt8] {
      ThriftBuilder.structure { element in
        element.string(4, "g")
        element.i32(5, count)
      }
    }
    let column = Element.column("c").bytes
    let good = [[group(0)], [group(1), column], [group(2), group(1), column, column]]
    for tree in good { _ = try ParquetMetadata(parsing: elements(tree), fileByteOffset: 4) }
    let deep = Array(repeating: group(1), count: 101) + [column]
    let bad = [
      [], [column], [group(2), column], [group(1), column, column], [group(Int(Int32.max)), column], [group(-1)], deep,
      [group(1), Element(name: "c", type: 9).bytes],
    ]
    for tree in bad { #expect(throws: ParquetError.self) { try ParquetMetadata(parsing: elements(tree), fileByteOffset: 4) } }
    _ = try ParquetMetadata(parsing: elements(Array(repeating: group(1), count: 99) + [column]), fileByteOffset: 4).schema.leaf(0)
  }
}

extension Element: CustomTestStringConvertible {
  var testDescription: String { "\(name) \(children.map(\.name))" }
}
