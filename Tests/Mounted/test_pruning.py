"""Filters over Parquet files with page indexes and dictionaries: random ones keep the rows that pyarrow.dataset keeps, and what they leave out is not read."""

import datetime
import random

import numpy
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from mounting import Mount, epochfs, write_config

ROWS, PAGE = 24_000, 1500
DAY = datetime.datetime(2024, 1, 1)


def column(r, value, null=True):
    """Values whose range changes from page to page; of some pages none or all are null."""
    values = []
    for _ in range(0, ROWS, PAGE):
        base, share = r.randrange(12), r.choice([0, 0, 0.2, 1]) if null else 0
        values += [None if r.random() < share else value(10 * base + r.randrange(6)) for _ in range(PAGE)]
    return values


def write(folder, seed, **options):
    r = random.Random(seed)
    table = pa.table({
        "id": pa.array(range(ROWS), pa.int64()),
        "i": pa.array(column(r, int), pa.int16()),
        "f": pa.array(column(r, lambda v: float("nan") if v % 5 == 0 else v / 4), pa.float32()),
        "s": pa.array(column(r, lambda v: f"{'common beginning ' * 5}{v:03}"), pa.string()),
        "c": pa.array([f"class {r.randrange(9)}" for _ in range(ROWS)]),
        "t": pa.array(column(r, lambda v: DAY + datetime.timedelta(hours=v)), pa.timestamp("ms")),
    })  # fmt: skip
    path = folder / "rows.parquet"
    pq.write_table(table, path, row_group_size=ROWS // 2, max_rows_per_page=PAGE, **options)
    return path, table


def condition(r):
    name = r.choice("iiffssct")
    field, value = pc.field(name), r.randrange(120)
    if r.random() < 0.1:
        return r.choice([(f"{name} is null", field.is_null()), (f"{name} is not null", ~field.is_null())])
    text, scalar = {
        "i": lambda: (f"{value}", pa.scalar(value, pa.int16())),
        "f": lambda: (f"{value / 4}", pa.scalar(value / 4, pa.float32())),
        "s": lambda: (f"'{'common beginning ' * 5}{value:03}'", pa.scalar(f"{'common beginning ' * 5}{value:03}")),
        "c": lambda: (f"'class {value % 12}'", pa.scalar(f"class {value % 12}")),
        "t": lambda: (f"'{(DAY + datetime.timedelta(hours=value)).isoformat()}'", pa.scalar(DAY + datetime.timedelta(hours=value), pa.timestamp("ms"))),
    }[name]()
    symbol, expression = r.choice([
        ("==", field == scalar), ("!=", field != scalar), ("<", field < scalar), (">=", field >= scalar), ("in", field.isin(pa.array([scalar.as_py()], scalar.type))),
    ])  # fmt: skip
    return (f"{name} in ({text})" if symbol == "in" else f"{name} {symbol} {text}"), expression


def random_filter(r):
    text, expression = condition(r)
    for _ in range(r.randrange(3)):
        more, other = condition(r)
        text, expression = r.choice([
            (f"({text}) and {more}", expression & other), (f"({text}) or {more}", expression | other), (f"not ({text}) and {more}", ~expression & other),
        ])  # fmt: skip
    return text, expression


@pytest.mark.parametrize("options", [
    {"write_page_index": True}, {"write_page_index": True, "use_dictionary": False, "data_page_version": "2.0"}, {"use_dictionary": True},
])  # fmt: skip
def test_random_filters_keep_pyarrows_rows(tmp_path, options):
    path, _ = write(tmp_path, 7, **options)
    r = random.Random(8)
    filters = dict(random_filter(r) for _ in range(60))
    expected = {text: ds.dataset(path).to_table(filter=expression, columns=["id"])["id"].to_numpy() for text, expression in filters.items()}
    kept = {f"v{number}": text for number, text in enumerate(filters) if len(expected[text])}
    views = {name: {"source": "rows", "layout": "arrays", "filter": text} for name, text in kept.items()}
    with Mount(tmp_path, {"sources": {"rows": {"format": "parquet", "path": str(path)}}, "views": views}) as mount:
        for name, text in kept.items():
            assert numpy.array_equal(mount.load(f"{name}/id.npy"), expected[text]), text


def damage_page(path, column, page):
    """Overwrites the page of the first row group that has the row `page * PAGE`; pages are found as they lie there, header after header."""
    chunk = pq.ParquetFile(path).metadata.row_group(0).column(column)
    begin = chunk.data_page_offset
    length = chunk.total_compressed_size // (ROWS // 2 // PAGE)
    with open(path, "r+b") as file:
        # Pages of one column of integers without a dictionary have the same length; its middle is enough.
        file.seek(begin + page * length + length // 2 - 20)
        file.write(b"\xa5" * 40)


def test_a_page_that_the_index_leaves_out_is_not_read(tmp_path):
    path, table = write(tmp_path, 9, write_page_index=True, use_dictionary=False, compression="none", write_page_checksum=True)
    damage_page(path, 0, 3)
    source = {"format": "parquet", "path": str(path)}
    lost = range(3 * PAGE, 4 * PAGE)

    def check(text):
        views = {"v": {"source": "rows", "batch_size": 100, "tensors": {"i": {"column": "i"}}, "filter": text}}
        return epochfs("check", write_config(tmp_path, {"sources": {"rows": source}, "views": views}))

    for text in [f"id < {lost.start}", f"id >= {lost.stop}", f"id == 1 or id >= {lost.stop + 5000}", f"id in (5, {ROWS - 1})"]:
        done = check(text)
        assert b"CRC" not in done.stderr, (text, done.stderr)
    done = check(f"id == {lost.start + 7}")
    assert done.returncode == 1 and b"views.v.filter" in done.stderr and b"CRC" in done.stderr


def test_of_a_dictionary_without_the_value_no_page_is_read(tmp_path):
    """Bounds do not leave `class 33` out of `class 0` to `class 8`, the dictionary does."""
    path, _ = write(tmp_path, 10, write_page_checksum=True)
    chunks = [pq.ParquetFile(path).metadata.row_group(group).column(4) for group in range(2)]
    assert all(chunk.path_in_schema == "c" and chunk.has_dictionary_page for chunk in chunks)
    with open(path, "r+b") as file:
        for chunk in chunks:
            file.seek(chunk.dictionary_page_offset + chunk.total_compressed_size - 100)
            file.write(b"\xa5" * 100)
    source = {"format": "parquet", "path": str(path)}
    view = {"source": "rows", "layout": "arrays"}
    done = epochfs("check", write_config(tmp_path, {"sources": {"rows": source}, "views": {"v": {**view, "filter": "c == 'class 33' or id == 77"}}}))
    assert done.returncode == 0, done.stderr
    done = epochfs("check", write_config(tmp_path, {"sources": {"rows": source}, "views": {"v": {**view, "filter": "c == 'class 3'"}}}))
    assert done.returncode == 1 and b"CRC" in done.stderr
