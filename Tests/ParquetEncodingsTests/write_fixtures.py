"""Writes Fixtures.swift: bodies of pages that pyarrow wrote, and what NumPy has for them.

    python Tests/ParquetEncodingsTests/write_fixtures.py        needs pyarrow and numpy
"""
import io
import pathlib
import struct

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 0x80: return value, at


def read_struct(data, at):
    """A struct of Thrift's compact protocol: {field: value} and the byte behind it."""
    fields, field = {}, 0
    while data[at]:
        kind, delta = data[at] & 15, data[at] >> 4
        at += 1
        if delta: field += delta
        else:
            number, at = varint(data, at)
            field = number >> 1 ^ -(number & 1)
        if kind in (1, 2): fields[field] = kind == 1
        elif kind in (4, 5, 6):
            number, at = varint(data, at)
            fields[field] = number >> 1 ^ -(number & 1)
        elif kind == 8:
            size, at = varint(data, at)
            fields[field], at = data[at : at + size], at + size
        elif kind == 12: fields[field], at = read_struct(data, at)
        else: raise ValueError(kind)
    return fields, at + 1


def pages(array, required=True, **options):
    """[(header, body)] of the only column, version 2 pages, uncompressed."""
    sink = io.BytesIO()
    table = pa.table([array], schema=pa.schema([pa.field("x", array.type, nullable=not required)]))
    pq.write_table(table, sink, compression="none", data_page_version="2.0", write_statistics=False, store_schema=False, **options)
    data = sink.getvalue()
    column = pq.read_metadata(io.BytesIO(data)).row_group(0).column(0)
    at = min(o for o in (column.dictionary_page_offset, column.data_page_offset) if o)
    end, found = at + column.total_compressed_size, []
    while at < end:
        header, at = read_struct(data, at)
        found.append((header, data[at : at + header[3]]))
        at += header[3]
    return found


def body(array, encoding):
    found = pages(array, use_dictionary=False, column_encoding={"x": encoding})
    assert len(found) == 1
    return found[0][1]


random = np.random.default_rng(7)
fixtures = {}


def fixture(name, data, expected): fixtures[name], fixtures[name + "Expected"] = data, expected


def texts(values): return np.cumsum([0] + [len(v) for v in values]).astype("<i8").tobytes() + b"".join(values)


wild = np.concatenate([np.array([0, -(2**63), 2**63 - 1, -1, 5, 5, 5, 5], "<i8"), np.full(300, 7, "<i8"), random.integers(-1000, 1000, 150), random.integers(-(2**63), 2**63 - 1, 40)])
fixture("deltaInt64", body(pa.array(wild), "DELTA_BINARY_PACKED"), wild.astype("<i8").tobytes())
tame = np.concatenate([np.array([-(2**31), 2**31 - 1, 0], "<i4"), np.arange(200, dtype="<i4") * 3, random.integers(-9, 9, 100).astype("<i4")])
fixture("deltaInt32", body(pa.array(tame), "DELTA_BINARY_PACKED"), tame.tobytes())
fixture("deltaOne", body(pa.array([-77], pa.int64()), "DELTA_BINARY_PACKED"), np.array([-77], "<i8").tobytes())
words = [f"{'é' * (i % 3)}key-{i // 7}-{'x' * (i * i % 11)}".encode() for i in range(150)] + [b""]
fixture("plainTexts", body(pa.array(words, pa.binary()), "PLAIN"), texts(words))
fixture("deltaLengthTexts", body(pa.array(words, pa.binary()), "DELTA_LENGTH_BYTE_ARRAY"), texts(words))
fixture("deltaTexts", body(pa.array(words, pa.binary()), "DELTA_BYTE_ARRAY"), texts(words))
ordered = sorted(bytes([i % 4, i % 3, i % 5, 0, i % 7]) for i in range(90))
fixture("deltaFixed", body(pa.array(ordered, pa.binary(5)), "DELTA_BYTE_ARRAY"), b"".join(ordered))
fixture("splitFixed", body(pa.array(ordered, pa.binary(5)), "BYTE_STREAM_SPLIT"), b"".join(ordered))
for name, dtype in [("Half", "<f2"), ("Float", "<f4"), ("Double", "<f8"), ("Int32", "<i4")]:
    values = (random.normal(size=70) * 1000).astype(dtype)
    fixture("split" + name, body(pa.array(values), "BYTE_STREAM_SPLIT"), values.tobytes())
flags = np.concatenate([np.ones(40, "?"), random.integers(0, 2, 77).astype("?"), np.zeros(30, "?")])
fixture("rleBooleans", body(pa.array(flags), "RLE"), flags.tobytes())
fixture("plainBooleans", body(pa.array(flags), "PLAIN"), flags.tobytes())


def dictionary(name, array, expected):
    (_, values), (_, indexes) = pages(array, use_dictionary=True)
    fixtures[name + "Values"] = values
    fixture(name, indexes, expected)


chosen = np.concatenate([random.integers(0, 21, 300), np.full(100, 4), np.arange(21)]) * 1_000_000_007
dictionary("dictionaryInt64", pa.array(chosen), chosen.astype("<i8").tobytes())
dictionary("dictionaryInt32", pa.array((chosen // 1_000_000_007).astype("<i4")), (chosen // 1_000_000_007).astype("<i4").tobytes())
dictionary("dictionaryOne", pa.array(np.full(50, 9, "<i4")), np.full(50, 9, "<i4").tobytes())
few = [words[int(i)] for i in random.integers(0, 20, 120)] + [b"same"] * 60
dictionary("dictionaryTexts", pa.array(few, pa.binary()), texts(few))
triples = [bytes([i % 9, 1, 2, i % 2, 4, 5, 6, 7, 8, 9, 10, 11]) for i in random.integers(0, 9, 60)]
dictionary("dictionaryTriples", pa.array(triples, pa.binary(12)), b"".join(triples))


def levels(name, array, required=True):
    header, data = pages(array, required, use_dictionary=False)[0]
    about = header[8]
    fixtures[name + "Repetition"], fixtures[name + "Definition"] = data[: about[6]], data[about[6] : about[6] + about[5]]
    fixtures[name + "Rest"] = data[about[6] + about[5] :]


nullable = [None if i % 5 == 1 or 60 < i < 100 else i * 3 for i in range(160)]
levels("nullable", pa.array(nullable, pa.int32()), required=False)
fixtures["nullableExpected"] = np.array([-1 if v is None else v for v in nullable], "<i4").tobytes()
fixtures["nullableMask"] = bytes(v is None for v in nullable)
for k in (1, 2, 7, 8, 9, 128, 4640):
    count = max(3, 40 // k)
    levels(f"lists{k}", pa.FixedSizeListArray.from_arrays(pa.array(np.zeros(count * k, "<i1")), k))
    del fixtures[f"lists{k}Rest"]
ragged = [[0] * (i * i % 6) for i in range(50)]
levels("ragged", pa.array(ragged, pa.list_(pa.int8())))
fixtures["raggedLengths"] = bytes(len(r) for r in ragged)
nested = [[[0] * (j % 3 + 1) for j in range(i % 4)] for i in range(30)]
levels("nested", pa.array(nested, pa.list_(pa.list_(pa.int8()))))
fixtures["nestedSlots"] = bytes(max(1, sum(len(j) for j in r)) for r in nested)
for name in ("raggedRest", "nestedRest"): del fixtures[name]


def alp(values, dtype, exponent, factor, logarithm):
    """An encoder after AlpEncoding.md, with one exponent and factor for all vectors."""
    integer, width = ("<i4", 4) if dtype == "<f4" else ("<i8", 8)
    kind = np.dtype(dtype).type
    up, down = lambda n: kind(f"1e{n}"), lambda n: kind(f"1e-{n}")
    vectors, size = [], 1 << logarithm
    for begin in range(0, len(values), size):
        part = values[begin : begin + size]
        with np.errstate(all="ignore"):
            encoded = np.nan_to_num(np.rint(part * up(exponent) * down(factor)), nan=0, posinf=0, neginf=0)
            encoded[np.abs(encoded) > 2.0 ** (8 * width - 2)] = 0
            encoded = encoded.astype(integer)
            decoded = encoded.astype(dtype) * up(factor) * down(exponent)
        bad = decoded.view(f"<u{width}") != part.view(f"<u{width}")
        encoded[bad] = encoded[~bad][0] if (~bad).any() else 0
        frame = int(encoded.min())
        deltas = [int(e) - frame for e in encoded]
        bits = max(deltas).bit_length()
        packed = sum(d << (i * bits) for i, d in enumerate(deltas)).to_bytes((len(deltas) * bits + 7) // 8, "little")
        positions = np.flatnonzero(bad).astype("<u2")
        vectors.append(struct.pack("<BBH", exponent, factor, len(positions)) + np.array([frame], integer).tobytes() + bytes([bits]) + packed + positions.tobytes() + part[bad].tobytes())
    offsets = np.cumsum([4 * len(vectors)] + [len(v) for v in vectors[:-1]]).astype("<u4").tobytes() if vectors else b""
    return struct.pack("<BBBi", 0, 0, logarithm, len(values)) + offsets + b"".join(vectors)


prices = np.round(random.normal(size=300) * 100, 2)
prices[[3, 50, 51]] = [np.nan, np.inf, -0.0]
prices[77] = 1 / 3
fixture("alpDouble", alp(prices, "<f8", 14, 12, 6), prices.tobytes())
singles = prices.astype("<f4")
fixture("alpFloat", alp(singles, "<f4", 3, 1, 7), singles.tobytes())
fixture("alpConstant", alp(np.full(20, 12.5), "<f8", 4, 3, 3), np.full(20, 12.5).tobytes())

lines = ["// Written by write_fixtures.py: page bodies of pyarrow, and what NumPy has for them.", "", "enum Fixtures {"]
for name, value in fixtures.items():
    text = value.hex()
    lines += [f"  static let {name} = bytes(", '    """'] + ["    " + text[i : i + 140] + ("\\" if i + 140 < len(text) else "") for i in range(0, len(text), 140)] + ['    """)']
lines += ["}", ""]
(pathlib.Path(__file__).parent / "Fixtures.swift").write_text("\n".join(lines))
