// What gather and transform have in common: one tensor program, run over many samples.

import Benchmark
import NumPyFormat
import SampleData
import TensorPrograms

private let sampleCount = 256

/// Measures the program of `specification` by the bytes of the samples it reads, or by those it writes where it leaves most of a sample out.
func programBenchmark(_ name: String, slice: String? = nil, selecting channels: [String]? = nil, _ transform: [ChannelTransform] = []) {
  guard let components = try? slice.map(NumPySlice.parse) ?? [] else { preconditionFailure("\(slice ?? "")") }
  let specification = TensorSpecification(
    elementType: .float32, sampleShape: SampleShards.shape, channels: TrackWindow.channels, slice: components, selectedChannels: channels,
    transform: transform)
  guard let program = try? TensorProgram(specification) else { preconditionFailure("\(specification)") }
  let windows = SampleShards.windows(sampleCount)
  var batch = [UInt8](repeating: 0, count: sampleCount * program.outputByteCount)
  let scratch = TensorScratch()
  let byteCount = sampleCount * min(SampleShards.sampleByteCount, program.outputByteCount)
  Benchmark(name, byteCount: byteCount) {
    let input = windows.span
    var output = batch.mutableSpan
    // Sound: bytes of bytes.
    var bytes = unsafe output.mutableBytes
    for sample in 0..<sampleCount {
      let failure: Void? = try? program.run(
        input: unsafe input.bytes, inputOffset: sample * SampleShards.sampleByteCount, output: &bytes, outputOffset: sample * program.outputByteCount,
        scratch: scratch)
      precondition(failure != nil, "sample \(sample)")
    }
  }
}
