// What of a batch can fail by itself.

/// Something that some of a batch's files are made from, and the others are not: a value that it cannot hold makes those files unreadable, and no others.
enum BatchPart: Hashable, Sendable {
  /// By its place in the view's tensors.
  case tensor(Int)
  /// By its place in the view's ragged tensors.
  case ragged(Int)
  /// The rows as JSON.
  case lines
}

/// The part of one of the batches that a pass fills.
struct TargetPart: Hashable {
  let target: Int
  let part: BatchPart
}

extension BatchFile {
  /// Whether the file shows the part.
  func shows(_ part: BatchPart) -> Bool {
    switch (content, part) {
    case (.tensor(let own), .tensor(let other)): own == other
    case (.archive, .tensor): true
    case (.offsets(let own), .ragged(let other)), (.elements(let own), .ragged(let other)): own == other
    case (.lines, .lines): true
    case (.tensor, _), (.archive, _), (.offsets, _), (.elements, _), (.lines, _): false
    }
  }

  /// Why the file cannot be shown, where one of its parts has failed; of several parts the first.
  func failure(_ failures: [BatchPart: BatchError]) -> BatchError? {
    if failures.isEmpty { return nil }
    return failures.filter { shows($0.key) }.min { $0.key.place < $1.key.place }?.value
  }
}

extension BatchPart {
  fileprivate var place: Int {
    switch self {
    case .tensor(let place), .ragged(let place): place
    case .lines: 0
    }
  }
}
