// What is said where /dev/fuse cannot be opened.

import Glibc
import Testing

@testable import FuseSession

@Suite struct FuseDeviceTests {
  private func failure(_ path: String) -> String {
    do throws(FuseSessionError) { try FuseDevice.check(path) } catch { return "\(error)" }
    return ""
  }

  @Test func noneIsThere() {
    let message = failure("/nowhere/fuse")
    #expect(message.contains("no /dev/fuse") && message.contains("modprobe fuse") && message.contains("--device /dev/fuse --cap-add SYS_ADMIN"))
  }

  /// As in a container that has the file but not the right to it, which says "Operation not permitted" even to root.
  @Test func itIsUnusable() throws {
    let folder = try temporaryFolder()
    defer { shell("rmdir \(folder)") }
    #expect(failure(folder).contains("cannot be opened: Is a directory"))
  }

  @Test func whoMayOpenIt() throws {
    let folder = try temporaryFolder()
    defer { shell("rm -r \(folder)") }
    let path = folder + "/fuse"
    shell("touch \(path); chmod 0600 \(path); chown 0:65534 \(path)")
    let group = shell("stat -c %G \(path)").output.split(separator: "\n")[0]
    let own = try #require(DeviceOwnership(of: path))
    #expect("\(own)".hasSuffix("its mode is 0600, its owner root:\(group)"))
    #expect(own.advice.contains("chmod 0666 /dev/fuse"))
    shell("chmod 0660 \(path)")
    #expect(try #require(DeviceOwnership(of: path)).advice == "join the group \(group)")
    #expect(failure(path) == "" && DeviceOwnership(of: folder + "/none") == nil)
  }
}
