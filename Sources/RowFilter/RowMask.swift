// True, false or null for each of a run of rows.

/// Two bits a row; null is neither.
public struct RowMask: Sendable, Equatable {
  public let rowCount: Int
  /// Bit `r % 64` of word `r / 64`; bits behind the last row are 0, here and below.
  public private(set) var isTrue: [UInt64]
  public private(set) var isFalse: [UInt64]

  init(rowCount: Int, isTrue: [UInt64], isFalse: [UInt64]) {
    self.rowCount = rowCount
    self.isTrue = isTrue
    self.isFalse = isFalse
  }

  /// Every row the same; nil is null.
  init(rowCount: Int, repeating value: Bool?) {
    let none = [UInt64](repeating: 0, count: Self.wordCount(rowCount))
    let all = value == nil ? none : Self.ones(rowCount)
    self.init(rowCount: rowCount, isTrue: value == true ? all : none, isFalse: value == false ? all : none)
  }

  /// Rows that `isTrue` names, the others false; those of `isNull` become `whenNull`.
  init(rowCount: Int, isTrue: [UInt64], isNull: [UInt64]?, whenNull: Bool?) {
    var isTrue = isTrue
    var isFalse = Self.ones(rowCount)
    for word in isTrue.indices {
      let null = isNull?[word] ?? 0
      isTrue[word] = isTrue[word] & ~null | (whenNull == true ? null : 0)
      isFalse[word] &= ~(isTrue[word] | (whenNull == nil ? null : 0))
    }
    self.init(rowCount: rowCount, isTrue: isTrue, isFalse: isFalse)
  }

  static func wordCount(_ rowCount: Int) -> Int { (rowCount + 63) / 64 }

  static func ones(_ rowCount: Int) -> [UInt64] {
    var words = [UInt64](repeating: .max, count: wordCount(rowCount))
    if rowCount % 64 != 0 { words[words.count - 1] = (1 << UInt64(rowCount % 64)) - 1 }
    return words
  }

  var negated: RowMask { RowMask(rowCount: rowCount, isTrue: isFalse, isFalse: isTrue) }

  mutating func formAnd(_ other: RowMask) {
    for word in isTrue.indices {
      isTrue[word] &= other.isTrue[word]
      isFalse[word] |= other.isFalse[word]
    }
  }

  /// The value of a row; null is nil. For single rows, not for loops.
  public subscript(row: Int) -> Bool? {
    let bit: UInt64 = 1 << UInt64(row % 64)
    return isTrue[row / 64] & bit != 0 ? true : isFalse[row / 64] & bit != 0 ? false : nil
  }

  /// Calls `body` with the longest runs of true rows in `range`, ascending.
  public func forEachTrueRun(in range: Range<Int>, _ body: (Range<Int>) -> Void) {
    var row = range.lowerBound
    while row < range.upperBound {
      let ahead = isTrue[row / 64] >> UInt64(row % 64)
      guard ahead != 0 else {
        row = (row / 64 + 1) * 64
        continue
      }
      let begin = row + ahead.trailingZeroBitCount
      guard begin < range.upperBound else { return }
      var end = begin
      while end < range.upperBound {
        let rest = ~isTrue[end / 64] >> UInt64(end % 64)
        let length = min(64 - end % 64, rest.trailingZeroBitCount)
        end += length
        if end % 64 != 0 || length == 0 { break }
      }
      body(begin..<min(end, range.upperBound))
      row = end
    }
  }
}
