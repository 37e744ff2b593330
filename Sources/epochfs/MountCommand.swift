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
import ShardStore
import Synchronization

struct MountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mount",
    abstract: "Mounts a configuration. Returns when the mount answers; with -f stays and logs to standard error.",
    discussion: """
      SIGINT and SIGTERM unmount; SIGUSR1 makes the log more talkative by one level, SIGUSR2 less. A dead mount left by a killed daemon is cleaned and \
      mounted over.
      """)

  @OptionGroup var options: ConfigurationOptions

  @Argument(help: "The folder to mount on.", completion: .directory)
  var mountpoint: String

  @Flag(name: [.customShort("f"), .long], help: "Stay in the foreground.")
  var foreground = false

  @Option(name: .customShort("o"), help: "Mount options, as allow_other; may be repeated.")
  var mountOptions: [String] = []

  @OptionGroup var log: LogOptions

  @OptionGroup var progress: ProgressOptions

  func run() throws {
    let isDaemon = Daemon.enter()
    if foreground || isDaemon { return try serve(inBackground: isDaemon) }
    // What the background process draws until it is ready is passed on to this one's standard error.
    // Sound: setenv copies both texts, and no other thread runs yet.
    if progress.progress.resolved == .bar { unsafe _ = setenv(Self.barColumns, "\(StandardError.columns)", 1) }
    do throws(DaemonError) { try Daemon.start() } catch {
      // What ended has said why on the standard error that it shared with this process.
      if case .ended = error { throw ExitCode(1) }
      throw refuse(error)
    }
  }

  private static let barColumns = "EPOCHFS_PROGRESS_COLUMNS"

  /// What takes long at the start: a bar where somebody looks, lines of the log elsewhere, and the state that systemd shows.
  private func openingProgress(inBackground: Bool, _ logger: Logger) -> (display: ProgressDisplay, report: @Sendable (WorkProgress) -> Void) {
    // Sound: no other thread runs yet.
    let columns = unsafe getenv(Self.barColumns).flatMap { unsafe Int(String(cString: $0)) }
    unsafe _ = unsetenv(Self.barColumns)
    let display = inBackground && columns != nil ? ProgressDisplay(.bar, columns: columns) : ProgressDisplay(progress.progress)
    let sentences = ProgressSentences { sentence in
      // Who starts the service waits longer where the work goes on.
      ServiceNotification.send("STATUS=\(sentence)\nEXTEND_TIMEOUT_USEC=60000000")
      logger.notice("\(sentence)")
    }
    return (
      display,
      { progress in
        display.report(progress)
        sentences.report(progress)
      }
    )
  }

  private func serve(inBackground: Bool) throws {
    ProgramLog.start(inBackground: inBackground, log)
    Signals.ignoreBrokenPipes()
    // Who asks for more of the log before the mount answers asks too early, and ends nothing.
    Signals.ignore([SIGUSR1, SIGUSR2])
    DescriptorLimit.raise()
    let logger = Logger(label: "epochfs")
    var configuration: Configuration
    do throws(ConfigurationError) { configuration = try options.load() } catch { throw refuse(error) }
    let mounting: MountOptions
    do throws(FuseSessionError) { mounting = try Self.mounting(configuration, mountOptions) } catch { throw refuse(error) }
    // What `-o` adds is in effect, and so has to stand in `.epochfs/config.yaml`, which the plan writes.
    configuration.allowOther = mounting.allowOther
    let plan: MountPlan
    let (display, report) = openingProgress(inBackground: inBackground, logger)
    do throws(ConfigurationError) {
      defer { display.end() }
      plan = try MountPlan(configuration, progress: report)
    } catch { throw refuse(error) }
    for warning in plan.warnings {
      logger.warning("\(warning)")
      // The log of a process in the background is not where its caller looks.
      if inBackground { StandardError.write("warning: \(warning)\n") }
    }

    let assembler: BatchAssembler
    do throws(ThreadError) {
      assembler = try plan.makeAssembler(
        onShardError: { error in logger.error("\(error)", metadata: ["source": "\(error.source)", "shard": "\(error.path)"]) },
        onNotice: { notice in logger.notice("\(notice)") }, onDecode: { part in logger.debug("decoded", metadata: part.logMetadata) })
    } catch { throw refuse(error) }
    let service = plan.makeTree(
      assembler: assembler, version: EpochFS.version, onError: { error in logger.error("\(error)", metadata: error.logMetadata) },
      onAccess: { access in logger.trace("\(access.kindName)", metadata: access.logMetadata) })
    do throws(FuseSessionError) {
      let folder = try FuseSession.resolved(mountpoint)
      if let hidden = plan.sourceHidden(by: folder) {
        throw .mountFailed(mountpoint, detail: "\(hidden.path) of source \(hidden.source) lies below it and would be hidden; mount on another folder")
      }
      let session = try mount(plan, mounting, service, assembler, logger)
      let stopping = try StopSignals(session, logger, answersHangup: foreground && !ServiceNotification.isExpected)
      try session.start()
      logger.info(
        "mounted",
        metadata: [
          "name": "\(plan.configuration.name.value)", "mountpoint": "\(session.mountpoint)", "memory": "\(ByteCount.text(plan.capByteCount))",
          "threads": "\(plan.threadCount)", "passthrough": "\(service.control.isPassthrough.load(ordering: .relaxed))",
        ])
      ServiceNotification.send("READY=1\nSTATUS=serving \(session.mountpoint)")
      if inBackground { Daemon.reportReady() }
      let watchdog = try Watchdog(session)
      session.waitUntilUnmounted()
      watchdog?.stop()
      ServiceNotification.send("STOPPING=1")
      assembler.stop()
      logger.info("unmounted", metadata: ["mountpoint": "\(session.mountpoint)", "cause": "\(stopping.cause)"])
    } catch {
      assembler.stop()
      throw refuse(error)
    }
  }

  /// What the configuration asks of the mount, and `-o`.
  private static func mounting(_ configuration: Configuration, _ words: [String]) throws(FuseSessionError) -> MountOptions {
    var mounting = MountOptions(
      sourceName: configuration.name.value, allowOther: configuration.allowOther, passthrough: configuration.serve != .replies)
    for word in words { try mounting.add(word) }
    return mounting
  }

  private func mount(
    _ plan: MountPlan, _ mounting: MountOptions, _ service: MountedTree, _ assembler: BatchAssembler, _ logger: Logger
  ) throws(FuseSessionError) -> FuseSession {
    let session = try FuseSession(mountpoint: mountpoint, options: mounting, service: service, logger: logger)
    if session.passthroughAvailable {
      assembler.useMemoryFiles()
      service.control.isPassthrough.store(true, ordering: .relaxed)
    } else if plan.configuration.serve == .passthrough {
      // Nothing serves it yet: this takes it away.
      session.waitUntilUnmounted()
      throw .passthroughUnavailable
    }
    return session
  }
}
