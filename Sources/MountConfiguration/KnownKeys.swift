// The one table of keys: what is allowed where, its type, its default, its meaning. docs/CONFIGURATION.md shows it, the reader obeys it.

/// A mapping of the file whose keys are known.
enum Section: String, CaseIterable {
  case top, source, column, view, viewSource, order, tensor, operation, standardize, s3, cache
}

struct KnownKey {
  /// What a key's value holds, as far as paths of `--set` must know.
  enum Content: Equatable {
    case value
    case section(Section)
    /// A mapping whose keys are names that the user chooses, each with a section.
    case names(Section)
    /// The same with other values.
    case namedValues
  }

  let name: String
  let type: String
  /// `required`, `none`, or what holds without the key.
  let whenAbsent: String
  let meaning: String
  let content: Content

  init(_ name: String, _ type: String, _ whenAbsent: String, _ meaning: String, _ content: Content = .value) {
    self.name = name
    self.type = type
    self.whenAbsent = whenAbsent
    self.meaning = meaning
    self.content = content
  }
}

extension Section {
  var keys: [KnownKey] {
    switch self {
    case .top: Self.topKeys
    case .source: Self.sourceKeys
    case .column: Self.columnKeys
    case .view: Self.viewKeys
    case .viewSource: Self.viewSourceKeys
    case .order: Self.orderKeys
    case .tensor: Self.tensorKeys
    case .operation: Self.operationKeys
    case .standardize: Self.standardizeKeys
    case .s3: Self.s3Keys
    case .cache: Self.cacheKeys
    }
  }

  func key(_ name: String) -> KnownKey? { keys.first { $0.name == name } }

  private static let topKeys = [
    KnownKey("version", "`1`", "1", "The version of this format."),
    KnownKey("name", "text", "required", "What the mount is called in logs and in `df`."),
    KnownKey(
      "memory", "`auto` or size", "auto", "The cap of everything decoded or in flight. `auto`: a quarter of RAM or of the cgroup's limit, whichever is less."),
    KnownKey("threads", "`auto` or 1 to 1024", "auto", "Decoding threads. `auto`: as many as cores."),
    KnownKey("serve", "`auto`, `passthrough`, `replies`", "auto", "How bytes reach the kernel. `auto`: passthrough where kernel and privileges allow it."),
    KnownKey("verify", "`auto`, `always`, `never`", "auto", "When hashes are checked. `auto`: fast ones while reading, slow ones in `epochfs check --deep`."),
    KnownKey("state", "path", "user's cache", "The folder of derived sources' indexes: `$XDG_CACHE_HOME/epochfs`, or /var/cache/epochfs as a service."),
    KnownKey("uid", "0 to 4294967294", "the mounting user", "The owner of every file."),
    KnownKey("gid", "0 to 4294967294", "the mounting group", "The group of every file."),
    KnownKey("allow_other", "`true`, `false`", "false", "Whether other users may look into the mount."),
    KnownKey("s3", "section s3", "none", "Where and how `s3://` paths are fetched.", .section(.s3)),
    KnownKey("cache", "section cache", "none", "Keeps fetched shards on disk.", .section(.cache)),
    KnownKey("sources", "NAME: section source", "required", "Where samples come from.", .names(.source)),
    KnownKey("views", "NAME: section view", "required", "What is mounted: one folder each.", .names(.view)),
  ]

  private static let sourceKeys = [
    KnownKey("format", "`mds`, `parquet`, `dbn`, `json`, `jsonl`, `csv`", "required", "How the files are encoded; in this version `mds` or `parquet`."),
    KnownKey(
      "path", "path or list of paths", "required",
      "Directories, files, globs or `{name}` patterns; relative to the configuration's folder; with environment variables."),
    KnownKey("columns", "COLUMN: section column", "{}", "What the bytes of columns mean.", .names(.column)),
    KnownKey("filter", "text", "none", "Keeps the rows for which a condition holds."),
    KnownKey("verify", "`auto`, `always`, `never`", "the top's", "As at the top, for this source."),
    KnownKey("s3", "section s3", "the top's", "As at the top, for this source.", .section(.s3)),
    KnownKey("from", "name of a source", "none", "Makes this a derived source."),
    KnownKey("steps", "list of steps", "[]", "What is done to the rows of `from`."),
  ]

  private static let columnKeys = [
    KnownKey(
      "dtype", "element type", "the format's",
      "The type of the elements in a column of raw bytes: `bool`, `int8` to `int64`, `uint8` to `uint64`, `float16` to `float64`."),
    KnownKey("shape", "list of integers above 0", "the format's", "The shape of one sample, without the batch axis."),
    KnownKey("channels", "list of names", "none", "Names of the last axis, for `transform` and `channels` of tensors."),
  ]

  private static let viewKeys = [
    KnownKey("source", "name of a source, or list", "required", "Where the samples come from; of a list, each is a name or a section of a view's source."),
    KnownKey("filter", "text", "none", "Keeps the rows for which a condition holds."),
    KnownKey("layout", "`batches`, `arrays`", "batches", "Batches, or whole columns in stored order; with the latter the keys of batches are refused."),
    KnownKey("batch_size", "integer above 0", "1", "Samples in a batch."),
    KnownKey("drop_last", "`true`, `false`", "false", "Whether an incomplete last batch is left out."),
    KnownKey("files", "list of `npy`, `npz`, `jsonl`", "[npy]", "The kinds of files of a batch."),
    KnownKey("epochs", "1 to 1000000", "none", "Adds a level of folders `epoch-N` and lists so many; every N below 1,000,000 resolves."),
    KnownKey("ranks", "1 to 4096", "none", "Lists `rank-R-of-W` for so many ranks in each epoch; every W up to 4096 resolves."),
    KnownKey("order", "section order", "by `epochs`", "The order of samples: `window` with epochs, `sequential` without.", .section(.order)),
    KnownKey("tensors", "NAME: section tensor", "every column of fixed shape", "The arrays of a batch.", .names(.tensor)),
    KnownKey("group_by", "list of columns", "[]", "Adds a level of folders for each column's values."),
    KnownKey("group_style", "`plain`, `hive`", "plain", "Group folders are `VALUE` or `COLUMN=VALUE`."),
  ]

  private static let viewSourceKeys = [
    KnownKey("name", "name of a source", "required", "The source that is mixed in."),
    KnownKey("proportion", "number above 0", "none", "Its share of the epoch's samples."),
    KnownKey("repeat", "number above 0", "none", "How many times its samples are used in an epoch."),
    KnownKey("choose", "integer above 0", "none", "How many of its samples are used in an epoch."),
  ]

  private static let orderKeys = [
    KnownKey(
      "algorithm", "`sequential`, `window`, `naive`, `py1s`, `py2s`, `py1br`, `py1e`", "by `epochs`",
      "`window` with epochs, `sequential` without; the others are mosaicml-streaming's."),
    KnownKey("seed", "0 to 18446744073709551615", "0", "Another seed, another order. 9176 for mosaicml-streaming's algorithms."),
    KnownKey(
      "block", "integer above 0, or size", "512MiB", "How much is shuffled among each other: an integer is samples, a size with its unit is bytes of raw data."),
    KnownKey("canonical_nodes", "integer above 0", "nodes", "As mosaicml-streaming's `num_canonical_nodes`; 64 x nodes for py1s and py2s."),
    KnownKey("nodes", "integer above 0", "1", "Physical nodes of the training."),
    KnownKey("batching", "`random`, `stratified`, `per_stream`, `device_per_stream`", "random", "How mixed sources share a batch."),
    KnownKey("sampling", "`balanced`, `fixed`", "balanced", "How samples are chosen where not all are used."),
    KnownKey("granularity", "integer above 0", "1", "Samples that are chosen together."),
    KnownKey("epoch_size", "integer above 0", "all samples", "Samples in an epoch of mixed sources."),
  ]

  private static let tensorKeys = [
    KnownKey("column", "name of a column", "required, or `columns`", "The column that is read."),
    KnownKey("columns", "list of names or globs", "none", "Scalar columns that are stacked on a last axis; their names are its channels."),
    KnownKey("slice", "text", "everything", "NumPy slicing of one sample, without the batch axis."),
    KnownKey("channels", "list of channels", "all", "The channels to keep, in this order."),
    KnownKey("transform", "CHANNEL: list of operations", "none", "Operations on channels, in turn; `*` is every channel.", .namedValues),
    KnownKey("dtype", "`float16`, `float32`, `float64`, `int8` to `int64`, `uint8` to `uint64`", "the column's", "Casts the result."),
  ]

  private static let operationKeys = [
    KnownKey("add", "number", "none", "x + number"),
    KnownKey("subtract", "number", "none", "x - number"),
    KnownKey("multiply", "number", "none", "x * number"),
    KnownKey("divide", "number, not 0", "none", "x / number"),
    KnownKey("clamp", "[lo, hi]", "none", "At least lo, at most hi; `-.inf` and `.inf` leave a side open."),
    KnownKey("log1p", "the bare word", "none", "log(1 + x)"),
    KnownKey("sin_cos", "`degrees`, `radians`", "none", "Replaces channel NAME by NAME_sin and NAME_cos: the last axis grows by one."),
    KnownKey("standardize", "section standardize", "none", "(x - mean) / std", .section(.standardize)),
    KnownKey("nan_to", "number", "none", "Replaces NaN by the number."),
  ]

  private static let standardizeKeys = [
    KnownKey("mean", "number", "required", "What is subtracted."),
    KnownKey("std", "number above 0", "required", "What is divided by."),
  ]

  private static let s3Keys = [
    KnownKey("endpoint", "URL", "AWS", "http:// or https:// address of the object store."),
    KnownKey("region", "text", "the environment's", "The region that requests are signed for."),
    KnownKey("addressing", "`path`, `virtual`", "virtual", "Whether the bucket is in the path or in the host name."),
    KnownKey("timeout", "seconds", "60", "How long a read is tried before it fails."),
  ]

  private static let cacheKeys = [
    KnownKey("path", "path", "required", "The folder of fetched shards."),
    KnownKey("size", "size", "required", "How much it may hold."),
  ]
}
