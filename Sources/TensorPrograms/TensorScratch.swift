// The working memory of tensor programs.

/// Buffers that runs of programs share; one for each thread, kept between runs.
///
/// It grows to what the largest program run with it needs: at most 16 KiB for most, see `TensorProgram.scratchByteCount`.
@safe
public final class TensorScratch {
  /// A cache line, and enough for every vector.
  static let alignment = 64

  // Sound: allocated here, freed in deinit, replaced only by `reserve`, whose callers hold no older address.
  private var memory: UnsafeMutableRawPointer
  public private(set) var byteCount: Int

  public init() {
    unsafe memory = .allocate(byteCount: Self.alignment, alignment: Self.alignment)
    byteCount = Self.alignment
  }

  deinit { unsafe memory.deallocate() }

  /// The address of at least `needed` bytes, valid until the next call.
  @unsafe func reserve(_ needed: Int) -> UnsafeMutableRawPointer {
    if needed > byteCount {
      unsafe memory.deallocate()
      unsafe memory = .allocate(byteCount: needed, alignment: Self.alignment)
      byteCount = needed
    }
    return unsafe memory
  }
}
