// Folders over a real mount.

import Testing

@Suite struct ReaddirTests {
  @Test func aSmallFolder() throws {
    try withMount { mount in
      let names = shell("ls -1aU \(mount.path)").output.split(separator: "\n").map(String.init)
      #expect(names == [".", "..", "big"] + PatternService.files.sorted { $0.key < $1.key }.map(\.value.name))
    }
  }

  @Test func aHundredThousandEntriesInOrderOnce() throws {
    try withMount { mount in
      let expected = (0..<PatternService.bigCount).map(PatternService.bigName)
      for _ in 0..<2 {
        let names = shell("ls -1U \(mount.path)/big").output.split(separator: "\n").map(String.init)
        #expect(names == expected)
      }
      #expect(shell("find \(mount.path)/big -name 'entry-0999*' | wc -l").output == "100\n")
    }
  }

  @Test func goingBackInAFolder() throws {
    try withMount { mount in
      let output = shell(
        """
        python3 -c "
        import os
        a = os.scandir('\(mount.path)/big'); first = [next(a).name for _ in range(7000)]; a.close()
        f = os.open('\(mount.path)/big', os.O_RDONLY); x = os.listdir(f); y = os.listdir(f)
        print(first == x[:7000], x == y, len(x))"
        """
      ).output
      #expect(output == "True True 100000\n")
    }
  }
}
