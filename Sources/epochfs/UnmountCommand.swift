// epochfs unmount: takes a mount away.

import ArgumentParser
import FuseSession

struct UnmountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "unmount", abstract: "Takes a mount of EpochFS away, and returns when it is gone.")

  @Argument(help: "The folder it is mounted on.", completion: .directory)
  var mountpoint: String

  func run() throws {
    do throws(FuseSessionError) { try FuseSession.unmount(mountpoint) } catch { throw refuse(error) }
  }
}
