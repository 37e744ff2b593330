"""Null elements of lists, in rows of JSON and beside whole columns, against pyarrow's own rows."""

import json

import pytest
from mounting import Mount

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

ROWS = [
    {
        "x": row,
        "texts": None if row % 7 == 0 else [None if place == 1 else "é" * place for place in range(row % 4)],
        "numbers": None if row % 5 == 0 else [None if place == 2 else place for place in range(row % 4)],
    }
    for row in range(500)
]


@pytest.fixture(scope="module")
def mounted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("null-elements")
    schema = pyarrow.schema([("x", pyarrow.int64()), ("texts", pyarrow.list_(pyarrow.string())), ("numbers", pyarrow.list_(pyarrow.int32()))])
    parquet.write_table(pyarrow.Table.from_pylist(ROWS, schema), folder / "rows.parquet", row_group_size=120)
    views = {
        "rows": {"source": "s", "batch_size": 50, "files": ["jsonl"]},
        "some": {"source": "s", "batch_size": 50, "files": ["jsonl"], "filter": "x in (3, 6, 7, 130, 131, 499)"},
        "columns": {"source": "s", "layout": "arrays"},
    }
    config = {"version": 1, "name": "nulls", "sources": {"s": {"format": "parquet", "path": str(folder / "rows.parquet")}}, "views": views}
    with Mount(folder, config) as mount:
        yield mount


def lines(mount, view):
    names = sorted(path.name for path in (mount / view).iterdir() if path.name.endswith(".jsonl"))
    return [json.loads(line) for name in names for line in (mount / view / name).read_text().splitlines()]


def test_rows_of_json_tell_null_texts_from_empty_ones(mounted):
    assert lines(mounted, "rows") == ROWS


def test_so_do_filtered_ones(mounted):
    assert lines(mounted, "some") == [ROWS[row] for row in (3, 6, 7, 130, 131, 499)]


def test_columns_of_lists_of_texts_with_null_elements_are_there(mounted):
    offsets = mounted.load("columns/texts.offsets.npy")
    assert offsets.tolist()[-1] == sum(len(row["texts"] or []) for row in ROWS)
