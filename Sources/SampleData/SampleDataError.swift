// Why a sample data set was not written.

public import MDSFormat
public import Platform

public enum SampleDataError: Error, Sendable, Equatable {
  /// The folder to be made holds something already: `found`, for one.
  case folderNotEmpty(String, found: String)
  case notAFolder(String)
  case invalidCount(String, found: Int, allowed: ClosedRange<Int>)
  case system(SystemError)
  case shard(MDSError)
  /// The caller asked to stop; nothing was left behind.
  case interrupted(String)
}

extension SampleDataError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .folderNotEmpty(let path, let found):
      "\(path): the folder is not empty (it holds \(found)), and nothing is overwritten: name a folder that does not exist yet, or an empty one"
    case .notAFolder(let path): "\(path): there is something that is no folder: name a folder that does not exist yet, or an empty one"
    case .invalidCount(let name, let found, let allowed): "\(name): \(found) is not allowed: give \(allowed.lowerBound) to \(allowed.upperBound)"
    case .system(let error): "\(error)"
    case .shard(let error): "\(error)"
    case .interrupted(let path): "\(path): interrupted: nothing was written"
    }
  }
}
