// Numbers with tags, sorted by the number: a million in a few milliseconds.

/// Rows of batches (*slots*), each with a number that says where its sample stands.
struct TaggedNumbers: Sendable {
  private(set) var slots: [UInt32] = []
  var numbers: [UInt64] = []

  var count: Int { numbers.count }

  mutating func append(_ number: UInt64, slot: UInt32) {
    numbers.append(number)
    slots.append(slot)
  }

  mutating func append(_ other: TaggedNumbers) {
    numbers += other.numbers
    slots += other.slots
  }

  /// Sorts by number, equal ones as they stood: least significant byte first, passing over bytes that are the same in all.
  mutating func sort() {
    guard count > 1 else { return }
    var everSet: UInt64 = 0
    var alwaysSet = UInt64.max
    var isSorted = true
    var last: UInt64 = 0
    for number in numbers {
      everSet |= number
      alwaysSet &= number
      if number < last { isSorted = false }
      last = number
    }
    if isSorted { return }
    let varying = everSet ^ alwaysSet
    var otherNumbers = [UInt64](repeating: 0, count: count)
    var otherSlots = [UInt32](repeating: 0, count: count)
    for shift in stride(from: UInt64(0), to: 64, by: 8) where varying >> shift & 0xff != 0 {
      var offsets = [Int](repeating: 0, count: 257)
      for number in numbers { offsets[Int(number >> shift & 0xff) + 1] += 1 }
      for digit in 1..<257 { offsets[digit] += offsets[digit - 1] }
      for index in numbers.indices {
        let digit = Int(numbers[index] >> shift & 0xff)
        otherNumbers[offsets[digit]] = numbers[index]
        otherSlots[offsets[digit]] = slots[index]
        offsets[digit] += 1
      }
      swap(&numbers, &otherNumbers)
      swap(&slots, &otherSlots)
    }
  }
}
