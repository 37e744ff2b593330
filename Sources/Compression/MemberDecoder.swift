// What gzip, brotli, bzip2 and LZ4 frames have in common: a library that takes input and gives output a bit at a time, and data of one or more members.

/// A library's state for one member after another.
protocol MemberDecoder: AnyObject {
  /// Makes ready for the first byte of a member. False where there is no memory.
  func begin() -> Bool
  /// Takes from `input` and writes to `output` as much as it can; both are at most `memberStepByteCount` long, and `output` is not empty.
  @unsafe func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> MemberStep
}

/// The libraries count in 32 bits.
let memberStepByteCount = 1 << 30

struct MemberStep {
  enum Outcome {
    /// The member goes on; without progress it waits for input.
    case more
    case end
    case failure(String)
  }
  var consumedByteCount: Int
  var producedByteCount: Int
  var outcome: Outcome
}
