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
