// Numbers of things, and of bytes, as people read them.

import Platform
import Testing

struct ItemCountTests {
  @Test func oneHasNoS() {
    #expect([0, 1, 2].map { ItemCount.text($0, "row group") } == ["0 row groups", "1 row group", "2 row groups"])
    #expect([1, 2].map { ItemCount.text($0, "batch") } == ["1 batch", "2 batches"])
    #expect([0, 1, 2, 1024].map { ByteCount.text($0) } == ["0 bytes", "1 byte", "2 bytes", "1.0 KiB"])
  }
}
