// Messages to a service manager that the test plays.

import Glibc
import Testing

@testable import Platform

@Suite struct ServiceNotificationTests {
  @Test(arguments: ["/tmp/epochfs-notify-\(getpid())", "@epochfs-notify-\(getpid())"])
  func arrives(_ name: String) throws {
    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    defer {
      close(socket)
      unsafe _ = unlink(name)
    }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var path = Array(name.utf8)
    if path[0] == UInt8(ascii: "@") { path[0] = 0 }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
    let byteCount = socklen_t(2 + path.count + (path[0] == 0 ? 0 : 1))
    let bound = unsafe withUnsafePointer(to: &address) { unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(socket, $0, byteCount) } }
    try #require(bound == 0)
    #expect(ServiceNotification.send("READY=1", to: name))
    var received = [UInt8](repeating: 0, count: 100)
    let count = unsafe recv(socket, &received, received.count, Int32(MSG_DONTWAIT))
    #expect(count == 7 && String(decoding: received.prefix(7), as: UTF8.self) == "READY=1")
  }

  @Test(arguments: ["", "relative", "/", "@", "/nowhere/at/all", "/" + String(repeating: "x", count: 200)])
  func isNotSent(to name: String) {
    #expect(!ServiceNotification.send("READY=1", to: name))
  }
}
