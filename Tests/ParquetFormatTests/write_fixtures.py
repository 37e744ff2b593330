"""Writes the small Parquet files of Tests/Fixtures/parquet, and beside them what a reader must find in their metadata.

    python Tests/ParquetFormatTests/write_fixtures.py        needs pyarrow, polars, duckdb and fastparquet; the files it writes are committed

`NAME.parquet` is written by the library it is named after. `NAME.tsv` says what pyarrow reads of it: a `file` line, a line for each `leaf` and each `chunk`.
What NumPy receives for a type (`dtype`, `shape`) is spelled out here from the Arrow schema that pyarrow gives, not from the footer.
"""
import datetime
import decimal
import pathlib
import uuid

import duckdb
import fastparquet
import numpy as np
import pandas
import polars
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = pathlib.Path(__file__).parent.parent / "Fixtures" / "parquet"


# What NumPy receives.

def dtype(t):
    if pa.types.is_dictionary(t): t = t.value_type
    if isinstance(t, pa.BaseExtensionType): t = t.storage_type
    if pa.types.is_boolean(t): return "|b1"
    if pa.types.is_integer(t) or pa.types.is_floating(t): return np.dtype(t.to_pandas_dtype()).str
    if pa.types.is_timestamp(t): return f"<M8[{t.unit}]"
    if pa.types.is_date32(t): return "<M8[D]"
    if pa.types.is_duration(t) or pa.types.is_time(t): return f"<m8[{t.unit}]"
    if pa.types.is_fixed_size_binary(t): return f"|V{t.byte_width}"
    if pa.types.is_decimal(t): return "<i8" if t.precision <= 18 else "|V16" if t.precision <= 38 else "|V32"
    if pa.types.is_null(t): return "<i4"
    text = pa.types.is_string(t) or pa.types.is_large_string(t) or pa.types.is_string_view(t)
    return "text" if text else "bytes"


def leaves(name, t, shape):
    """(name, dtype, shape) of what a column is made of; the shape is None where lists may differ in length."""
    tensor = isinstance(t, pa.FixedShapeTensorType)
    if tensor: dimensions = list(t.shape)
    if isinstance(t, pa.BaseExtensionType): t = t.storage_type
    if pa.types.is_struct(t):
        for f in t: yield from leaves(f"{name}.{f.name}", f.type, shape)
    elif pa.types.is_map(t):
        yield from leaves(f"{name}.key", t.key_type, None)
        yield from leaves(f"{name}.value", t.item_type, None)
    elif pa.types.is_fixed_size_list(t):
        yield from leaves(name, t.value_type, None if shape is None else shape + (dimensions if tensor else [t.list_size]))
    elif pa.types.is_list(t) or pa.types.is_large_list(t) or pa.types.is_list_view(t):
        yield from leaves(name, t.value_type, None)
    else:
        yield name, dtype(t), shape


def spelled(value):
    """A bound as the tests spell it."""
    if isinstance(value, bool): return f"integer:{int(value)}"
    if isinstance(value, (int, np.integer)): return f"integer:{value}"
    if isinstance(value, (float, np.floating)): return f"real:{float(value)!r}"
    if isinstance(value, str): return f"bytes:{value.encode().hex()}"
    if isinstance(value, bytes): return f"bytes:{value.hex()}"
    return "-"


def describe(path):
    file = pq.ParquetFile(path)
    meta = file.metadata
    lines = [["file", meta.num_rows, meta.num_row_groups, meta.num_columns, meta.created_by]]
    shown = [leaf for f in file.schema_arrow for leaf in leaves(f.name, f.type, [])]
    assert len(shown) == meta.num_columns, (path, shown)
    for i, (name, kind, shape) in enumerate(shown):
        column = file.schema.column(i)
        lines.append(["leaf", i, name, column.path, column.physical_type, column.max_definition_level, column.max_repetition_level, kind,
                      "ragged" if shape is None else ",".join(map(str, shape))])
    for group in range(meta.num_row_groups):
        for i in range(meta.num_columns):
            c = meta.row_group(group).column(i)
            s = c.statistics
            numbers = c.physical_type in ("INT32", "INT64", "FLOAT", "DOUBLE", "BOOLEAN")
            plain = s is not None and s.has_min_max and (numbers or shown[i][1] in ("text", "bytes"))
            # pyarrow gives the bits of unsigned numbers with a sign.
            modulus = 256 ** int(shown[i][1][2]) if shown[i][1][1] == "u" else None
            bounds = [spelled(v if modulus is None else v % modulus) for v in (s.min_raw, s.max_raw)] if plain else ["-", "-"]
            lines.append(["chunk", group, i, c.compression, ",".join(sorted(c.encodings)), c.num_values, c.total_compressed_size, c.total_uncompressed_size,
                          c.data_page_offset, c.dictionary_page_offset if c.dictionary_page_offset else 0, int(c.has_offset_index),
                          s.null_count if s is not None and s.has_null_count else "-", *bounds])
    path.with_suffix(".tsv").write_text("".join("\t".join(map(str, line)) + "\n" for line in lines))


# The files.

def every_type():
    return pa.table({
        "bool": [True, None], "i8": pa.array([-1, 2], pa.int8()), "i16": pa.array([-1, None], pa.int16()), "i32": pa.array([1, -2], pa.int32()), "i64": [1 << 40, -1],
        "u8": pa.array([1, 255], pa.uint8()), "u16": pa.array([1, 65535], pa.uint16()), "u32": pa.array([1, 2**32 - 1], pa.uint32()), "u64": pa.array([1, 2**64 - 1], pa.uint64()),
        "f16": np.array([1.5, -2], np.float16), "f32": pa.array([1.5, -0.0], pa.float32()), "f64": [float("nan"), 2.5],
        "text": ["a", "é"], "large": pa.array(["a", None], pa.large_string()), "view": pa.array(["a", "b"], pa.string_view()), "binary": [b"\x00\xff", b""],
        "category": pa.array(["a", "b"]).dictionary_encode(), "v3": pa.array([b"abc", b"\x00\x01\x02"], pa.binary(3)), "uuid": pa.array([uuid.UUID(int=1).bytes] * 2, pa.uuid()),
        "json": pa.array(["{}", "1"], pa.json_()), "nothing": pa.nulls(2), "date": pa.array([0, 20000], pa.date32()), "date64": pa.array([0, 86400000], pa.date64()),
        "t_s": pa.array([1, 2], pa.time32("s")), "t_us": pa.array([1, 2], pa.time64("us")), "t_ns": pa.array([1, 2], pa.time64("ns")),
        "ts_s": pa.array([1, None], pa.timestamp("s")), "ts_ms": pa.array([1, 2], pa.timestamp("ms")), "ts_us": pa.array([1, 2], pa.timestamp("us", "UTC")), "ts_ns": pa.array([1, 2], pa.timestamp("ns")),
        "d_s": pa.array([1, 2], pa.duration("s")), "d_ms": pa.array([1, 2], pa.duration("ms")), "d_us": pa.array([1, 2], pa.duration("us")), "d_ns": pa.array([1, 2], pa.duration("ns")),
        "dec5": pa.array([decimal.Decimal("1.25"), None], pa.decimal128(5, 2)), "dec18": pa.array([1, 2], pa.decimal128(18, 2)), "dec19": pa.array([1, 2], pa.decimal128(19, 2)),
        "dec38": pa.array([1, 2], pa.decimal128(38, 2)), "dec50": pa.array([1, 2], pa.decimal256(50, 2)),
        "a.b": [1, 2], "é": [1, 2],
    })


def nested():
    f32 = pa.float32()
    return pa.table({
        "l": [[1, 2], None, []], "l2": [[["a"], None], [], None], "s": [{"x": 1, "y": {"z": 2.5}}, None, {"x": None, "y": None}],
        "ls": [[{"x": 1, "y": [1.5]}], [], None], "m": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64())),
        "ml": pa.array([[("k", [1])], [], None], pa.map_(pa.string(), pa.list_(pa.int8()))),
        "fsl": pa.array([[1, 2, 3]] * 3, pa.list_(f32, 3)), "fsl2": pa.array([[[1, 2, 3], [4, 5, 6]]] * 3, pa.list_(pa.list_(pa.int16(), 3), 2)),
        "tensor": pa.ExtensionArray.from_storage(pa.fixed_shape_tensor(f32, [2, 3]), pa.array([[1.0] * 6] * 3, pa.list_(f32, 6))),
        "turned": pa.array([[[1, 2]], [], None], pa.list_(pa.list_(f32, 2))), "sf": pa.array([{"v": [1.0, 2.0]}] * 3, pa.struct([("v", pa.list_(f32, 2))])),
        "ld": pa.array([[1], [], None], pa.list_(pa.duration("us"))), "lv": pa.array([[1], [], None], pa.list_view(pa.int8())),
        "required": pa.array([[1], [2], []], pa.list_(pa.field("element", pa.int32(), nullable=False))),
    })


def required():
    """No column may be null."""
    schema = pa.schema([pa.field("id", pa.int64(), nullable=False), pa.field("v", pa.list_(pa.field("element", pa.float32(), nullable=False), 4), nullable=False)])
    return pa.table({"id": list(range(300)), "v": pa.FixedSizeListArray.from_arrays(pa.array(np.arange(1200, dtype=np.float32)), type=schema.field("v").type)}, schema=schema)


def main():
    ROOT.mkdir(parents=True, exist_ok=True)
    for old in ROOT.iterdir(): old.unlink()
    pq.write_table(every_type(), ROOT / "types.parquet", row_group_size=1)
    pq.write_table(nested(), ROOT / "nested.parquet", compression="zstd")
    pq.write_table(required(), ROOT / "pages.parquet", data_page_version="2.0", data_page_size=256, write_batch_size=16, write_page_index=True, write_page_checksum=True, row_group_size=100,
                   use_dictionary=["id"], compression="none")
    pq.write_table(required(), ROOT / "bare.parquet", store_schema=False, use_dictionary=False, compression="gzip")
    polars.DataFrame({"a": [[1.0, 2.0], [3.0, 4.0]], "t": ["x", None], "l": [[1], []], "d": [datetime.timedelta(1)] * 2, "c": ["p", "q"]},
                     schema={"a": polars.Array(polars.Float32, 2), "t": polars.String, "l": polars.List(polars.Int16), "d": polars.Duration("us"), "c": polars.Categorical}
                     ).write_parquet(ROOT / "polars.parquet")
    duckdb.sql(f"""copy (select i, i::float as f, [i, 2]::float[2] as v, 'text ' || i as t, i::decimal(9,3) as d9, i::decimal(30,3) as d30, map{{'k': i}} as m, {{'x': i, 'y': [i]}} as s,
        timestamp '2024-01-01' as ts, timestamptz '2024-01-01 00:00:00+00' as tz, date '2024-01-01' as day, time '01:02:03' as tod, i::utinyint as u8, ('12345678-1234-1234-1234-12345678901' || i)::uuid as id, interval 3 days as gap, i % 2 = 0 as b
        from range(5) r(i)) to '{ROOT / "duckdb.parquet"}' (format parquet, parquet_version v2)""")
    fastparquet.write(str(ROOT / "fastparquet.parquet"), pandas.DataFrame({"i": [1, 2], "f": [1.5, -2.5], "t": pandas.to_datetime(["2024-01-01", "2024-01-02"]), "s": ["a", "b"], "b": [True, False]}), times="int96")
    for path in sorted(ROOT.glob("*.parquet")):
        describe(path)
        print(path.name, path.stat().st_size)


main()
