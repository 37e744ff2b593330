// A source's configuration made real.

internal import MountConfiguration
internal import NumPyFormat
internal import Platform
internal import ShardStore

enum SourceOpening {
  static func open(_ source: SourceConfiguration) throws(ConfigurationError) -> any ShardSource {
    let declarations = source.columns.map {
      ShardStore.ColumnDeclaration(
        name: $0.name.value, elementType: $0.dtype.flatMap { ElementType(name: $0.value.rawValue) }, shape: $0.shape?.value, channels: $0.channels?.value)
    }
    let paths = try expand(source.paths)
    do throws(SourceError) {
      switch source.format {
      case .mds: return try MDSSource(name: source.name.value, paths: paths, declarations: declarations, verification: Verification(source.verify))
      case .parquet, .dbn, .json, .jsonl, .csv: break
      }
    } catch {
      throw ConfigurationError(place(of: error.subject, in: source), error.message)
    }
    throw source.name.failure("the format \(source.format.rawValue) is not supported by this version")
  }

  /// The sources of a view as one.
  static func joined(_ sources: [any ShardSource], _ written: [ViewSource]) throws(ConfigurationError) -> any ShardSource {
    if sources.count == 1 { return sources[0] }
    do throws(ConcatenationError) { return try ConcatenatedSource(sources) } catch { throw written[error.source].name.failure(error.message) }
  }

  /// Patterns replaced by what they match.
  private static func expand(_ paths: [Located<SourcePath>]) throws(ConfigurationError) -> [String] {
    var found: [String] = []
    for path in paths {
      let text = path.value.expanded
      guard Folder.isPattern(text), Folder.kind(of: text) == nil else {
        found.append(text)
        continue
      }
      let matches = Folder.matching(text).filter { !($0.split(separator: "/").last.map { $0.hasPrefix("_") || $0.hasPrefix(".") } ?? false) }
      guard !matches.isEmpty else { throw ConfigurationError(path.place, "\(text): matches no file or folder") }
      found += matches
    }
    return found
  }

  private static func place(of subject: SourceError.Subject, in source: SourceConfiguration) -> SourcePlace {
    switch subject {
    case .path: source.paths.first?.place ?? source.name.place
    case .column(let name): source.columns.first { $0.name.value == name }?.name.place ?? source.name.place
    }
  }
}

extension Verification {
  init(_ policy: VerifyPolicy) {
    switch policy {
    case .automatic: self = .auto
    case .always: self = .always
    case .never: self = .never
    }
  }
}
