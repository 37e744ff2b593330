// The limits of control groups, from files as the kernel writes them.

import Glibc
import Testing

@testable import Platform

struct MachineMemoryTests {
  /// Writes files below a new folder, hands its path to `body`, and takes it away.
  private func withFiles<Result>(_ files: [String: String], _ body: (String) throws -> Result) throws -> Result {
    var template = Array("/tmp/epochfs-cgroup-XXXXXX".utf8CString)
    guard let made = unsafe mkdtemp(&template) else { throw SystemError(call: "mkdtemp", path: "/tmp", number: errno) }
    let root = unsafe String(cString: made)
    defer { remove(root, files) }
    for (path, text) in files {
      for folder in folders(of: path) { unsafe _ = mkdir(root + "/" + folder, 0o755) }
      let file = unsafe fopen(root + "/" + path, "w")
      guard let file = unsafe file else { throw SystemError(call: "fopen", path: path, number: errno) }
      unsafe fputs(text, file)
      unsafe fclose(file)
    }
    return try body(root)
  }

  /// `a/b/c` lies in `a` and `a/b`.
  private func folders(of path: String) -> [String] {
    let names = path.split(separator: "/").dropLast()
    return names.indices.map { names[...$0].joined(separator: "/") }
  }

  private func remove(_ root: String, _ files: [String: String]) {
    for path in files.keys { unsafe _ = unlink(root + "/" + path) }
    let all = Set(files.keys.flatMap(folders))
    for folder in all.sorted(by: { $0.utf8.count > $1.utf8.count }) { unsafe _ = rmdir(root + "/" + folder) }
    unsafe _ = rmdir(root)
  }

  private func limit(_ files: [String: String]) throws -> Int? {
    try withFiles(files) { MachineMemory.groupByteCount(membership: $0 + "/membership", root: $0 + "/root") }
  }

  @Test func theTightestOfAllAboveCounts() throws {
    func files(_ own: String, _ above: String, _ top: String) -> [String: String] {
      [
        "membership": "0::/system.slice/epochfs.service/inner\n", "root/system.slice/epochfs.service/inner/memory.max": own + "\n",
        "root/system.slice/epochfs.service/memory.max": above + "\n", "root/system.slice/memory.max": top + "\n",
      ]
    }
    #expect(try limit(files("3000", "2000", "4000")) == 2000)
    #expect(try limit(files("max", "max", "4000")) == 4000)
    #expect(try limit(files("1000", "max", "4000")) == 1000)
    #expect(try limit(files("max", "max", "max")) == nil)
  }

  /// In a container with a namespace of its own the group is the root of what can be seen.
  @Test(arguments: ["/", "/../other.slice/epochfs", "/not/there"]) func theRootCounts(group: String) throws {
    #expect(try limit(["membership": "0::\(group)\n", "root/memory.max": "5000\n"]) == 5000)
  }

  @Test func versionOne() throws {
    #expect(
      try limit([
        "membership": "12:cpu,cpuacct:/docker/x\n5:memory,other:/docker/x\n1:name=systemd:/docker/x\n0::/\n",
        "root/memory/docker/x/memory.limit_in_bytes": "9223372036854771712\n", "root/memory/docker/memory.limit_in_bytes": "7000\n",
        "root/memory/memory.limit_in_bytes": "9223372036854771712\n", "root/cpu,cpuacct/docker/x/memory.limit_in_bytes": "1\n",
      ]) == 7000)
  }

  /// Both versions at once: whichever has a limit.
  @Test func bothVersions() throws {
    let membership = "4:memory:/a\n0::/b\n"
    #expect(try limit(["membership": membership, "root/memory/a/memory.limit_in_bytes": "800\n", "root/b/memory.max": "900\n"]) == 800)
    #expect(try limit(["membership": membership, "root/memory/a/memory.limit_in_bytes": "800\n", "root/b/memory.max": "700\n"]) == 700)
  }

  @Test(arguments: ["", "nonsense\n", "0:\n", "0::\n::\n", "a:memory\n"]) func whatIsNoMembershipHasNoLimit(text: String) throws {
    #expect(try limit(["membership": text, "root/group/memory.max": "5\n"]) == nil)
  }

  @Test(arguments: ["", "\n", "much", "-", "99999999999999999999999"]) func whatIsNoNumberIsNoLimit(text: String) throws {
    #expect(try limit(["membership": "0::/a\n", "root/a/memory.max": text]) == nil)
  }

  @Test func thisMachine() {
    #expect(MachineMemory.physicalByteCount > 64 << 20)
    #expect(MachineMemory.automaticCapByteCount <= MachineMemory.physicalByteCount / 4)
    #expect(MachineMemory.groupByteCount.map { $0 >= 0 } ?? true)
  }
}
