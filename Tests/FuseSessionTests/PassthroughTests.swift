// The kernel reads a batch by itself.

import BatchCache
import FileTree
import FuseSession
import Synchronization
import Testing

/// Root on a kernel from 6.9 on; elsewhere the same files are served by replies, which ReadTests check.
private let isPossible = (try? withMount { $0.session.passthroughAvailable }) ?? false

@Suite struct PassthroughTests {
  @Test func noReadReachesTheService() throws {
    try withMount { mount in
      shell("cat \(mount.path)/batch.bin \(mount.path)/batch.bin > /dev/null")
      let reads = mount.service.readCount.load(ordering: .relaxed)
      #expect(isPossible ? reads == 0 : reads > 0)
    }
  }

  @Test func isOffWhenNotWanted() throws {
    try withMount(MountOptions(passthrough: false, gracePeriod: 0.2)) { mount in
      #expect(!mount.session.passthroughAvailable)
      shell("cat \(mount.path)/batch.bin > /dev/null")
      #expect(mount.service.readCount.load(ordering: .relaxed) > 0)
    }
  }

  /// One backing file an inode at a time, however many memory files the service makes, and none after the last release.
  @Test func opensOfOneInodeShareTheirBackingFile() throws {
    try withMount { mount in
      let output = shell(
        """
        python3 -c "
        import os, threading
        p = '\(mount.path)/batch.bin'; files = []
        def more():
            for _ in range(10): files.append(os.open(p, os.O_RDONLY))
        threads = [threading.Thread(target=more) for _ in range(8)]
        [t.start() for t in threads]; [t.join() for t in threads]
        print(len(files), len(set(os.pread(f, 100000, 777) for f in files)))
        for f in files[1:]: os.close(f)
        g = os.open(p, os.O_RDONLY); print(os.pread(g, 9, 0) == os.pread(files[0], 9, 0))"
        """
      ).output
      #expect(output == "80 1\nTrue\n")
      #expect(mount.service.openCount.load(ordering: .relaxed) == 81)
      for _ in 0..<100 where mount.session.backedFileCount > 0 { shell("sleep 0.02") }
      #expect(mount.session.backedFileCount == 0)
      #expect(mount.service.closeCount.load(ordering: .relaxed) == 81)
    }
  }

  @Test func opensAndClosesInARaceAllSucceed() throws {
    try withMount { mount in
      let output = shell(
        "for i in 1 2 3 4 5 6; do (for j in $(seq 30); do cmp \(mount.path)/batch.bin \(mount.path)/batch.bin || echo failed; done) & done; wait"
      ).output
      #expect(output == "")
    }
  }

  @Test(.enabled(if: isPossible)) func aMappingOutlivesTheMount() throws {
    let folder = try temporaryFolder()
    try withMount { mount in
      shell("cp \(mount.path)/batch.bin \(folder)/copy")
      let output = shell(
        """
        python3 -c "
        import mmap, os, subprocess
        f = os.open('\(mount.path)/batch.bin', os.O_RDONLY); m = mmap.mmap(f, 0, prot=mmap.PROT_READ); os.close(f)
        subprocess.run(['umount', '-l', '\(mount.path)'], check=True)
        print(m[:] == open('\(folder)/copy', 'rb').read())"
        """
      ).output
      #expect(output == "True\n")
    }
    shell("rm -r \(folder)")
  }
}
