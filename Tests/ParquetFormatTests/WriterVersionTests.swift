// What is read from created_by.

import ParquetFormat
import Testing

struct WriterVersionTests {
  @Test(arguments: [
    ("parquet-cpp-arrow version 26.0.1", "parquet-cpp-arrow", 26, 0, 1), ("parquet-cpp version 1.5.1-SNAPSHOT", "parquet-cpp", 1, 5, 1),
    ("parquet-mr version 1.12.3 (build f8dced182c4c1fbdec6ccb3185537b5a01e6ed6b)", "parquet-mr", 1, 12, 3), ("parquet-mr version 1.2", "parquet-mr", 1, 2, 0),
    ("DuckDB version v1.4.0 (build abc)", "DuckDB", 0, 4, 0), ("Polars", "Polars", 0, 0, 0), ("", "", 0, 0, 0), ("version 1.0", "version 1.0", 0, 0, 0),
    ("fastparquet-python version 2024.2.0 (build 0)", "fastparquet-python", 2024, 2, 0), ("parquet-mr version", "parquet-mr", 0, 0, 0),
    ("x version 99999999999999999999.1.2", "x", 0, 1, 2),
  ])
  func isParsed(createdBy: String, application: String, major: Int, minor: Int, patch: Int) {
    let version = ParquetWriterVersion(createdBy: createdBy)
    #expect(version.application == application && version.major == major && version.minor == minor && version.patch == patch)
  }

  @Test func faultsAreThoseOfTheVersionsKnownForThem() {
    #expect(ParquetWriterVersion(createdBy: "parquet-cpp version 1.5.1-SNAPSHOT").deniesCompression)
    #expect(!ParquetWriterVersion(createdBy: "parquet-cpp-arrow version 4.0.0").deniesCompression)
    #expect(ParquetWriterVersion(createdBy: "parquet-mr version 1.2.8").understatesChunks)
    #expect(!ParquetWriterVersion(createdBy: "parquet-mr version 1.2.9").understatesChunks)
    #expect(ParquetWriterVersion(createdBy: "parquet-mr version 1.7.0").hasWrongByteBounds)
    #expect(!ParquetWriterVersion(createdBy: "parquet-mr version 1.8.0").hasWrongByteBounds)
    #expect(ParquetWriterVersion(createdBy: "parquet-mr version 1.9.0").hasOnlySignedBounds)
    #expect(!ParquetWriterVersion(createdBy: "parquet-mr version 1.10.0").hasOnlySignedBounds)
  }
}
