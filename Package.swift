// swift-tools-version: 6.2
// EpochFS: a read-only file system that serves stored training shards as ready NumPy batches.
// The picture of these targets, and why they are cut this way: docs/ARCHITECTURE.md.

import PackageDescription

/// CI sets EPOCHFS_WARNINGS_AS_ERRORS; a user's newer compiler may warn without breaking their build.
let warningsAreErrors = Context.environment["EPOCHFS_WARNINGS_AS_ERRORS"] != nil

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
  ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// `scripts`: what writes the fixtures, not compiled.
func tests(_ target: String, _ dependencies: [Target.Dependency] = [], scripts: [String] = []) -> Target {
  .testTarget(name: target + "Tests", dependencies: [.byName(name: target)] + dependencies, exclude: scripts, swiftSettings: settings)
}

/// `package`: nil for a library that some distributions install without a pkg-config file; its module map names what to link.
func system(_ name: String, package: String?, apt: String) -> Target {
  .systemLibrary(name: name, pkgConfig: package, providers: [.apt([apt])])
}

/// The packages Benchmarks/ and Fuzzing/ use these. A package sees only products of another; they are no interface for others and may change at any time.
let measured = [
  "BatchAssembly", "BatchCache", "Compression", "FileTree", "NumPyFormat", "ParquetEncodings", "ParquetFormat", "ParquetReading", "Platform", "SampleData",
  "SampleOrder", "ShardStore", "TensorPrograms",
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
  name: "EpochFS",
  products: [.executable(name: "epochfs", targets: ["epochfs"])] + measured.map { .library(name: $0, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    // The C edge: one system library each.
    system("CFuse", package: "fuse3", apt: "libfuse3-dev"),
    system("CZstd", package: "libzstd", apt: "libzstd-dev"),
    system("CSnappy", package: nil, apt: "libsnappy-dev"),
    system("CZlib", package: "zlib", apt: "zlib1g-dev"),
    system("CBrotli", package: "libbrotlidec", apt: "libbrotli-dev"),
    system("CBzip2", package: nil, apt: "libbz2-dev"),
    system("CLZ4", package: "liblz4", apt: "liblz4-dev"),
    system("CXXHash", package: "libxxhash", apt: "libxxhash-dev"),
    system("CLibcrypto", package: "libcrypto", apt: "libssl-dev"),
    .target(name: "CPlatform"),

    // Bytes: what a machine and a byte sequence are.
    library("Platform", ["CPlatform"]),
    library("ByteParsing"),
    library("JSONParsing", ["ByteParsing"]),
    library("Compression", ["CBrotli", "CBzip2", "CLZ4", "CSnappy", "CZlib", "CZstd"]),
    library("Checksums", ["CXXHash", "CLibcrypto", "CZlib"]),

    // Formats: bytes in, values out; no input or output of their own.
    library("NumPyFormat"),
    library("ParquetEncodings", ["ByteParsing"]),
    library("MDSFormat", ["ByteParsing", "JSONParsing", "Compression", "Checksums", "NumPyFormat"]),
    library("TextShardFormat", ["ByteParsing", "JSONParsing"]),
    library("ParquetFormat", ["ByteParsing", "JSONParsing", "NumPyFormat"]),

    // A data set to try everything on.
    library("SampleData", ["ByteParsing", "Checksums", "Compression", "MDSFormat", "Platform"]),

    // Data: which samples, from where, into what.
    library("SampleOrder"),
    library("TensorPrograms", ["NumPyFormat"]),
    library("BatchCache", ["ByteParsing", "Platform"]),
    library(
      "ParquetReading",
      ["BatchCache", "ByteParsing", "Checksums", "Compression", "NumPyFormat", "ParquetEncodings", "ParquetFormat", "Platform"]),
    library(
      "ShardStore",
      [
        "BatchCache", "ByteParsing", "Platform", "Compression", "Checksums", "MDSFormat", "TextShardFormat", "NumPyFormat", "ParquetFormat", "ParquetReading",
        "RowFilter",
        "SampleOrder",
      ]),
    library("RowFilter", ["BatchCache", "ByteParsing", "Checksums", "NumPyFormat", "Platform"]),
    library(
      "BatchAssembly", ["BatchCache", "ByteParsing", "Checksums", "JSONParsing", "NumPyFormat", "Platform", "SampleOrder", "ShardStore", "TensorPrograms"]),

    // The file system: names and bytes without FUSE, FUSE without logic.
    library(
      "FileTree", ["BatchAssembly", "BatchCache", "ByteParsing", "JSONParsing", "NumPyFormat", "Platform", "SampleOrder", "ShardStore", "TensorPrograms"]),
    library("FuseSession", ["CFuse", "FileTree", "Platform", logging]),

    // The program.
    library("MountMonitor"),
    library(
      "MountConfiguration",
      ["Platform", "TensorPrograms", .product(name: "Yams", package: "Yams")]),
    library(
      "Mounting",
      ["BatchAssembly", "BatchCache", "FileTree", "MountConfiguration", "Platform", "RowFilter", "SampleOrder", "ShardStore", "TensorPrograms", logging]),
    .executableTarget(
      name: "epochfs",
      dependencies: [
        "BatchAssembly", "BatchCache", "ByteParsing", "Checksums", "Compression", "FileTree", "FuseSession", "JSONParsing", "MDSFormat", "MountConfiguration",
        "MountMonitor",
        "Mounting", "NumPyFormat", "ParquetFormat",
        "Platform", "SampleData", "SampleOrder", "ShardStore",
        logging, .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    tests("Platform"),
    tests("ByteParsing"),
    tests("JSONParsing"),
    tests("Compression", scripts: ["write_fixtures.py"]),
    tests("Checksums"),
    tests("NumPyFormat"),
    tests("MDSFormat", ["Checksums", "Compression", "JSONParsing", "NumPyFormat"]),
    tests("TextShardFormat"),
    tests("ParquetFormat", ["ByteParsing", "NumPyFormat"], scripts: ["write_fixtures.py"]),
    tests("SampleOrder"),
    tests("TensorPrograms", ["NumPyFormat"], scripts: ["write_fixtures.py", "fit_polynomials.py"]),
    tests(
      "ShardStore",
      ["BatchCache", "ByteParsing", "Checksums", "MDSFormat", "NumPyFormat", "ParquetFormat", "ParquetReading", "Platform", "RowFilter", "SampleOrder"],
      scripts: ["Pruning/write_fixtures.py"]),
    tests("BatchCache", ["Platform"]),
    tests("RowFilter", ["BatchCache", "NumPyFormat", "Platform"], scripts: ["write_fixtures.py"]),
    tests("BatchAssembly", ["BatchCache", "NumPyFormat", "Platform", "SampleOrder", "ShardStore", "TensorPrograms"]),
    tests("FileTree", ["BatchAssembly", "BatchCache", "JSONParsing", "NumPyFormat", "Platform", "SampleOrder", "ShardStore", "TensorPrograms"]),
    tests("FuseSession", ["BatchCache", "FileTree", "Platform", logging]),
    tests("MountMonitor"),
    tests("MountConfiguration", ["TensorPrograms"]),
    tests(
      "Mounting",
      ["BatchAssembly", "BatchCache", "FileTree", "MDSFormat", "MountConfiguration", "NumPyFormat", "Platform", "SampleOrder", "ShardStore", "TensorPrograms"]),
    tests("ParquetEncodings", scripts: ["write_fixtures.py"]),
    tests(
      "ParquetReading", ["BatchCache", "ByteParsing", "Checksums", "Compression", "NumPyFormat", "ParquetFormat", "Platform"],
      scripts: ["write_fixtures.py", "write_random.py"]),
    tests("SampleData", ["BatchCache", "Checksums", "Compression", "MDSFormat", "NumPyFormat", "ParquetFormat", "ParquetReading", "Platform"]),
  ],
  swiftLanguageModes: [.v6]
)
