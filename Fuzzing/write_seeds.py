"""Writes the seeds of the fuzzer to Fuzzing/Seeds: one small Parquet file a feature, since small inputs are mutated best.

    python Fuzzing/write_seeds.py        needs pyarrow; the files it writes are committed
"""
import decimal
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = pathlib.Path(__file__).parent / "Seeds"
N = 12
SMALL = {"compression": "none", "write_statistics": False, "store_schema": False, "use_dictionary": False}


def write(name, column, **options): pq.write_table(pa.table({"c": column}), ROOT / f"{name}.parquet", **{**SMALL, **options})


ROOT.mkdir(exist_ok=True)
for old in ROOT.glob("*.parquet"): old.unlink()
texts = [f"text{k // 3}" * (k % 3) for k in range(N)]
columns = {
    "i32": pa.array(range(N), pa.int32()), "i64": pa.array([k * k for k in range(N)]), "i8": pa.array(range(N), pa.int8()), "f32": pa.array(np.arange(N, dtype=np.float32)),
    "f64": pa.array(np.arange(N) / 3), "text": pa.array(texts), "v3": pa.array([b"abc"] * N, pa.binary(3)), "bool": pa.array([k % 3 == 0 for k in range(N)]),
    "decimal": pa.array([decimal.Decimal(k - 5) for k in range(N)], pa.decimal128(20, 2)), "wide": pa.array([decimal.Decimal(k - 5) for k in range(N)], pa.decimal256(50, 2)),
}
encodings = {"i32": ["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"], "i64": ["DELTA_BINARY_PACKED"], "i8": ["PLAIN", "DELTA_BINARY_PACKED"], "f32": ["PLAIN", "BYTE_STREAM_SPLIT"], "f64": ["BYTE_STREAM_SPLIT"],
             "text": ["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"], "v3": ["DELTA_BYTE_ARRAY", "BYTE_STREAM_SPLIT"], "bool": ["PLAIN", "RLE"], "decimal": ["PLAIN"], "wide": ["DELTA_BYTE_ARRAY"]}
for name, kinds in encodings.items():
    for k, encoding in enumerate(kinds): write(f"{name}-{encoding.lower()}", columns[name], column_encoding={"c": encoding}, data_page_version="12"[k % 2] + ".0")
    write(f"{name}-dictionary", columns[name], use_dictionary=True, data_page_version="2.0" if len(name) % 2 else "1.0")
for version in ("1.0", "2.0"):
    v = version[0]
    options = {"data_page_version": version, "data_page_size": 16, "write_batch_size": 4}
    lists = [None if k % 5 == 4 else list(range(k % 4)) for k in range(N)]
    write(f"nulls-v{v}", pa.array([None if k % 3 else k for k in range(N)], pa.int32()), **options)
    write(f"text-nulls-v{v}", pa.array([None if k % 3 else "x" for k in range(N)]), use_dictionary=True, **options)
    write(f"list-v{v}", pa.array(lists, pa.list_(pa.int16())), write_page_index=True, **options)
    write(f"lists-v{v}", pa.array([[x, None, []] for x in lists], pa.list_(pa.list_(pa.int64()))), **options)
    write(f"texts-v{v}", pa.array([None if x is None else [str(y) for y in x] for x in lists], pa.list_(pa.string())), **options)
    write(f"fixed-v{v}", pa.FixedSizeListArray.from_arrays(pa.array(np.arange(N * 4, dtype=np.float32)), 4), store_schema=True, **options)
    write(f"fixed-nulls-v{v}", pa.FixedSizeListArray.from_arrays(pa.array([None if k % 7 == 3 else k for k in range(N * 4)], pa.int32()), 4, mask=pa.array([k % 4 == 1 for k in range(N)])), store_schema=True, **options)
    write(f"fixed2-v{v}", pa.FixedSizeListArray.from_arrays(pa.FixedSizeListArray.from_arrays(pa.array(np.arange(N * 4, dtype=np.int16)), 2), 2), store_schema=True, **options)
    write(f"map-v{v}", pa.array([[("k", k)] * (k % 3) for k in range(N)], pa.map_(pa.string(), pa.int32())), **options)
    write(f"index-v{v}", columns["i64"], write_page_index=True, row_group_size=5, **options)
    write(f"fallback-v{v}", columns["text"], **{**options, "use_dictionary": True, "dictionary_pagesize_limit": 10})
for codec in ("snappy", "gzip", "brotli", "zstd", "lz4"): write(f"codec-{codec}", columns["i64"], compression=codec, use_dictionary=codec == "snappy", data_page_version="2.0" if codec == "zstd" else "1.0")
write("int96", pa.array([0, 1 << 60, None], pa.timestamp("ns")), use_deprecated_int96_timestamps=True)
print(len(list(ROOT.iterdir())), "seeds,", sum(p.stat().st_size for p in ROOT.iterdir()), "bytes")
