// Whose turn it is where the cap is too small for all who wait at once.
//
// What a batch takes it gets step by step: the tables of its order, the list of its rows, its files, then pages and values while these are read. Where memory is
// short each step may push out what another batch has got so far, and that one's next step the first one's: for ever, with nobody served. So a batch that has
// waited too long for memory is given precedence: until it is there nobody else begins anything, and who holds memory already ends what it began.

internal import BatchCache
internal import Platform
internal import ShardStore
internal import Synchronization

extension BatchAssembler {
  /// Whether the batch may be given memory, or has it. Called with the lock held.
  func mayBegin(_ entry: BatchEntry, _ state: AssemblerState) -> Bool {
    state.precedence.map { $0 === entry || !entry.buffers.isEmpty } ?? true
  }

  /// Takes note that there was no memory for a batch, which more would be free for if others waited. Called with the lock held.
  func noteShortage(_ entry: BatchEntry, _ state: inout AssemblerState, _ now: UInt64) {
    guard state.precedence == nil, now >= state.nextPrecedenceNanoseconds else { return }
    if entry.shortageCount > 0 || now >= entry.demandNanoseconds + precedenceNanoseconds.load(ordering: .relaxed) { state.precedence = entry }
  }

  /// Ends the precedence of a batch that was answered. Called with the lock held.
  func endPrecedence(_ state: inout AssemblerState) {
    guard let entry = state.precedence else { return }
    if state.entries[entry.key] !== entry || entry.batch != nil || entry.waiters.isEmpty { takePrecedence(from: entry, &state) }
  }

  /// Others have their chance, if the batch has precedence. Called with the lock held.
  func takePrecedence(from entry: BatchEntry, _ state: inout AssemblerState) {
    guard state.precedence === entry else { return }
    state.precedence = nil
    state.nextPrecedenceNanoseconds = MonotonicClock.nanoseconds + Self.interludeNanoseconds
  }
  private static let interludeNanoseconds: UInt64 = 20_000_000

  /// Whether all the memory that the batch will need was taken when its pass began.
  func hasAllMemory(_ entry: BatchEntry) -> Bool {
    demand.temporaryByteCount == 0 && views[entry.key.folder.view].values == nil
  }

  /// Begins anew with a batch that somebody waits for and for which memory lacked while it was filled; false where it lacked although nobody else took any, or where
  /// that cannot be. Called with the lock held.
  func demandAgain(_ entry: BatchEntry, _ state: inout AssemblerState, _ now: UInt64) -> Bool {
    guard !entry.waiters.isEmpty, entry.passCount == 0, state.entries[entry.key] === entry, !state.isStopping else { return false }
    free(entry, &state)
    let since = entry.shortageNanoseconds ?? now
    if state.precedence === entry {
      entry.shortageAloneCount += 1
      // What others had may be on its way back: answers that are still being sent.
      entry.pauseNanoseconds = now + Self.breathNanoseconds
      if entry.shortageAloneCount >= Self.shortageAloneLimit, now >= since + Self.shortageAloneNanoseconds {
        guard isMemoryHeld(state), now < since + patienceNanoseconds.load(ordering: .relaxed) else { return false }
        // Until readers close what they hold, others may fit.
        takePrecedence(from: entry, &state)
        entry.pauseNanoseconds = now + Self.pauseNanoseconds
      }
    }
    entry.shortageCount += 1
    entry.shortageNanoseconds = since
    entry.beginAnew()
    state.entries[entry.key] = entry
    state.demands.append(entry.key)
    return true
  }
  private static let shortageAloneLimit = 3
  private static let shortageAloneNanoseconds: UInt64 = 500_000_000
  private static let breathNanoseconds: UInt64 = 20_000_000
  private static let pauseNanoseconds: UInt64 = 250_000_000
}
