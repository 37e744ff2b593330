// Runs a group of planes on one sample.
//
// All pointers are sound under one condition, which TensorProgram+Run.swift checks before: `input` points to a whole sample, `output` to a
// whole row, `scratch` to `scratchByteCount` bytes aligned to 64. The builder made offsets, strides and counts from a slice inside them.

internal import NumPyFormat

extension PlaneGroup {
  /// A value that the tensor's type cannot hold, and where it would go in the row.
  struct Failure {
    var value: TensorValueError.Number
    var outputOffset: Int
  }

  @unsafe func run(_ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ scratch: UnsafeMutableRawPointer) -> Failure? {
    // Sound: see the head of the file.
    unsafe eachBlock(arithmetic, output, scratch) { row, count in
      for index in loads.indices { unsafe loadRows(loads[index], input, scratch, row, count) }
    }
  }

  /// Works on block after block of what `load` brings into the planes, as values of `arithmetic`: `count` of each, from the one numbered `row` on.
  @inline(__always) @unsafe
  func eachBlock(
    _ arithmetic: Arithmetic, _ output: UnsafeMutableRawPointer, _ scratch: UnsafeMutableRawPointer, _ load: (_ row: Int, _ count: Int) -> Void
  ) -> Failure? {
    var row = 0
    while row < rowCount {
      let count = min(blockCount, rowCount - row)
      load(row, count)
      // Sound: see the head of the file.
      switch arithmetic {
      case .float:
        let vectorCount = (count + floatVectorWidth - 1) / floatVectorWidth
        unsafe clearTails(scratch, count)
        for index in steps.indices { unsafe steps[index].run(scratch, planeStride: planeStride, vectorCount: vectorCount) }
      case .double:
        for index in steps.indices { unsafe steps[index].runDouble(scratch, planeStride: planeStride, count: count) }
      case .signed, .unsigned: break
      }
      for index in stores.indices {
        let store = stores[index]
        let failed = unsafe storeRows(store, arithmetic, output + (row * outputStride + store.outputOffset), scratch, count)
        if failed >= 0 {
          let value = unsafe number(arithmetic, scratch + store.plane * planeStride, failed)
          return Failure(value: value, outputOffset: (row + failed) * outputStride + store.outputOffset)
        }
      }
      row += count
    }
    return nil
  }

  /// The last vector of each plane may hold values of an earlier run: zeros cost nothing, and are not extremes.
  @inline(__always) @unsafe
  private func clearTails(_ scratch: UnsafeMutableRawPointer, _ count: Int) {
    guard count % floatVectorWidth != 0, !steps.isEmpty else { return }
    for load in loads {
      for plane in load.plane..<load.plane + load.width {
        // Sound: a plane has room for whole vectors.
        let values = unsafe (scratch + plane * planeStride).assumingMemoryBound(to: Float.self)
        for index in count..<(count + floatVectorWidth - 1) / floatVectorWidth * floatVectorWidth { unsafe values[index] = 0 }
      }
    }
  }

  /// Loads `count` values from the one numbered `row` on, run by run of the innermost axis.
  @unsafe private func loadRows(_ load: PlaneLoad, _ input: UnsafeRawPointer, _ scratch: UnsafeMutableRawPointer, _ row: Int, _ count: Int) {
    // Sound: see the head of the file.
    let source = unsafe input + load.inputOffset
    let plane = unsafe scratch + load.plane * planeStride
    guard let inner = axes.last else {
      unsafe loadRun(load, source, 0, plane, count)
      return
    }
    var done = 0
    while done < count {
      var rest = row + done
      let position = rest % inner.count
      rest /= inner.count
      var offset = position * inner.stride
      var outer = axes.count - 2
      while outer >= 0 {
        offset += rest % axes[outer].count * axes[outer].stride
        rest /= axes[outer].count
        outer -= 1
      }
      let run = min(count - done, inner.count - position)
      unsafe loadRun(load, source + offset, inner.stride, plane + done * arithmetic.byteCount, run)
      done += run
    }
  }

  @inline(__always) @unsafe
  private func loadRun(_ load: PlaneLoad, _ source: UnsafeRawPointer, _ stride: Int, _ plane: UnsafeMutableRawPointer, _ count: Int) {
    // Sound: see the head of the file; a plane is only ever used as values of one arithmetic in a run.
    switch arithmetic {
    case .float:
      if load.width == 4 {
        unsafe loadFour(source, stride: stride, count: count, plane, planeStride: planeStride)
      } else {
        unsafe TensorPrograms.load(self.source, source, stride: stride, count: count, plane.assumingMemoryBound(to: Float.self))
      }
    case .double: unsafe TensorPrograms.load(self.source, source, stride: stride, count: count, plane.assumingMemoryBound(to: Double.self))
    case .signed: unsafe TensorPrograms.load(self.source, source, stride: stride, count: count, plane.assumingMemoryBound(to: Int64.self))
    case .unsigned: unsafe TensorPrograms.load(source, stride: stride, count: count, plane.assumingMemoryBound(to: UInt64.self))
    }
  }

  /// Answers the first value that the type cannot hold, or -1.
  @inline(__always) @unsafe
  private func storeRows(
    _ store: PlaneStore, _ arithmetic: Arithmetic, _ output: UnsafeMutableRawPointer, _ scratch: UnsafeMutableRawPointer, _ count: Int
  ) -> Int {
    // Sound: see the head of the file; a plane is only ever used as values of one arithmetic in a run.
    let plane = unsafe scratch + store.plane * planeStride
    switch arithmetic {
    case .float:
      switch store.width {
      case 4: unsafe storeFour(scratch, offsets: store.others &* planeStride, count: count, output, stride: outputStride)
      case 2: unsafe storeTwo(scratch, offsets: store.others &* planeStride, count: count, output, stride: outputStride)
      default: return unsafe TensorPrograms.store(target, plane.assumingMemoryBound(to: Float.self), count: count, output, stride: outputStride)
      }
      return -1
    case .double: return unsafe TensorPrograms.store(target, plane.assumingMemoryBound(to: Double.self), count: count, output, stride: outputStride)
    case .signed: return unsafe TensorPrograms.store(target, plane.assumingMemoryBound(to: Int64.self), count: count, output, stride: outputStride)
    case .unsigned: return unsafe TensorPrograms.store(target, plane.assumingMemoryBound(to: UInt64.self), count: count, output, stride: outputStride)
    }
  }

  @unsafe private func number(_ arithmetic: Arithmetic, _ plane: UnsafeMutableRawPointer, _ index: Int) -> TensorValueError.Number {
    // Sound: `index` is that of a value that was just stored from the plane.
    switch arithmetic {
    case .float: .real(Double(unsafe plane.assumingMemoryBound(to: Float.self)[index]))
    case .double: .real(unsafe plane.assumingMemoryBound(to: Double.self)[index])
    case .signed: .signed(unsafe plane.assumingMemoryBound(to: Int64.self)[index])
    case .unsigned: .unsigned(unsafe plane.assumingMemoryBound(to: UInt64.self)[index])
    }
  }
}
