// How much the program logs; may be changed while it runs.

internal import Logging
internal import Synchronization

/// The level of all loggers of the program.
enum LogVerbosity {
  private static let ordinal = Atomic<Int>(Logger.Level.info.ordinal)

  static var level: Logger.Level {
    get { Logger.Level.allCases[ordinal.load(ordering: .relaxed)] }
    set { ordinal.store(newValue.ordinal, ordering: .relaxed) }
  }

  /// One level more talkative, `trace` at most; or one less, `critical` at least. Answers the new level.
  static func step(isMore: Bool) -> Logger.Level {
    // Only the thread that takes the signals does this.
    let next = min(max(level.ordinal + (isMore ? -1 : 1), 0), Logger.Level.allCases.count - 1)
    level = Logger.Level.allCases[next]
    return level
  }
}

extension Logger.Level {
  /// From `trace`, 0, to `critical`.
  fileprivate var ordinal: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
