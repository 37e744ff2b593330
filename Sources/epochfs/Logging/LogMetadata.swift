// What lines of the log say about decodings and reads.

internal import BatchAssembly
internal import FileTree
internal import Logging

extension DecodedPart {
  var logMetadata: Logger.Metadata {
    [
      "kind": "\(kind)", "source": "\(sourceName)", "shard": "\(path)", "bytes": "\(byteCount)", "stored_bytes": "\(storedByteCount)",
      "microseconds": "\(nanoseconds / 1000)",
    ]
  }
}

extension ReaderError {
  var logMetadata: Logger.Metadata {
    var metadata: Logger.Metadata = ["path": "\(path)", "source": "\(source)", "errno": "\(self.errno)"]
    if let shard { metadata["shard"] = "\(shard)" }
    return metadata
  }
}

extension FileAccess {
  var kindName: String {
    switch kind {
    case .open: "opened"
    case .read: "read"
    }
  }

  var logMetadata: Logger.Metadata {
    var metadata: Logger.Metadata = ["path": "\(path)", "microseconds": "\(nanoseconds / 1000)"]
    if case .read(let byteOffset, let byteCount) = kind {
      metadata["offset"] = "\(byteOffset)"
      metadata["bytes"] = "\(byteCount)"
    }
    if let error { metadata["errno"] = "\(error.errno)" }
    return metadata
  }
}
