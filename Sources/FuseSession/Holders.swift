// Who keeps a mount busy.

internal import Glibc
internal import Platform

/// The other processes that have something at or below `path` open, mapped or as their folder: "python3 (pid 812)". At most eight, and only those that may be looked at.
func holders(of path: String) -> [String] {
  var found: [String] = []
  for process in names(in: "/proc") where process.allSatisfy(\.isNumber) && process != "\(getpid())" {
    guard found.count < 8 else { break }
    let folder = "/proc/" + process
    let links = ["cwd", "root"] + names(in: folder + "/fd").map { "fd/" + $0 } + names(in: folder + "/map_files").map { "map_files/" + $0 }
    let holds = links.contains { link in
      guard let target = target(ofLink: folder + "/" + link) else { return false }
      return target == path || target.hasPrefix(path + "/")
    }
    guard holds else { continue }
    let name = contentsOfSmallFile(folder + "/comm").map { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
    found.append("\(name ?? "?") (pid \(process))")
  }
  return found
}

/// None where it may not be looked at, or is gone.
private func names(in folder: String) -> [String] { (try? Folder.names(in: folder)) ?? [] }

private func target(ofLink path: String) -> String? {
  var bytes = [CChar](repeating: 0, count: 4096)
  // Sound: readlink(2) writes at most the size it is given.
  let count = unsafe readlink(path, &bytes, bytes.count)
  guard count > 0 else { return nil }
  return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
