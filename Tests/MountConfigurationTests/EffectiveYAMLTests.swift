// The configuration written back.

import Testing

@testable import MountConfiguration

struct EffectiveYAMLTests {
  @Test func defaultsAreFilledIn() throws {
    #expect(
      try parse(sampleYAML).effectiveYAML == """
        version: 1
        name: ais
        memory: auto
        threads: auto
        serve: auto
        verify: auto
        state: /var/cache/epochfs
        allow_other: false
        sources:
          windows:
            format: mds
            path: /configs/mds
            columns:
              features: {dtype: float32, shape: [928, 5], channels: [lat, lon, sog, cog, dt_seconds]}
            verify: auto
        views:
          train:
            source: windows
            layout: batches
            batch_size: 64
            drop_last: false
            files: [npy]
            epochs: 3
            order: {algorithm: window, seed: 42, block: 512MiB}
            tensors:
              input:
                column: features
                slice: ":128"
                transform:
                  lat: [{divide: 90}]
                  cog: [{sin_cos: degrees}]
                  dt_seconds: [log1p, {divide: 10}]
              target:
                column: features
                slice: "128:"
                channels: [lat, lon]
          plain:
            source: windows
            layout: batches
            batch_size: 1
            drop_last: false
            files: [npy]
            order: {algorithm: sequential}

        """)
  }

  @Test func viewsOfArraysHaveNoKeysOfBatches() throws {
    let text = "version: 1\nname: a\nsources: {s: {format: mds, path: /s}}\nviews: {.: {source: s, layout: arrays}}\n"
    let written = try parse(text).effectiveYAML
    #expect(written.hasSuffix("    source: s\n    layout: arrays\n"), "\(written)")
    #expect(try parse(written) == parse(text))
  }

  @Test(arguments: [
    sampleYAML, sampleYAML + "memory: 1000003\nthreads: 3\nuid: 4\ngid: 5\nallow_other: true\nverify: always\nstate: /a$$b/${X:-c}\n",
    sampleYAML.replacing(first: "path: ./mds", with: "path: [\"a b\", \"$$x/*\", \"é\\u2028\\u0007\"]\n    verify: never"),
    sampleYAML.replacing(first: "name: ais", with: "name: \"yes\""),
    sampleYAML.replacing(first: "plain:", with: "\"12: #x\":").replacing(first: "lat: ", with: "\"*\": "),
    sampleYAML.replacing(
      first: "{divide: 90}", with: "{add: 0.1}, {clamp: [-.inf, 1e30]}, {standardize: {mean: -1e-7, std: 3}}, {nan_to: -0.0}, {multiply: 123456789012}"),
    sampleYAML.replacing(first: "algorithm: window", with: "block: 77, algorithm: sequential"),
    sampleYAML.replacing(first: "seed: 42", with: "seed: 18446744073709551615"),
    sampleYAML.replacing(first: "column: features\n", with: "columns: [\"b*\"]\n        dtype: float16\n").replacing(
      first: "epochs: 3", with: "epochs: 3\n    ranks: 8\n    drop_last: true"),
  ])
  func loadsAsAnEqualConfiguration(yaml: String) throws {
    let configuration = try parse(yaml)
    let written = configuration.effectiveYAML
    let again = try Configuration.parse(written, file: "elsewhere.yaml", folder: "/elsewhere", environment: ["X": "other"])
    #expect(again == configuration)
    #expect(again.effectiveYAML == written)
    #expect(again.warnings.map(\.message) == configuration.warnings.map(\.message))
  }

  /// Random names and numbers come back as they were.
  @Test(arguments: [UInt64(99)])
  func scalarsComeBack(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("aZ09_-./: #'\"\\{}[],&*!|>%@`?~$=é😀\u{85}\u{2028}\u{FEFF}\u{FFFF}\t\n\r".unicodeScalars)
    for _ in 0..<400 {
      var view = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1..<9, using: &generator) { view.append(alphabet.randomElement(using: &generator)!) }
      let text = String(view)
      let tree = try YAMLReading.tree(of: YAMLWriter.text([(text, .list([.text(text), .text("null"), .text("1e3")]))]), file: "x") { Issue.record("\($0)") }
      guard case .mapping(let entries) = try #require(tree).content, case .list(let items) = entries[0].value.content else {
        Issue.record("not a mapping: \(text)")
        continue
      }
      #expect(Array(entries[0].key.unicodeScalars) == Array(view))
      for (item, expected) in zip(items, [text, "null", "1e3"]) {
        guard case .scalar(let got, let isPlain) = item.content else {
          Issue.record("not a scalar")
          continue
        }
        #expect(Array(got.unicodeScalars) == Array(expected.unicodeScalars) && (!isPlain || ScalarMeaning(got) == .text))
      }
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      #expect(ScalarMeaning(YAMLWriter.number(number)) == .number(number) || Double(YAMLWriter.number(number)) == number)
    }
  }
}
