// The files that show a batch.

/// One file of every batch of a view.
public struct BatchFile: Sendable, Equatable {
  /// What it holds.
  public enum Content: Sendable, Equatable {
    /// One tensor as `.npy`, by its place in the view.
    case tensor(Int)
    /// All tensors, as `.npz`.
    case archive
    /// Where the rows of a ragged tensor begin among its elements, and the elements; by its place in the view's ragged tensors.
    case offsets(Int), elements(Int)
    /// One JSON object a row, with every column.
    case lines
  }
  public let content: Content
  /// What follows `batch-0000` in its name: `.npy`, `.input.npy`, `.npz`, `.text.values.npy`, `.jsonl`.
  public let suffix: String

  public init(content: Content, suffix: String) {
    self.content = content
    self.suffix = suffix
  }

  /// Whether something is left to do when its last row was written.
  var isFinishedLast: Bool { if case .tensor = content { false } else { true } }

  /// The files of some kinds: of each tensor, of all together, of each ragged tensor two, of the rows as JSON.
  public static func files(tensors: [String], ragged: [String] = [], npy: Bool = true, npz: Bool = false, lines: Bool = false) -> [BatchFile] {
    var files: [BatchFile] = []
    if npy {
      let isAlone = tensors.count == 1 && ragged.isEmpty
      files += tensors.enumerated().map { BatchFile(content: .tensor($0.offset), suffix: isAlone ? ".npy" : ".\($0.element).npy") }
      files += ragged.enumerated().flatMap { place, name in
        [BatchFile(content: .offsets(place), suffix: ".\(name).offsets.npy"), BatchFile(content: .elements(place), suffix: ".\(name).values.npy")]
      }
    }
    if npz { files.append(BatchFile(content: .archive, suffix: ".npz")) }
    if lines { files.append(BatchFile(content: .lines, suffix: ".jsonl")) }
    return files
  }
}

/// Where the rows of one tensor go in one of a batch's files.
struct RowSink: Sendable {
  let tensor: Int
  let file: Int
}
