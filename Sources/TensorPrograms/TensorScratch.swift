// The working memory of tensor programs.

/// Buffers that runs of programs share; one for each thread, kept between runs.
///
/// It grows to what the largest program run with it needs: at most 16 KiB for most, see `TensorProgram.scratchByteCount`.
@safe
public final class TensorScratch {
  /// A cache line, and enough for every vector.
  static let alignment = 64

  // Sound: allocated here, freed in deinit, replaced only by `reserve`, whose callers hold no older address. Overlapping accesses are not
  // looked for, which would cost as much as a scalar's run: no method calls out, and the class is not Sendable.
  @exclusivity(unchecked) private var memory: UnsafeMutableRawPointer
  @exclusivity(unchecked) private var reserved: Int

  public init() {
    unsafe memory = .allocate(byteCount: Self.alignment, alignment: Self.alignment)
    unsafe reserved = Self.alignment
  }

  deinit { unsafe memory.deallocate() }

  /// What is held.
  public var byteCount: Int {
    // Sound: see `memory`.
    unsafe reserved
  }

  /// The address of at least `needed` bytes, valid until the next call.
  @unsafe func reserve(_ needed: Int) -> UnsafeMutableRawPointer {
    // Sound: see `memory`.
    if unsafe needed > reserved {
      unsafe memory.deallocate()
      unsafe memory = .allocate(byteCount: needed, alignment: Self.alignment)
      unsafe reserved = needed
    }
    return unsafe memory
  }
}
