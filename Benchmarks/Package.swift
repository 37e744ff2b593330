// swift-tools-version: 6.2
// Measurements of single steps, each against the clock; the whole is measured by `make bench`. Run it here: swift package benchmark
// A package of its own, so that who builds EpochFS need not fetch what it measures with.

import PackageDescription

let package = Package(
  name: "EpochFSBenchmarks",
  dependencies: [
    .package(name: "EpochFS", path: ".."),
    // Without its traits it counts neither allocations nor references, and needs no interposer for that.
    .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "EpochFSBenchmarks",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "BatchAssembly", package: "EpochFS"),
        .product(name: "BatchCache", package: "EpochFS"),
        .product(name: "Compression", package: "EpochFS"),
        .product(name: "FileTree", package: "EpochFS"),
        .product(name: "NumPyFormat", package: "EpochFS"),
        .product(name: "ParquetEncodings", package: "EpochFS"),
        .product(name: "SampleData", package: "EpochFS"),
        .product(name: "SampleOrder", package: "EpochFS"),
        .product(name: "ShardStore", package: "EpochFS"),
        .product(name: "TensorPrograms", package: "EpochFS"),
      ],
      // The plugin looks for its targets in a folder of this name.
      path: "Benchmarks/EpochFSBenchmarks",
      swiftSettings: [.swiftLanguageMode(.v6), .strictMemorySafety(), .enableUpcomingFeature("ExistentialAny")],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ]
)
