// The environment's variables.

import Glibc

public enum ProcessEnvironment {
  public static var variables: [String: String] {
    var found: [String: String] = [:]
    // Sound: `environ` is a list of terminated strings that ends with nil; nothing in this program changes it.
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
      let parts = unsafe String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
      unsafe entry += 1
    }
    return found
  }
}
