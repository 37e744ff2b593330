// All questions, and how an answer is written: bytes a second for what moves data, time an operation for what does not.

import Benchmark

let benchmarks: @Sendable () -> Void = {
  decodeBenchmarks()
  parquetBenchmarks()
  gatherBenchmarks()
  transformBenchmarks()
  orderBenchmarks()
  treeBenchmarks()
}

/// 10^6 bytes a second.
let megabytesASecond = BenchmarkMetric.custom("MB a second", polarity: .prefersLarger, useScalingFactor: false)

extension Benchmark {
  /// Measures a step that deals with `byteCount` bytes.
  @discardableResult
  convenience init?(_ name: String, byteCount: Int, _ step: @escaping () -> Void) {
    self.init(name, configuration: .init(metrics: [megabytesASecond], warmupIterations: 3, maxDuration: .seconds(2))) { benchmark in
      let seconds = ContinuousClock().measure(step) / .seconds(1)
      benchmark.measurement(megabytesASecond, Int(Double(byteCount) / seconds / 1e6))
    }
  }

  /// Measures a step of which `count` are done in turn.
  @discardableResult
  convenience init?(_ name: String, each scale: BenchmarkScalingFactor, _ step: @escaping (_ ordinal: Int) -> Void) {
    self.init(name, configuration: .init(metrics: [.wallClock], warmupIterations: 3, scalingFactor: scale, maxDuration: .seconds(2))) { benchmark in
      for ordinal in benchmark.scaledIterations { step(ordinal) }
    }
  }
}
