// How fast is a sample normalised? It must keep up with decompression, 0.6 to 0.8 GB/s a core.

import TensorPrograms

func transformBenchmarks() {
  let course = ChannelTransform(channel: "cog", operations: [.sinCos(.degrees)])
  let gap = ChannelTransform(channel: "dt_seconds", operations: [.log1p, .divide(10)])
  programBenchmark(
    "Transform: the whole AIS normalisation",
    [
      ChannelTransform(channel: "lat", operations: [.divide(90)]),
      ChannelTransform(channel: "lon", operations: [.divide(180)]),
      ChannelTransform(channel: "sog", operations: [.clamp(low: 0, high: 30), .divide(30)]),
      course, gap,
    ])
  programBenchmark("Transform: sin_cos of one channel alone", selecting: ["cog"], [course])
  programBenchmark("Transform: log1p of one channel alone", selecting: ["dt_seconds"], [gap])
}
