"""Writes the small Parquet files of Tests/Fixtures/parquet-rows, and beside them the values that a reader must find.

    python Tests/ParquetReadingTests/write_fixtures.py        needs pyarrow, polars, duckdb and fastparquet; the files it writes are committed

`NAME.tsv` has a line for each part of each leaf of each row group as pyarrow reads it: row group, leaf, part, bytes, SHA-1 of them, and the first 16 in hexadecimal.
Parts: `offsets0`, `offsets1` ... (int64, outermost lists first, texts' bytes last), `values`, `nulls0` for the rows, `nulls1` and on for the entries of each level of lists (one byte each,
only where something is null).
With the word `describe` only the descriptions are written again, of the files that are there.
A null is NaN, NaT or zeros among the values; a null row has no elements.
"""
import decimal
import hashlib
import pathlib
import sys

import duckdb
import numpy as np
import polars
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = pathlib.Path(__file__).parent.parent / "Fixtures" / "parquet-rows"
rng = np.random.default_rng(5)


# What a reader must find.

def element_bytes(a):
    """The array elements of a flat array, nulls replaced by what stands for them."""
    t = a.type
    width = None
    if pa.types.is_null(t): return np.zeros(len(a), "<i4").tobytes()
    if pa.types.is_boolean(t): return a.fill_null(False).to_numpy(zero_copy_only=False).astype(np.uint8).tobytes()
    if pa.types.is_integer(t): return a.fill_null(0).to_numpy(zero_copy_only=False).tobytes()
    if pa.types.is_floating(t):
        v = np.zeros(len(a), t.to_pandas_dtype())
        null = np.asarray(a.is_null())
        v[~null] = a.drop_null().to_numpy(zero_copy_only=False)
        v[null] = np.nan
        return v.tobytes()
    if pa.types.is_date64(t): a, t = a.cast(pa.date32()), pa.date32()
    if pa.types.is_date32(t) or pa.types.is_time32(t):
        null = np.asarray(a.is_null())
        v = a.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False).astype("<i8")
        v[null] = np.iinfo(np.int64).min
        return v.tobytes()
    if pa.types.is_temporal(t): return a.cast(pa.int64()).fill_null(np.iinfo(np.int64).min).to_numpy(zero_copy_only=False).tobytes()
    if pa.types.is_decimal(t):
        width = 8 if t.precision <= 18 else 16 if t.precision <= 38 else 32
        return b"".join((0 if x is None else int(x.scaleb(t.scale, decimal.Context(prec=100)))).to_bytes(width, "little", signed=True) for x in a.to_pylist())
    if pa.types.is_fixed_size_binary(t): return b"".join(bytes(t.byte_width) if x is None else x for x in a.to_pylist())
    raise TypeError(t)


def places(lengths): return np.cumsum([0, *lengths]).astype("<i8").tobytes()


def nulls(a): return np.asarray(a.is_null()).astype(np.uint8).tobytes()


def leaves(a):
    """For each leaf of a column, its parts in order."""
    def walk(a, parts, depth):
        if isinstance(a.type, pa.BaseExtensionType): a = a.storage
        if pa.types.is_dictionary(a.type): a = a.dictionary_decode()
        t = a.type
        if pa.types.is_struct(t):
            for child in a.flatten(): yield from walk(child, dict(parts), depth)
        elif pa.types.is_map(t):
            entries = pa.StructArray.from_arrays([a.keys, a.items], ["key", "value"])
            yield from walk(pa.ListArray.from_arrays(a.offsets, entries, mask=a.is_null() if a.null_count else None), parts, depth)
        elif pa.types.is_list(t) or pa.types.is_large_list(t) or pa.types.is_fixed_size_list(t):
            lengths = [t.list_size if v else 0 for v in a.is_valid().to_pylist()] if pa.types.is_fixed_size_list(t) else a.value_lengths().fill_null(0).to_pylist()
            if a.null_count: parts[f"nulls{depth}"] = nulls(a)
            yield from walk(a.flatten(), {**parts, f"offsets{depth}": places(lengths)}, depth + 1)
        else:
            if a.null_count: parts[f"nulls{depth}"] = nulls(a)
            if pa.types.is_string(t) or pa.types.is_binary(t) or pa.types.is_large_string(t) or pa.types.is_large_binary(t):
                raw = [b"" if x is None else x for x in a.cast(pa.large_binary()).to_pylist()]
                parts[f"offsets{depth}"] = places(map(len, raw))
                parts["values"] = b"".join(raw)
            else:
                parts["values"] = element_bytes(a)
            yield parts
    yield from walk(a, {}, 0)


def describe(path):
    file = pq.ParquetFile(path)
    lines = []
    for group in range(file.num_row_groups):
        leaf = 0
        for column in file.read_row_group(group).columns:
            for parts in leaves(column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)):
                for name, data in sorted(parts.items()):
                    lines.append([group, leaf, name, len(data), hashlib.sha1(data).hexdigest(), data[:16].hex()])
                leaf += 1
        assert leaf == file.metadata.num_columns, path
    path.with_suffix(".tsv").write_text("".join("\t".join(map(str, line)) + "\n" for line in lines))


# The files.

def write(name, table, **options): pq.write_table(table, ROOT / f"{name}.parquet", **options)


def every_encoding(n):
    """A column for each encoding of each stored type; those of `DICTIONARY` have dictionaries."""
    small = rng.integers(0, 9, n)
    # A sum of small steps and a jump now and then: deltas of several widths.
    walk = np.cumsum(rng.integers(-40, 40, n) + (rng.random(n) < .05) * rng.integers(-2**40, 2**40, n))
    texts = [f"{'prefix' * (k % 3)}{k // 4}é" if k % 5 else "" for k in range(n)]
    columns = {
        "i32": pa.array(walk.astype(np.int32)), "i32_delta": pa.array(walk.astype(np.int32)), "i32_split": pa.array(walk.astype(np.int32)), "i32_dict": pa.array(small.astype(np.int32)),
        "i64": pa.array(walk), "i64_delta": pa.array(walk), "i64_split": pa.array(walk), "i64_dict": pa.array(small),
        "i8_delta": pa.array(walk.astype(np.int8)), "u16_dict": pa.array(walk.astype(np.uint16)), "i16": pa.array(walk.astype(np.int16)),
        "f32": pa.array(rng.normal(size=n).astype(np.float32)), "f32_split": pa.array(rng.normal(size=n).astype(np.float32)), "f32_dict": pa.array(small.astype(np.float32) / 4),
        "f64": pa.array(rng.normal(size=n)), "f64_split": pa.array(rng.normal(size=n)), "f64_dict": pa.array(small / 4),
        "f16": pa.array(rng.normal(size=n).astype(np.float16)), "f16_split": pa.array(rng.normal(size=n).astype(np.float16)), "f16_dict": pa.array(small.astype(np.float16)),
        "v3": pa.array([bytes([k % 7, k % 5, k % 3]) for k in range(n)], pa.binary(3)), "v3_prefix": pa.array([bytes([k // 50, k // 7 % 256, k % 3]) for k in range(n)], pa.binary(3)),
        "v3_split": pa.array([bytes([k % 7, k % 5, k % 3]) for k in range(n)], pa.binary(3)), "v3_dict": pa.array([bytes([k % 7, 0, k % 3]) for k in range(n)], pa.binary(3)),
        "text": texts, "text_length": texts, "text_prefix": texts, "text_dict": [f"v{k}" for k in small], "binary": pa.array([t.encode("latin1") for t in texts]),
        "bool": (walk % 3 == 0), "bool_runs": np.arange(n) % 40 < 30, "date_delta": pa.array(small.astype(np.int32), pa.date32()), "time_dict": pa.array(small.astype(np.int32), pa.time32("ms")),
        "decimal_prefix": pa.array([decimal.Decimal(int(x)) for x in small], pa.decimal128(7, 0)), "decimal_split": pa.array([decimal.Decimal(int(x) - 4) for x in small], pa.decimal128(20, 2)),
    }
    encodings = {"delta": "DELTA_BINARY_PACKED", "split": "BYTE_STREAM_SPLIT", "length": "DELTA_LENGTH_BYTE_ARRAY", "prefix": "DELTA_BYTE_ARRAY", "runs": "RLE"}
    options = {"use_dictionary": [c for c in columns if c.endswith("_dict")],
               "column_encoding": {c: encodings.get(c.partition("_")[2], "PLAIN") for c in columns if not c.endswith("_dict")}}
    return pa.table(columns), options


def with_nulls(values, share, seed, t=None):
    r = np.random.default_rng(seed)
    return pa.array([None if r.random() < share else v for v in values], t)


def nullable(n):
    columns = {}
    kinds = {
        "i16": ([k - 20 for k in range(n)], pa.int16()), "i64": (list(range(n)), pa.int64()), "f32": ([k / 3 for k in range(n)], pa.float32()), "f16": ([np.float16(k) for k in range(n)], pa.float16()),
        "bool": ([k % 3 == 0 for k in range(n)], pa.bool_()), "ts": (list(range(n)), pa.timestamp("us")), "day": (list(range(n)), pa.date32()), "text": ([f"t{k}" * (k % 4) for k in range(n)], pa.string()),
        "v3": ([b"abc"] * n, pa.binary(3)), "dec": ([decimal.Decimal(k) for k in range(n)], pa.decimal128(20, 3)),
    }
    for seed, (name, (values, t)) in enumerate(kinds.items()):
        for label, share in {"none": 0, "few": .1, "half": .5, "all": 1}.items(): columns[f"{name}_{label}"] = with_nulls(values, share, seed, t)
        # Runs of nulls: level runs of both kinds.
        columns[f"{name}_runs"] = pa.array([None if k // 20 % 2 else v for k, v in enumerate(values)], t)
    return pa.table(columns)


def nested(n):
    def maybe(k, m, v): return None if k % m == m - 1 else v
    rows = range(n)
    return pa.table({
        "l": pa.array([maybe(k, 7, list(range(k % 5))) for k in rows], pa.list_(pa.int16())),
        "l_null": pa.array([maybe(k, 7, [maybe(j + k, 3, j) for j in range(k % 5)]) for k in rows], pa.list_(pa.int32())),
        "l_f": pa.array([maybe(k, 6, [maybe(j + k, 4, j / 2) for j in range(k % 40)]) for k in rows], pa.list_(pa.float32())),
        "texts": pa.array([maybe(k, 5, [maybe(j, 4, f"{k}.{j}" * (j % 3)) for j in range(k % 6)]) for k in rows], pa.list_(pa.string())),
        "ll": pa.array([maybe(k, 8, [maybe(i, 4, [maybe(j, 5, k * j) for j in range((k + i) % 7)]) for i in range(k % 5)]) for k in rows], pa.list_(pa.list_(pa.int64()))),
        "lll": pa.array([[[[[k], []], []], [[[k, k]]], [], None, [None, [None, [1]]]][k % 5] for k in rows], pa.list_(pa.list_(pa.list_(pa.int8())))),
        "s": pa.array([maybe(k, 9, {"x": maybe(k, 4, k), "y": {"z": maybe(k, 5, k / 2), "t": f"s{k}"}}) for k in rows]),
        "ls": pa.array([maybe(k, 6, [maybe(j, 3, {"x": maybe(j, 4, k), "y": maybe(j, 5, [k / 2] * j)}) for j in range(k % 5)]) for k in rows],
                       pa.list_(pa.struct([("x", pa.int32()), ("y", pa.list_(pa.float64()))]))),
        "sl": pa.array([maybe(k, 4, {"v": maybe(k, 3, list(range(k % 4)))}) for k in rows], pa.struct([("v", pa.list_(pa.uint8()))])),
        "m": pa.array([maybe(k, 6, [(f"k{j}", maybe(j, 3, j)) for j in range(k % 4)]) for k in rows], pa.map_(pa.string(), pa.int64())),
        "flags": pa.array([[bool((j + k) % 3) for j in range(k % 20)] for k in rows], pa.list_(pa.bool_())),
        "days": pa.array([[j for j in range(k % 3)] for k in rows], pa.list_(pa.date32())),
    })


def fixed(values, k, mask=None, t=None):
    return pa.FixedSizeListArray.from_arrays(pa.array(values, t), k, mask=None if mask is None else pa.array(mask))


def fixed_lists(n):
    """Lists of fixed length: without nulls, with null rows, with null elements, in each other."""
    inner = fixed(np.arange(n * 6, dtype=np.int16), 3)
    element = [None if k % 11 == 3 else k for k in range(n * 5)]
    return pa.table({
        "v1": fixed(np.arange(n, dtype=np.int32), 1), "v7": fixed(np.arange(n * 7, dtype=np.float32) / 8, 7), "v8": fixed(rng.integers(0, 4, n * 8).astype(np.int8), 8),
        "rows": fixed(np.arange(n * 5, dtype=np.float64), 5, mask=[k % 4 == 1 for k in range(n)]), "elements": fixed([None if x is None else x / 2 for x in element], 5, t=pa.float32()),
        "integers": fixed(element, 5, t=pa.int16()), "both": fixed(element, 5, mask=[k % 5 == 4 for k in range(n)], t=pa.int64()),
        "v2x3": pa.FixedSizeListArray.from_arrays(inner, 2), "texts": fixed([f"t{k}" for k in range(n * 2)], 2), "flags": fixed(np.arange(n * 3) % 4 == 0, 3),
        "ragged": pa.array([None if k % 3 == 2 else list(range(4)) for k in range(n)], pa.list_(pa.int32())), "plain": pa.array([[k, k + 1] for k in range(n)], pa.list_(pa.float32())),
    })


def main():
    import fastparquet
    import pandas

    ROOT.mkdir(parents=True, exist_ok=True)
    for old in ROOT.iterdir(): old.unlink()
    table, options = every_encoding(130)
    for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
        for version in ("1.0", "2.0"):
            # Checksums in one of each; pages of a few values in the others.
            write(f"encodings-{codec}-v{version[0]}", table, compression=codec, data_page_version=version, row_group_size=90, write_page_checksum=codec in ("none", "zstd"),
                  data_page_size=1 << 20 if codec == "gzip" else 100, write_batch_size=16, **options)
    for version in ("1.0", "2.0"):
        v = version[0]
        for pages in (True, False):
            common = {"data_page_version": version, "compression": "zstd", "write_page_index": pages, "row_group_size": 75}
            if pages: common.update(data_page_size=64, write_batch_size=8)
            kind = "pages" if pages else "whole"
            write(f"nulls-{kind}-v{v}", nullable(110), **common)
            write(f"nested-{kind}-v{v}", nested(110), **common)
            write(f"fixed-{kind}-v{v}", fixed_lists(110), **common)
        # Rows of 18,560 bytes in pages of 1000: in version 1 a row begins in the middle of a page and ends in another.
        long = np.arange(12 * 4640, dtype=np.float32) % 97
        for index in (True, False):
            write(f"long-{'index' if index else 'bare'}-v{v}", pa.table({"features": fixed(long, 4640)}), data_page_version=version, data_page_size=1000, compression="zstd", write_page_index=index,
                  use_dictionary=index, row_group_size=7)
        # The dictionary becomes too large, and the rest of the column is PLAIN.
        numbers = rng.integers(0, 60, 400)
        write(f"fallback-v{v}", pa.table({"i": numbers, "t": [f"text {k}" for k in numbers], "l": pa.array([[int(k)] * (int(k) % 3) for k in numbers], pa.list_(pa.int64())), "v": fixed(np.repeat(numbers, 2), 2)}),
              dictionary_pagesize_limit=100, data_page_size=128, write_batch_size=10, data_page_version=version, compression="snappy", write_page_index=True)
    crc = pa.table({"i": list(range(40)), "t": [f"text {k % 7}" for k in range(40)], "l": pa.array([[k] * (k % 3) for k in range(40)], pa.list_(pa.int32()))})
    for version in ("1.0", "2.0"):
        write(f"checksums-v{version[0]}", crc, write_page_checksum=True, data_page_version=version, compression="snappy", data_page_size=100, write_batch_size=10, write_page_index=version == "2.0", store_schema=False)
    # As many slots as rows, but not as many elements.
    write("ones", pa.table({"f": pa.array([[1.0], [], [2.0], [3.0]], pa.list_(pa.float32())), "i": pa.array([[1], None, [2], [None]], pa.list_(pa.int32())), "e": pa.array([[1], [], [2], [3]], pa.list_(pa.int32())),
                            "grid": pa.array([[[k, 1, 2], [3, 4, k]] for k in range(4)], pa.list_(pa.list_(pa.int16()))), "holes": pa.array([[[k, 1, 2], [3, 4, k]] if k != 2 else None for k in range(4)], pa.list_(pa.list_(pa.int16()))),
                            "ll": pa.array([[[1.0]], [None], [[2.0]], [[]]], pa.list_(pa.list_(pa.float32())))}), compression="none")
    stamps = pa.array([None if k % 5 == 2 else (k - 20) * 86_400_000_000_123 * 100 for k in range(60)], pa.timestamp("ns"))
    write("int96", pa.table({"t": stamps, "d": stamps.dictionary_encode().dictionary_decode(), "l": pa.array([[1, None], [], None] * 20, pa.list_(pa.timestamp("ns")))}), use_deprecated_int96_timestamps=True,
          use_dictionary=["d"], data_page_size=100, write_batch_size=10)
    # 1677-09-21 is the first day of int64 nanoseconds.
    write("int96-beyond", pa.table({"t": pa.array([0, -9_300_000_000, 1], pa.timestamp("s"))}), use_deprecated_int96_timestamps=True, use_dictionary=False)
    numbers = [decimal.Decimal(s) for s in ("0", "1.25", "-1.25", "99.99", "-99.99")] * 6 + [None]
    decimals = {f"p{p}": pa.array(numbers, pa.decimal128(p, 2) if p <= 38 else pa.decimal256(p, 2)) for p in (4, 9, 10, 18, 19, 38, 39, 76)}
    write("decimals-binary", pa.table(decimals), data_page_size=64, write_batch_size=8)
    write("decimals-integer", pa.table(decimals), store_decimal_as_integer=True, use_dictionary=False, data_page_size=64, write_batch_size=8)
    flat = pa.schema([("i", pa.int64()), ("t", pa.string()), ("l", pa.list_(pa.float32())), ("v", pa.list_(pa.float32(), 3))])
    write("no-rows", flat.empty_table())
    with pq.ParquetWriter(ROOT / "empty-groups.parquet", flat) as writer:
        rows = pa.table({"i": [1, 2], "t": ["a", None], "l": [[1.0], None], "v": fixed(np.arange(6, dtype=np.float32), 3)}, schema=flat)
        for table in (flat.empty_table(), rows, flat.empty_table(), rows): writer.write_table(table)
    write("bare", nested(40).select(["l", "texts", "s", "m"]), store_schema=False, compression="gzip", use_compliant_nested_type=False)
    required = pa.schema([pa.field("i", pa.int64(), nullable=False), pa.field("v", pa.list_(pa.field("element", pa.float32(), nullable=False), 4), nullable=False),
                          pa.field("l", pa.list_(pa.field("element", pa.int32(), nullable=False)), nullable=False)])
    write("required", pa.table({"i": list(range(70)), "v": pa.FixedSizeListArray.from_arrays(pa.array(np.arange(280, dtype=np.float32)), type=required.field("v").type),
                                "l": pa.array([list(range(k % 4)) for k in range(70)], required.field("l").type)}, schema=required), data_page_size=64, write_batch_size=8, data_page_version="2.0")
    polars.DataFrame({"a": [[float(k), 2.0] for k in range(50)], "t": [None if k % 4 == 3 else f"x{k}" for k in range(50)], "l": [[k] * (k % 3) for k in range(50)], "b": [k % 3 == 1 for k in range(50)],
                      "n": [None if k % 3 else k for k in range(50)], "s": [{"p": k, "q": [f"{k}"] * (k % 3)} for k in range(50)]},
                     schema_overrides={"a": polars.Array(polars.Float32, 2), "l": polars.List(polars.Int16)}).write_parquet(ROOT / "polars.parquet", row_group_size=20, data_page_size=100)
    for version in ("v1", "v2"):
        duckdb.sql(f"""copy (select i, case when i % 3 = 0 then null else i::float end as f, [i, 2, 3]::float[3] as v, 'text ' || (i % 5) as t, i::decimal(9,3) as d9, i::decimal(30,3) as d30, map{{'k': i}} as m,
            {{'x': i, 'y': [i]}} as s, timestamp '2024-01-01' + interval (i) second as ts, date '2024-01-01' + i::int as day, i::utinyint as u8, i % 2 = 0 as b, range(i % 4) as l, (i * 1.5)::double as d
            from range(60) r(i)) to '{ROOT / f"duckdb-{version}.parquet"}' (format parquet, parquet_version {version}, row_group_size 2048)""")
    fastparquet.write(str(ROOT / "fastparquet.parquet"), pandas.DataFrame({"i": range(30), "f": [k / 3 for k in range(30)], "t": pandas.to_datetime(["2024-01-01", "2024-01-02"] * 15), "s": [None if k % 3 == 0 else f"a{k}" for k in range(30)],
                                                                           "b": [k % 2 == 0 for k in range(30)]}), times="int96", compression="GZIP", row_group_offsets=[0, 13])
    describe_all()


def describe_all():
    for path in sorted(ROOT.glob("*.parquet")):
        # pyarrow wraps what lies beyond.
        if path.stem == "int96-beyond": continue
        describe(path)
        print(path.name, path.stat().st_size)


if __name__ == "__main__": describe_all() if sys.argv[1:] == ["describe"] else main()
