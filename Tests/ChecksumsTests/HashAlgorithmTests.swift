// Digests against those of Python's hashlib and xxhash.

import Checksums
import Testing

struct HashAlgorithmTests {
  static let messages: [[UInt8]] = [[], Array("abc".utf8), (0..<1280).map { UInt8(truncatingIfNeeded: $0) }]

  /// The digests of the three messages.
  static let vectors: [(name: String, digests: [String])] = [
    ("xxh32", ["02cc5d05", "32d153ff", "1695c58b"]),
    ("xxh64", ["ef46db3751d8e999", "44bc2cf5ad770999", "afc184ad7938a354"]),
    ("xxh3_64", ["2d06800538d394c2", "78af5f94892f3950", "4844b009e164352e"]),
    ("xxh3_128", ["99aa06d3014798d86001c324468d497f", "06b05ab6733a618578af5f94892f3950", "d92ab3a1cb0542a74844b009e164352e"]),
    ("md5", ["d41d8cd98f00b204e9800998ecf8427e", "900150983cd24fb0d6963f7d28e17f72", "82829f1f3f2bb0f18b25f278e5bba8bd"]),
    ("sha1", ["da39a3ee5e6b4b0d3255bfef95601890afd80709", "a9993e364706816aba3e25717850c26c9cd0d89d", "e37a04cb2353309f5cff4ee036cfb91a5e31cefd"]),
    (
      "sha224",
      [
        "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
        "e2e07ef955598bf865c30a5dca2ac6af0711cf7b28d37f58a81acef3",
      ]
    ),
    (
      "sha256",
      [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "d414b085826eb06778483ba35564dc849e643359f69ed9747878ba6e54985bed",
      ]
    ),
    (
      "sha384",
      [
        "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        "f5943b1fe9e4b5bd3b45c83ef1e748f5e0f095f405a67d11a37016e5e908a4c5033bf084186d1e352db6fdda24dda58c",
      ]
    ),
    (
      "sha512",
      [
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "c93f55ccf2fa8c82699ff9b58afe3591242b135d908a6d865e17e38adb41c21d1d5359e51273036373d54d20b5659cc87e6e7b381ff027d33f971416cc590f90",
      ]
    ),
    (
      "sha3_224",
      [
        "6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc7", "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
        "e1321750c0ef5fa9da5bd1365729ec1c5b96fc6cd6bad5f96335b544",
      ]
    ),
    (
      "sha3_256",
      [
        "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
        "fe0ff504c79e251aedec1e83dd99637b93650f1a1505310acd4e77b034ffdfca",
      ]
    ),
    (
      "sha3_384",
      [
        "0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2ac3713831264adb47fb6bd1e058d5f004",
        "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
        "639fc387df4061a4886cd365d3b3b4b3311f69c93870aa7183cc8486d187ed741483e25f72514ef5848ce181778b4cb2",
      ]
    ),
    (
      "sha3_512",
      [
        "a69f73cca23a9ac5c8b567dc185a756e97c982164fe25859e0d1dcc1475c80a615b2123af1f5f94c11e3e9402c3ac558f500199d95b6d3e301758586281dcd26",
        "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
        "6ee10bf28b3305d7f545e6c6fd82325b169f623a21b43371abbd26365d759f3a3db3c4873216332671130837152cca791b65e5cd869cbd58bbdd0284db3cce3c",
      ]
    ),
    (
      "blake2b",
      [
        "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce",
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
        "a86b784c748f990b998e6d30d71e20cc95228d2b08dd85e29f63e4de8d8839bdf935f4291537af5014fe44c0b578a073e4c9217c7b05542d0c450784c30bac8a",
      ]
    ),
    (
      "blake2s",
      [
        "69217a3079908094e11121d042354a7c1f55b6482ca1a51e1b250dfd1ed0eef9", "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
        "52ea240758fbbcd27c605dfb70ef0957c9009335d6d0a8d60d219e611ba2e23f",
      ]
    ),
  ]

  static func digest(_ message: [UInt8], _ algorithm: HashAlgorithm) throws -> Digest {
    let span = message.span
    // Sound: bytes of bytes.
    return try algorithm.digest(of: unsafe span.bytes)
  }

  @Test(arguments: vectors)
  func digestsAreThoseOfPython(name: String, digests: [String]) throws {
    let algorithm = try #require(HashAlgorithm(name: name))
    #expect(algorithm.name == name)
    for (message, expected) in zip(Self.messages, digests) {
      let digest = try Self.digest(message, algorithm)
      #expect(digest.hex == expected)
      #expect(digest == Digest(hex: expected.uppercased()))
      #expect(digest.bytes.count == algorithm.digestByteCount)
    }
  }

  @Test func everyAlgorithmHasAVector() {
    #expect(Set(Self.vectors.map(\.name)) == Set(HashAlgorithm.allCases.map(\.name)))
  }

  @Test(arguments: HashAlgorithm.allCases, [1, 7, 64, 1279])
  func piecesHashAsTheWhole(algorithm: HashAlgorithm, pieceByteCount: Int) throws {
    let message = Self.messages[2]
    let span = message.span
    let hasher = try StreamingHasher(algorithm)
    for start in stride(from: 0, to: span.count, by: pieceByteCount) {
      // Sound: bytes of bytes.
      try hasher.update(unsafe span.bytes.extracting(start..<min(start + pieceByteCount, span.count)))
    }
    let digest = try hasher.finish()
    #expect(try digest == Self.digest(Self.messages[2], algorithm))
  }

  @Test func oneHashHasTwoNames() {
    #expect(HashAlgorithm(name: "xxh128") == .xxh3_128)
  }

  @Test(arguments: ["", "XXH64", "crc32", "shake_128", "sha512_256"])
  func otherNamesAreRefused(name: String) {
    #expect(HashAlgorithm(name: name) == nil)
  }

  @Test(arguments: ["a", "abc", "0g", "é0", " 00"])
  func digestsThatAreNotHexadecimalAreRefused(hex: String) {
    #expect(Digest(hex: hex) == nil)
  }

  @Test func onlyXXHashIsFast() {
    #expect(HashAlgorithm.allCases.filter(\.isFast).map(\.name) == ["xxh32", "xxh64", "xxh3_64", "xxh3_128"])
  }
}
