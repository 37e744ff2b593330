"""Writes Tests/Fixtures/parquet-pruning: files whose pages and dictionaries tell much of their values, and random filters with the rows that pyarrow.dataset keeps.

    python Tests/ShardStoreTests/Pruning/write_fixtures.py        needs numpy, pyarrow and polars

One line a filter: its text, the number of rows, and the SHA-1 of their numbers (column `id`) as int32.
"""
import datetime
import decimal
import hashlib
import pathlib
import random

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

FOLDER = pathlib.Path(__file__).parents[2] / "Fixtures" / "parquet-pruning"
R = random.Random(20)
ROWS, BLOCK = 7000, 550
WORDS = ["", "ab", "abc", "é" * 3, "long " * 20 + "a", "long " * 20 + "b", "x'y", "zz"]
DAY = datetime.datetime(2024, 1, 1)


def blocks(make, null=0.1):
    """Values whose kind changes from block to block; some blocks are all null, some have none."""
    values = []
    while len(values) < ROWS:
        share = R.choice([0, 0, null, 1]) if null else 0
        one = make()
        values += [None if R.random() < share else one() for _ in range(BLOCK)]
    return values[:ROWS]


def around(step, spread):
    base = R.randrange(20) * step
    return lambda: base + R.randrange(spread)


def floats():
    base, nan = R.randrange(-3, 8), R.choice([0, 0, 0.2, 1])
    return lambda: float("nan") if R.random() < nan else R.choice([base, base + 0.25, 0.0, -0.0] if base == 0 else [base, base + 0.25])


def words():
    few = R.sample(WORDS, 2)
    return lambda: R.choice(few)


def table():
    return pa.table({
        "id": pa.array(range(ROWS), pa.int32()),
        "a": pa.array(blocks(lambda: around(10, 6)), pa.int32()), "u": pa.array(blocks(lambda: around(3000, 900)), pa.uint16()),
        "n": pa.array(blocks(lambda: around(-7, 5), null=0), pa.int64()),
        "f": pa.array(blocks(floats), pa.float64()), "g": pa.array(blocks(floats, null=0), pa.float32()),
        "s": pa.array(blocks(words), pa.string()), "c": pa.array([R.choice(["red", "green", "blue"]) for _ in range(ROWS)]),
        "k": pa.array([R.randrange(40) * 3 for _ in range(ROWS)], pa.int64()),
        "b": pa.array(blocks(lambda: R.choice([lambda: True, lambda: False, lambda: R.random() < 0.5])), pa.bool_()),
        "t": pa.array([v and DAY + datetime.timedelta(hours=v) for v in blocks(lambda: around(40, 30))], pa.timestamp("us")),
        "d": pa.array([v and decimal.Decimal(v).scaleb(-2) for v in blocks(lambda: around(50, 40))], pa.decimal128(9, 2)),
        "e": pa.array([v and decimal.Decimal(v).scaleb(-5) * 10**20 for v in blocks(lambda: around(-300, 200))], pa.decimal128(30, 5)),
        "w": pa.array([v and decimal.Decimal(v) * 10**50 for v in blocks(lambda: around(9, 20))], pa.decimal256(60, 1)),
    })


def literal(name, column):
    """A value that is likely to decide something: its text in a filter, and pyarrow's."""
    value = R.choice(column).as_py()
    if name in "sc":
        value = R.choice(WORDS + ["red", "blue", "black", "long"]) if value is None or R.random() < 0.4 else value
        return "'" + value.replace("'", "''") + "'", pa.scalar(value)
    if name == "t":
        value = value or DAY
        return f"'{value.isoformat()}'", pa.scalar(value, pa.timestamp("us"))
    if name in "dew":
        value = decimal.Decimal(1) if value is None else value + R.choice([0, 0, 1]) * decimal.Decimal(1).scaleb(-1)
        return f"{value:f}", pa.scalar(value, column.type)
    if name in "fg":
        value = 1.25 if value is None or value != value else value + R.choice([0, 0, 0.5])
        return repr(value), pa.scalar(value, column.type)
    value = (3 if value is None else value) + R.choice([0, 0, 1])
    return str(value), pa.scalar(value, column.type)


def condition(t):
    name = R.choice([n for n in t.column_names if n != "b"] + ["c", "k", "s", "d"])
    field, column = pc.field(name), t[name]
    kind = R.random()
    if kind < 0.1:
        return R.choice([(f"{name} is null", field.is_null()), (f"{name} is not null", ~field.is_null())])
    if kind < 0.15:
        return R.choice([("b", pc.field("b")), ("not b", ~pc.field("b")), ("b == false", pc.field("b") == False), ("b is null", pc.field("b").is_null())])
    if kind < 0.35:
        items = [literal(name, column) for _ in range(R.randrange(1, 4))]
        null = R.random() < 0.2
        values = pa.array([value.as_py() for _, value in items] + [None] * null, column.type)
        text = ", ".join([text for text, _ in items] + ["null"] * null)
        found = field.isin(values)
        return R.choice([(f"{name} in ({text})", found), (f"{name} not in ({text})", ~found)])
    symbol, make = R.choice([
        ("==", lambda a, b: a == b), ("==", lambda a, b: a == b), ("!=", lambda a, b: a != b), ("<", lambda a, b: a < b), ("<=", lambda a, b: a <= b),
        (">", lambda a, b: a > b), (">=", lambda a, b: a >= b)])
    text, value = literal(name, column)
    return f"{name} {symbol} {text}", make(field, value)


def filter_(t, depth):
    if depth == 0 or R.random() < 0.3:
        return condition(t)
    (a, x), (b, y) = filter_(t, depth - 1), filter_(t, depth - 1)
    return R.choice([(f"({a}) and ({b})", x & y), (f"({a}) or ({b})", x | y), (f"not (({a}) and ({b}))", ~(x & y)), (a, x)])


def write(name, t, save, count=110):
    path = FOLDER / f"{name}.parquet"
    save(t, path)
    stored = ds.dataset(path)
    lines = []
    for _ in range(count):
        text, expression = filter_(t, 2)
        rows = stored.to_table(filter=expression, columns=["id"])["id"].to_numpy().astype("<i4")
        lines.append(f"{text}\t{len(rows)}\t{hashlib.sha1(rows.tobytes()).hexdigest()}\n")
    path.with_suffix(".tsv").write_text("".join(lines))


def arrow(**options):
    return lambda t, path: pq.write_table(t, path, compression="zstd", row_group_size=4500, max_rows_per_page=BLOCK * 2, **options)


FOLDER.mkdir(exist_ok=True)
write("index-dictionary", table(), arrow(write_page_index=True))
write("index-plain-v2", table(), arrow(write_page_index=True, use_dictionary=False, data_page_version="2.0", store_decimal_as_integer=True))
write("dictionary", table(), arrow(use_dictionary=["c", "k", "s", "u", "d"]))
small = table()
write("polars", small.drop_columns(["w"]), lambda t, path: pl.from_arrow(t).write_parquet(path, row_group_size=4500, data_page_size=3000), count=60)
