// The Arrow schema in a footer: what it adds, when it is ignored, and when it is refused. As pyarrow 26 does it.

import NumPyFormat
import ParquetFormat
import Testing

@Suite struct ArrowSchemaTests {
  /// That of pages.parquet: `id: int64, v: fixed_size_list<float>[4]`.
  private static func text() throws -> String { try #require(try Fixtures.file("pages").metadata.value(ofKey: "ARROW:schema")) }

  private static func list(_ name: String) -> Element { .group(name, converted: 3, [.group("list", 2, [.column("element", type: 4)])]) }

  private func leaves(_ columns: [Element], _ text: String?) throws -> [ParquetLeaf] {
    let bytes = footer(columns) { footer in
      footer.list(
        5, type: 12,
        [
          ThriftBuilder.structure { pair in
            pair.string(1, "ARROW:schema")
            if let text { pair.string(2, text) }
          }
        ])
    }
    return Array(try ParquetMetadata(parsing: bytes, fileByteOffset: 4).schema.leaves)
  }

  @Test func lengthsOfListsAreTaken() throws {
    let leaves = try leaves([.column("id", type: 2), Self.list("v")], try Self.text())
    #expect(leaves[1].fixedShape == [4] && leaves[1].lists[0].fixedCount == 4 && leaves[0].fixedShape == [])
  }

  @Test func namesAreNotCompared() throws {
    #expect(try leaves([.column("other", type: 2), Self.list("names")], try Self.text())[1].fixedShape == [4])
  }

  @Test func schemasThatDoNotMatchSayNothing() throws {
    let text = try Self.text()
    #expect(try leaves([Self.list("v")], text)[0].fixedShape == nil)
    #expect(try leaves([.column("id", type: 2), Self.list("v"), .column("more")], text)[1].fixedShape == nil)
    #expect(try leaves([Self.list("v"), .column("id", type: 2)], text)[0].fixedShape == nil)
    #expect(try leaves([.column("id", type: 2), .column("v", 2, type: 4)], text)[1].fixedShape == nil)
    #expect(try leaves([.column("id", type: 2), Self.list("v")], nil)[1].fixedShape == nil)
  }

  @Test func unreadableOnesAreRefused() throws {
    let columns = [Element.column("id", type: 2), Self.list("v")]
    let text = try Self.text()
    for bad in ["", "!!!!", "AAAA", String(text.prefix(40)), String(repeating: "A", count: text.count), String(text.prefix(41)), "////AAAA", "/////////w=="] {
      #expect(throws: ParquetError.self) { try leaves(columns, bad) }
    }
  }

  /// A message whose fields are all the same table, with metadata of a thousand pairs: cheap to write, and made to cost time.
  @Test func sharedTablesDoNotMultiply() throws {
    var message = MessageBuilder()
    let key = message.string(Array(repeating: UInt8(ascii: "k"), count: 20))
    let value = message.string(Array(repeating: UInt8(ascii: "v"), count: 100_000))
    let pair = message.table([.offset(key), .offset(value)])
    let pairs = message.vector(Array(repeating: pair, count: 1000))
    let type = message.table([.int32(4)])
    let child = message.table([.none, .none, .byte(3)])
    let children = message.vector([child])
    let field = message.table([.none, .none, .byte(16), .offset(type), .none, .offset(children), .offset(pairs)])
    let plain = message.table([.none, .none, .byte(16), .offset(type), .none, .offset(children)])
    func text(_ field: Int) -> String {
      var message = message
      let fields = message.vector(Array(repeating: field, count: 2000))
      let schema = message.table([.none, .offset(fields)])
      let root = message.table([.none, .byte(1), .offset(schema)])
      return message.text(root: root)
    }
    let columns = (0..<2000).map { Self.list("l\($0)") }
    #expect(try leaves(columns, text(plain)).allSatisfy { $0.fixedShape == [4] })
    #expect(throws: ParquetError.self) { try leaves(columns, text(field)) }
  }

  /// Every digit of the text replaced by some others.
  @Test(arguments: ["pages", "nested"])
  func everyBitOfTheMessage(name: String) throws {
    let metadata = try Fixtures.file(name).metadata
    let text = Array(try #require(metadata.value(ofKey: "ARROW:schema")).utf8)
    // As deep as any of the file's columns, and quick to read.
    let columns = name == "pages" ? [Element.column("id", type: 2), Self.list("v")] : (0..<14).map { Self.list("l\($0)") }
    var (refused, changed) = (0, 0)
    let whole = try leaves(columns, String(decoding: text, as: UTF8.self))
    for place in stride(from: 0, to: text.count, by: name == "pages" ? 1 : 7) {
      for digit in ["A", "/", "B", "g", "w"] as [Unicode.Scalar] where UInt8(ascii: digit) != text[place] {
        var damaged = text
        damaged[place] = UInt8(ascii: digit)
        do {
          if try leaves(columns, String(decoding: damaged, as: UTF8.self)) != whole { changed += 1 }
        } catch is ParquetError { refused += 1 }
      }
    }
    #expect(refused > 0 && changed > 0)
  }
}
