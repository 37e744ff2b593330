// Reads the top level of a configuration.

/// Makes the model from the tree. Where something is wrong it is noted in the context and a stand-in is taken, so that all is told at once.
struct ConfigurationReader {
  let context: ReadingContext

  func configuration(_ root: ValueReader) -> Configuration? {
    guard let top = SectionReader(root, .top) else { return nil }
    let version = top.integer("version", 1...1, default: 1)
    let name = top.required("name")?.text("a text") ?? ""
    if !name.isEmpty, let complaint = NameRules.plain(name) { context.note(top.place(of: "name"), "the name \(quoted(name)) \(complaint)") }
    let verify = top.choice("verify", default: VerifyPolicy.automatic)
    let sources = sources(top, verify)
    let views = views(top, sources)
    warnOfUnused(sources, views)
    return Configuration(
      version: version, name: top.located("name", name), memory: top.located("memory", memory(top)), threads: top.located("threads", threads(top)),
      serve: top.choice("serve", default: .automatic), verify: verify, state: state(top), uid: owner(top, "uid"), gid: owner(top, "gid"),
      allowOther: top.boolean("allow_other", default: false), sources: sources, views: views, file: root.node.origin.file, warnings: [])
  }

  private func memory(_ top: SectionReader) -> MemorySetting {
    guard let value = top["memory"], !value.isAutomatic, let bytes = size(value, "auto, or \(ByteSize.expectation)", unitRequired: false) else {
      return .automatic
    }
    return .bytes(bytes)
  }

  private func threads(_ top: SectionReader) -> ThreadSetting {
    guard let value = top["threads"], !value.isAutomatic else { return .automatic }
    guard case .scalar(let text, true) = value.node.content, ScalarMeaning(text) == .integer, let count = Int(text), (1...1024).contains(count) else {
      value.fail("found \(value.node.summary); expected auto, or an integer from 1 to 1024")
      return .automatic
    }
    return .count(count)
  }

  /// One below 2^32 - 1, which means "nobody" to chown and its like.
  private func owner(_ top: SectionReader, _ key: String) -> UInt32? {
    top[key]?.integer(0...4_294_967_294).map { UInt32($0) }
  }

  private func state(_ top: SectionReader) -> String {
    if let path = top["state"].flatMap({ localPath($0) }) { return path.expanded }
    let environment = context.environment
    // systemd sets the first for a service with CacheDirectory=.
    if let folder = environment["CACHE_DIRECTORY"]?.split(separator: ":").first, folder.hasPrefix("/") { return PathExpansion.cleaned(String(folder)) }
    if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return PathExpansion.cleaned(folder + "/epochfs") }
    if let home = environment["HOME"], home.hasPrefix("/") { return PathExpansion.cleaned(home + "/.cache/epochfs") }
    return "/var/cache/epochfs"
  }

  private func warnOfUnused(_ sources: [SourceConfiguration], _ views: [ViewConfiguration]) {
    let used = Set(views.flatMap { $0.sources.map(\.name.value) })
    for source in sources where !used.contains(source.name.value) { context.warn(source.name.place, "no view uses this source") }
  }

  // MARK: - Sizes and paths

  /// A number of bytes above 0.
  func size(_ value: ValueReader, _ expectation: String, unitRequired: Bool) -> Int? {
    guard case .scalar(let text, _) = value.node.content, let bytes = ByteSize.parse(text, unitRequired: unitRequired), bytes > 0 else {
      return value.mismatch(expectation)
    }
    return bytes
  }

  /// - Parameter isPattern: for the files of a source; else the path is one file's or folder's.
  func path(_ value: ValueReader, isPattern: Bool) -> Located<SourcePath>? {
    guard let text = value.text("a path") else { return nil }
    do {
      let expanded = try PathExpansion.expand(text, folder: context.folder, environment: context.environment, isPattern: isPattern)
      return Located(SourcePath(written: text, expanded: expanded), at: value.place)
    } catch {
      value.fail(error.message)
      return nil
    }
  }

  func localPath(_ value: ValueReader) -> SourcePath? {
    guard let path = path(value, isPattern: false)?.value else { return nil }
    guard !PathExpansion.isRemote(path.expanded) else { return value.mismatch("a path of this machine") }
    return path
  }
}
