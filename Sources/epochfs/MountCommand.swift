// epochfs mount: serves a configuration at a mountpoint, in the background or, with -f, here.

import ArgumentParser
import BatchAssembly
import FileTree
import FuseSession
import Glibc
import Logging
import MountConfiguration
import Mounting
import Platform
import Synchronization

struct MountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mount",
    abstract: "Mounts a configuration. Returns when the mount answers; with -f stays and logs to standard error.",
    discussion: "SIGINT and SIGTERM unmount. A dead mount left by a killed daemon is cleaned and mounted over.")

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The folder to mount on.", completion: .directory)
  var mountpoint: String

  @Flag(name: [.customShort("f"), .long], help: "Stay in the foreground.")
  var foreground = false

  @Option(name: .customShort("o"), help: "Mount options, as allow_other; may be repeated.")
  var mountOptions: [String] = []

  func run() throws {
    let isDaemon = Daemon.enter()
    if foreground || isDaemon { return try serve(inBackground: isDaemon) }
    do throws(DaemonError) { try Daemon.start() } catch {
      // What ended has said why on the standard error that it shared with this process.
      if case .ended = error { throw ExitCode(1) }
      throw refuse(error)
    }
  }

  private func serve(inBackground: Bool) throws {
    ProgramLog.start(inBackground: inBackground)
    Signals.ignoreBrokenPipes()
    DescriptorLimit.raise()
    let logger = Logger(label: "epochfs")
    let plan: MountPlan
    do throws(ConfigurationError) { plan = try options.plan { notice in logger.notice("\(notice)") } } catch { throw refuse(error) }
    for warning in plan.warnings { logger.warning("\(warning)") }

    let assembler: BatchAssembler
    do throws(ThreadError) {
      assembler = try plan.makeAssembler(onShardError: { error in logger.error("\(error)") }, onNotice: { notice in logger.notice("\(notice)") })
    } catch { throw refuse(error) }
    let service = plan.makeTree(assembler: assembler, version: EpochFS.version) { message in logger.error("\(message)") }
    do throws(FuseSessionError) {
      let session = try mount(plan, service, assembler, logger)
      try watchSignals(session)
      try session.start()
      logger.info(
        "mounted",
        metadata: [
          "mountpoint": "\(session.mountpoint)", "memory": "\(ByteCount.text(plan.capByteCount))", "threads": "\(plan.threadCount)",
          "passthrough": "\(service.control.isPassthrough.load(ordering: .relaxed))",
        ])
      ServiceNotification.send("READY=1\nSTATUS=serving \(session.mountpoint)")
      if inBackground { Daemon.reportReady() }
      session.waitUntilUnmounted()
      ServiceNotification.send("STOPPING=1")
      assembler.stop()
      logger.info("unmounted", metadata: ["mountpoint": "\(session.mountpoint)"])
    } catch {
      assembler.stop()
      throw refuse(error)
    }
  }

  private func mount(
    _ plan: MountPlan, _ service: MountedTree, _ assembler: BatchAssembler, _ logger: Logger
  ) throws(FuseSessionError) -> FuseSession {
    var mounting = MountOptions(allowOther: plan.configuration.allowOther, passthrough: plan.configuration.serve != .replies)
    for option in mountOptions { try mounting.add(option) }
    let session = try FuseSession(mountpoint: mountpoint, options: mounting, service: service, logger: logger)
    if session.passthroughAvailable {
      assembler.useMemoryFiles()
      service.control.isPassthrough.store(true, ordering: .relaxed)
    } else if plan.configuration.serve == .passthrough {
      session.stop()
      throw .passthroughUnavailable
    }
    return session
  }

  private func watchSignals(_ session: FuseSession) throws(FuseSessionError) {
    do throws(ThreadError) {
      // A second signal forces what the first one lets readers finish.
      try Signals.handle([SIGINT, SIGTERM, SIGHUP]) { _ in session.stop() }
    } catch {
      throw .noThread(code: error.code)
    }
  }
}
