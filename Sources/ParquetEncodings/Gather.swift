// Looking values up in a dictionary, by their width.

/// All indexes were checked before, a block at a time.
enum Gather {
  /// Writes the values of the first `count` of `indexes` from `byteOffset` of `output` on.
  static func values(
    of dictionary: RawSpan, _ valueByteCount: Int, _ indexes: borrowing InlineArray<1024, UInt32>, _ count: Int, _ output: inout MutableRawSpan,
    _ byteOffset: Int
  ) {
    precondition(count <= 1024 && byteOffset + count * valueByteCount <= output.byteCount)
    let span = indexes.span
    unsafe span.withUnsafeBufferPointer { places in
      unsafe dictionary.withUnsafeBytes { source in
        // Sound: every index is below the dictionary's number of values (`DictionaryIndexes.check`), and the output has room for `count` of them.
        unsafe output.withUnsafeMutableBytes { whole in
          guard let from = source.baseAddress, let base = whole.baseAddress else { return }
          let to = unsafe base + byteOffset
          guard let places = places.baseAddress else { return }
          switch valueByteCount {
          case 1: unsafe gather(from, places, count, to, as: UInt8.self)
          case 2: unsafe gather(from, places, count, to, as: UInt16.self)
          case 4: unsafe gather(from, places, count, to, as: UInt32.self)
          case 8: unsafe gather(from, places, count, to, as: UInt64.self)
          case 16: unsafe gather(from, places, count, to, as: SIMD2<UInt64>.self)
          case 12:
            for place in 0..<count {
              let value = unsafe from + Int(places[place]) &* 12
              unsafe to.storeBytes(of: value.loadUnaligned(as: UInt64.self), toByteOffset: place &* 12, as: UInt64.self)
              unsafe to.storeBytes(of: value.loadUnaligned(fromByteOffset: 8, as: UInt32.self), toByteOffset: place &* 12 &+ 8, as: UInt32.self)
            }
          default:
            for place in 0..<count {
              unsafe (to + place &* valueByteCount).copyMemory(from: from + Int(places[place]) &* valueByteCount, byteCount: valueByteCount)
            }
          }
        }
      }
    }
  }

  @unsafe @inline(__always)
  private static func gather<Value: BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ places: UnsafePointer<UInt32>, _ count: Int, _ target: UnsafeMutableRawPointer, as type: Value.Type
  ) {
    for place in 0..<count {
      let value = unsafe source.loadUnaligned(fromByteOffset: Int(places[place]) &* MemoryLayout<Value>.size, as: Value.self)
      unsafe target.storeBytes(of: value, toByteOffset: place &* MemoryLayout<Value>.size, as: Value.self)
    }
  }

  /// Writes `value` `count` times from `byteOffset` of `output` on.
  static func fill(_ output: inout MutableRawSpan, _ byteOffset: Int, _ count: Int, _ value: RawSpan) {
    let byteCount = count * value.byteCount
    precondition(byteOffset + byteCount <= output.byteCount)
    guard byteCount > 0 else { return }
    unsafe value.withUnsafeBytes { source in
      // Sound: the stretch lies in the output; each copy doubles what is there, from its beginning.
      unsafe output.withUnsafeMutableBytes { whole in
        guard let base = whole.baseAddress, let from = source.baseAddress else { return }
        let to = unsafe base + byteOffset
        unsafe to.copyMemory(from: from, byteCount: source.count)
        var done = source.count
        while done < byteCount {
          let step = min(done, byteCount - done)
          unsafe (to + done).copyMemory(from: to, byteCount: step)
          done += step
        }
      }
    }
  }
}
