// A source's configuration made real.

internal import MountConfiguration
internal import NumPyFormat
internal import Platform
internal import SampleOrder
internal import ShardStore

enum SourceOpening {
  /// The source with the columns of its paths, before its filter.
  /// - Parameters:
  ///   - progress: told how many of the files were looked at.
  ///   - warn: told of what works but is probably not meant.
  static func open(
    _ source: SourceConfiguration, progress: (WorkProgress) -> Void, warn: (ConfigurationProblem) -> Void
  ) throws(ConfigurationError) -> any StoredSource {
    let declarations = source.columns.map {
      ShardStore.ColumnDeclaration(
        name: $0.name.value, elementType: $0.dtype.flatMap { ElementType(name: $0.value.rawValue) }, shape: $0.shape?.value, channels: $0.channels?.value)
    }
    let label = "source \(source.name.value): opening"
    do throws(SourceError) {
      switch source.format {
      case .mds:
        let files = try files(source, FileListing.folders)
        let opened = try MDSFamily.open(
          name: source.name.value, paths: files.paths, declarations: declarations, verification: Verification(source.verify)
        ) { progress(WorkProgress(label: label, unit: "shard", done: $0, total: $1)) }
        return try adding(files, rows: opened.pathSampleCounts, to: opened, source, warn)
      case .parquet:
        let files = try files(source, FileListing(endings: [".parquet", ".parq", ".pq"]))
        let opened = try ParquetSource(
          name: source.name.value, paths: files.paths, declarations: declarations, verification: Verification(source.verify)
        ) { progress(WorkProgress(label: label, unit: "file", done: $0, total: $1)) }
        return try adding(files, rows: opened.fileTable, to: opened, source, warn)
      case .dbn, .json, .jsonl, .csv: break
      }
    } catch {
      throw ConfigurationError(place(of: error.subject, in: source), error.message)
    }
    throw source.name.failure("the format \(source.format.rawValue) is not supported by this version")
  }

  /// The sources of a view as one: a single one as it is.
  static func joined(_ sources: [any StoredSource], _ written: [ViewSource]) throws(ConfigurationError) -> any StoredSource {
    if sources.count == 1 { return sources[0] }
    do throws(ConcatenationError) { return try ConcatenatedSource(sources) } catch { throw written[error.source].name.failure(error.message) }
  }

  /// The files that a source's paths stand for, in order.
  /// - Throws: `SourceError` whose subject is the path that stands for none.
  static func files(_ source: SourceConfiguration, _ listing: FileListing) throws(SourceError) -> ListedFiles {
    var found: ListedFiles?
    for (index, path) in source.paths.enumerated() {
      let files: ListedFiles
      do throws(SourceError) { files = try listing.files(path.value.expanded) } catch { throw SourceError(.listedPath(index), error.message) }
      found = found?.appending(files) ?? files
    }
    guard let found else { throw SourceError(.path, "no path is given") }
    return found
  }

  /// A source with the columns that its files' paths make; `rows` are those of each file.
  ///
  /// A column that the files have themselves is theirs: beside a hive folder of that name this is a warning, beside `{name}` an error.
  static func adding(
    _ files: ListedFiles, rows: ShardTable, to base: any StoredSource, _ source: SourceConfiguration, _ warn: (ConfigurationProblem) -> Void
  ) throws(SourceError) -> any StoredSource {
    let stored = Set(base.storedColumns.map(\.name))
    var files = files
    for column in files.columns where stored.contains(column.name) {
      guard !column.isCaptured else {
        throw SourceError(.path, "{\(column.name)} makes a column \(column.name), but the files have a column of that name; choose another name")
      }
      warn(
        ConfigurationProblem(
          source.paths.first?.place ?? source.name.place,
          "the files have a column \(column.name) themselves; it is used instead of what the folders \(column.name)=... say"))
      files = files.droppingColumn(column.name)
    }
    return files.columns.isEmpty ? base : PathColumnSource(base, adding: files.columns, files: rows, paths: files.paths)
  }

  private static func place(of subject: SourceError.Subject, in source: SourceConfiguration) -> SourcePlace {
    switch subject {
    case .path: source.paths.first?.place ?? source.name.place
    case .listedPath(let index): source.paths.indices.contains(index) ? source.paths[index].place : source.name.place
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
