// swift-tools-version: 6.2
// Fuzzing of what parses files of others: `make fuzz`. A package of its own, since all of it, EpochFS too, is built for libFuzzer:
//
//     swift build -c release --package-path Fuzzing -Xswiftc -sanitize=fuzzer -Xswiftc -parse-as-library

import PackageDescription

let package = Package(
  name: "EpochFSFuzzing",
  dependencies: [.package(name: "EpochFS", path: "..")],
  targets: [
    .executableTarget(
      name: "ParquetFuzzer",
      dependencies: ["BatchCache", "Compression", "ParquetFormat", "ParquetReading", "Platform"].map { .product(name: $0, package: "EpochFS") },
      swiftSettings: [.swiftLanguageMode(.v6), .strictMemorySafety(), .enableUpcomingFeature("ExistentialAny")])
  ]
)
