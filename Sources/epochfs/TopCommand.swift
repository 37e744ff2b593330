// epochfs top: what a mount is doing, live.

import ArgumentParser
internal import ByteParsing
import Glibc
import MountMonitor
import Platform

struct TopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top",
    abstract: "Shows what a mount is doing: throughput, hits, decoding, waiting times, memory, errors.",
    discussion: """
      On a terminal the view is drawn again each interval, until q or Ctrl-C. Elsewhere, and with --count, one report follows another. \
      The numbers are those of the last interval; `.epochfs/metrics` has the totals (docs/METRICS.md).
      """)

  @Argument(help: "The folder that is mounted on.", completion: .directory)
  var mountpoint: String

  @Option(help: ArgumentHelp("Between two looks, 0.1 to 3600.", valueName: "seconds"))
  var interval = 1.0

  @Option(help: ArgumentHelp("Reports to write; without it there is no end.", valueName: "reports"))
  var count: Int?

  @Flag(help: "Write each report as one JSON object a line.")
  var json = false

  func validate() throws {
    guard (0.1...3600).contains(interval) else { throw ValidationError("--interval is 0.1 to 3600 seconds, not \(interval)") }
    if let count, count < 1 { throw ValidationError("--count is at least 1, not \(count)") }
  }

  func run() throws {
    do throws(MountReadingError) {
      let reader = MountReader(mountpoint: mountpoint)
      var last = try reader.snapshot()
      let isLive = !json && count == nil && LiveScreen.isPossible
      let screen = isLive ? LiveScreen() : nil
      var reportCount = 0
      // The first report is of the whole time since the mount, so that it says something at once.
      var interval = MetricInterval(from: MetricSnapshot(parsing: "", at: last.seconds - last["uptime_seconds"]), to: last)
      while true {
        let report = TopReport(mountpoint: mountpoint, interval: interval, errors: reader.latestErrors(limit: 5))
        let isWritten: Bool
        if let screen {
          screen.draw(report.lines(within: screen.size))
          isWritten = true
        } else if json {
          isWritten = StandardOutput.write(text: report.json + "\n")
        } else {
          isWritten = StandardOutput.write(text: (reportCount > 0 ? "\n" : "") + report.lines.joined(separator: "\n") + "\n")
        }
        reportCount += 1
        if !isWritten || reportCount == count { return }
        if let screen {
          if screen.waitsForQuit(seconds: self.interval) { return }
        } else {
          usleep(UInt32(self.interval * 1e6))
        }
        let next = try reader.snapshot()
        interval = MetricInterval(from: last, to: next)
        last = next
      }
    } catch { throw refuse(error) }
  }
}

/// Why a mount's own files cannot be read.
struct MountReadingError: Error, CustomStringConvertible {
  let mountpoint: String
  let error: SystemError

  var description: String {
    switch error.number {
    case ENOENT, ENOTDIR: "\(mountpoint): there is no EpochFS mount: \(error.path) is not there"
    case ENOTCONN: "\(mountpoint): the daemon of this mount has died; `epochfs mount CONFIG \(mountpoint)` cleans up and mounts again"
    default: "\(error)"
    }
  }
}

struct MountReader {
  let mountpoint: String

  func snapshot() throws(MountReadingError) -> MetricSnapshot {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try contents("metrics") } catch { throw MountReadingError(mountpoint: mountpoint, error: error) }
    return MetricSnapshot(parsing: String(decoding: bytes, as: UTF8.self), at: Double(MonotonicClock.nanoseconds) / 1e9)
  }

  /// The last lines of `errors.jsonl`; none where it cannot be read.
  func latestErrors(limit: Int) -> [LatestError] {
    guard let bytes = try? contents("errors.jsonl") else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).suffix(limit).compactMap { try? LatestError(parsing: Array($0)) }
  }

  /// Read to its end, not to its size: the file is made anew at each open, and may have grown since its size was asked for.
  private func contents(_ name: String) throws(SystemError) -> [UInt8] {
    let file = try InputFile(opening: "\(mountpoint)/.epochfs/\(name)")
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < Self.byteLimit {
      let count = try piece.withMutableRawSpan { (target) throws(SystemError) in try file.read(into: &target, from: bytes.count) }
      if count == 0 { break }
      bytes += piece.prefix(count)
    }
    return bytes
  }

  private static let byteLimit = 64 << 20
}
