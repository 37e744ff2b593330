// Signals that arrive on a thread.

import Glibc
import Testing

@testable import Platform

@Suite struct SignalsTests {
  @Test func signalsComeOneByOne() async {
    await #expect(processExitsWith: .exitCode(42)) {
      let seen = Lock<[Int32]>([])
      try Signals.handle([SIGTERM, SIGINT]) { signal in seen.withLock { $0.append(signal) } }
      for signal in [SIGTERM, SIGINT, SIGTERM] {
        kill(getpid(), signal)
        usleep(50_000)
      }
      exit(seen.withLock { $0 } == [SIGTERM, SIGINT, SIGTERM] ? 42 : 1)
    }
  }

  @Test func aThreadIsInterrupted() async {
    await #expect(processExitsWith: .exitCode(42)) {
      let thread = try Thread {
        while sleep(100) == 0 {}
        exit(42)
      }
      while true {
        usleep(10_000)
        thread.interrupt()
      }
    }
  }
}
