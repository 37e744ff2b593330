// How fast are rows put into a batch where nothing is computed: whole, a run of positions, and two channels of five?

func gatherBenchmarks() {
  programBenchmark("Gather: whole samples")
  programBenchmark("Gather: :128", slice: ":128")
  programBenchmark("Gather: 128: of lat, lon", slice: "128:", selecting: ["lat", "lon"])
}
