// Bytes of a sample that go to a row as they are.

/// One axis of a copy, outermost first; strides in bytes, the input's may be negative.
struct CopyAxis: Sendable, Equatable {
  var count: Int
  var inputStride: Int
  var outputStride: Int
}

/// A block of bytes, repeated along axes.
struct CopyTask: Sendable, Equatable {
  var inputOffset: Int
  var outputOffset: Int
  var blockByteCount: Int
  var axes: [CopyAxis]

  /// Joins axes that are one run in input and output, and lets the block swallow the last where it is contiguous.
  init(inputOffset: Int, outputOffset: Int, blockByteCount: Int, axes: [CopyAxis]) {
    self.inputOffset = inputOffset
    self.outputOffset = outputOffset
    self.blockByteCount = blockByteCount
    self.axes = []
    for axis in axes where axis.count > 1 {
      if let outer = self.axes.last, outer.inputStride == axis.inputStride * axis.count, outer.outputStride == axis.outputStride * axis.count {
        self.axes[self.axes.count - 1] = CopyAxis(count: outer.count * axis.count, inputStride: axis.inputStride, outputStride: axis.outputStride)
      } else {
        self.axes.append(axis)
      }
    }
    if let last = self.axes.last, last.inputStride == blockByteCount, last.outputStride == blockByteCount {
      self.blockByteCount *= last.count
      self.axes.removeLast()
    }
    // The innermost loop is the one without overhead: it gets the longest axis, unless the last is long enough.
    if let last = self.axes.indices.last, self.axes[last].count < Self.shortLoop,
      let longest = self.axes.indices.max(by: { self.axes[$0].count < self.axes[$1].count })
    {
      self.axes.swapAt(longest, last)
    }
  }

  private static let shortLoop = 16
}

extension CopyTask {
  /// Copies the task's bytes from a sample to a row.
  ///
  /// Sound if `input` and `output` point to a whole sample and a whole row of the program: the compiler of the program made every offset and
  /// stride from a slice that lies inside both.
  @unsafe func run(_ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer) {
    // Sound: see above.
    unsafe run(input + inputOffset, output + outputOffset, axis: 0)
  }

  @unsafe private func run(_ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, axis: Int) {
    // Sound: see above.
    guard axis < axes.count else {
      unsafe output.copyMemory(from: input, byteCount: blockByteCount)
      return
    }
    let here = axes[axis]
    guard axis == axes.count - 1 else {
      for index in 0..<here.count { unsafe run(input + index * here.inputStride, output + index * here.outputStride, axis: axis + 1) }
      return
    }
    switch blockByteCount {
    case 1: unsafe copyEach(UInt8.self, input, output, here)
    case 2: unsafe copyEach(UInt16.self, input, output, here)
    case 4: unsafe copyEach(UInt32.self, input, output, here)
    case 8: unsafe copyEach(UInt64.self, input, output, here)
    case 16: unsafe copyEach(SIMD4<UInt32>.self, input, output, here)
    default:
      for index in 0..<here.count {
        unsafe (output + index * here.outputStride).copyMemory(from: input + index * here.inputStride, byteCount: blockByteCount)
      }
    }
  }
}

/// Copies one `Block` at each position of an axis.
@inline(__always) @unsafe
private func copyEach<Block: BitwiseCopyable>(_ type: Block.Type, _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ axis: CopyAxis) {
  // Sound: as the caller's.
  var source = unsafe input
  var target = unsafe output
  let inputStride = axis.inputStride
  let outputStride = axis.outputStride
  for _ in 0..<axis.count {
    unsafe target.storeBytes(of: source.loadUnaligned(as: Block.self), as: Block.self)
    unsafe source += inputStride
    unsafe target += outputStride
  }
}
