// Rows of column chunks, for one decoding thread.

public import Compression
internal import ParquetFormat
internal import Platform

/// Reads rows with what one thread keeps: memory, the codecs' states, and the directories that all threads share.
public struct ParquetReader {
  let memory: ReadingMemory
  let decompressor: Decompressor
  let checksCRC: Bool
  let directories: PageDirectoryCache

  public init(memory: ReadingMemory, decompressor: Decompressor, checksCRC: Bool, directories: PageDirectoryCache) {
    self.memory = memory
    self.decompressor = decompressor
    self.checksCRC = checksCRC
    self.directories = directories
  }

  func pageReader(_ chunk: ParquetChunk) -> PageReader {
    PageReader(location: chunk.location, memory: memory, decompressor: decompressor, checksCRC: checksCRC)
  }

  /// Runs `body` with the chunk's pages. Where the file's own index turns out to be wrong it is run once more with what the pages' headers say.
  /// - Parameter mayRepeat: whether it can be run again; if not, the index is not used.
  func withDirectory<Result>(
    _ chunk: ParquetChunk, _ file: borrowing InputFile, mayRepeat: Bool, _ body: (PageDirectory) throws(ParquetReadError) -> Result
  ) throws(ParquetReadError) -> Result {
    let key = PageDirectoryCache.Key(
      file: chunk.fileNumber, rowGroup: chunk.location.rowGroup, leaf: chunk.leaf.ordinal, valuesPerRow: chunk.valuesPerRow,
      mayBeIndex: mayRepeat)
    let reader = pageReader(chunk)
    var directory: PageDirectory
    if let known = directories.directory(key) {
      directory = known
    } else {
      directory = try reader.directory(valuesPerRow: chunk.valuesPerRow, usesIndex: mayRepeat, in: file)
      directories.keep(directory, key)
    }
    do throws(ParquetReadError) {
      return try body(directory)
    } catch {
      guard directory.isFromIndex, error.isOfPages else { throw error }
      directory = try reader.directory(valuesPerRow: chunk.valuesPerRow, usesIndex: false, in: file)
      directories.keep(directory, key)
      return try body(directory)
    }
  }

  /// Reads the page `page` of `directory`, checks that it holds what the directory says, and hands it to `body`.
  /// - Throws: `.inRows` for what is wrong with it, so that other rows can be had; `.noMemory` as it is.
  func withPage<Result>(
    _ page: Int, of chunk: ParquetChunk, _ directory: PageDirectory, _ reader: PageReader, _ file: borrowing InputFile,
    _ body: (borrowing PageView) throws(ParquetReadError) -> Result
  ) throws(ParquetReadError) -> Result {
    do throws(ParquetReadError) {
      return try reader.withPage(directory.pages[page], in: file) { (view) throws(ParquetReadError) in
        try Self.check(view, page, directory, chunk)
        return try body(view)
      }
    } catch {
      if case .noMemory = error { throw error }
      throw .inRows(directory.rows(ofPage: page, valuesPerRow: chunk.valuesPerRow), error)
    }
  }

  /// The chunk's dictionary, decoded; nil where it has none.
  func dictionary(_ chunk: ParquetChunk, _ directory: PageDirectory, _ file: borrowing InputFile) throws(ParquetReadError) -> ChunkDictionary? {
    guard let place = directory.dictionary else { return nil }
    return try pageReader(chunk).dictionary(byteOffset: place.byteOffset, byteCount: place.byteCount, in: file)
  }
}

extension ParquetReadError {
  /// Whether pages are not where, or what, they were said to be.
  var isOfPages: Bool {
    switch self {
    case .format, .contradiction, .otherShape, .encoding, .compression: true
    case .inRows(_, let error): error.isOfPages
    case .system, .unsupported, .noMemory, .inColumn: false
    }
  }
}
