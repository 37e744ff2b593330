"""A null that a file of a batch cannot show is EIO for that file, and for no other of its batch."""

import errno
import json

import numpy
import pytest
from mounting import Mount

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

COUNT, SIZE = 60, 10
# Batch 2 has a null in i, batch 3 a null row and batch 4 a null element in v, batch 1 a null text, batch 5 a null list and a null in f.
ROWS = [
    {
        "i": None if row == 25 else row,
        "f": None if row == 55 else row / 4,
        "v": None if row == 31 else [row, None if row == 42 else row + 1],
        "t": None if row == 17 else "é" * (row % 4),
        "l": None if row == 52 else [row] * (row % 3),
        "m": [None if row == 8 else float(row)],
        "n": [None if row == 3 else row],
    }
    for row in range(COUNT)
]
TYPES = {
    "i": pyarrow.int32(),
    "f": pyarrow.float32(),
    "v": pyarrow.list_(pyarrow.int16(), 2),
    "t": pyarrow.string(),
    "l": pyarrow.list_(pyarrow.int64()),
    "m": pyarrow.list_(pyarrow.float64()),
    "n": pyarrow.list_(pyarrow.int8()),
}
RAGGED = {"t": {"column": "t"}, "l": {"column": "l"}, "m": {"column": "m"}, "n": {"column": "n"}}
FIXED = {"i": {"column": "i"}, "f": {"column": "f"}, "v": {"column": "v"}}
# The batches in which each tensor cannot show its rows.
DAMAGED = {"i": {2}, "f": set(), "v": {3, 4}, "t": {1}, "l": {5}, "m": set(), "n": {0}}


@pytest.fixture(scope="module")
def mounted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nulls")
    parquet.write_table(pyarrow.Table.from_pylist(ROWS, pyarrow.schema(list(TYPES.items()))), folder / "rows.parquet", row_group_size=14)
    views = {
        "all": {"source": "s", "batch_size": SIZE, "files": ["npy", "jsonl"], "tensors": FIXED | RAGGED},
        "archive": {"source": "s", "batch_size": SIZE, "files": ["npy", "npz", "jsonl"], "tensors": FIXED},
        "rows": {"source": "s", "batch_size": SIZE, "files": ["jsonl"]},
        "one": {"source": "s", "batch_size": SIZE, "tensors": {"i": {"column": "i"}}},
        "cast": {"source": "s", "batch_size": SIZE, "files": ["npy", "jsonl"], "tensors": {"narrow": {"column": "id", "dtype": "uint8"}, "wide": {"column": "id"}}},
        "shuffled": {"source": "s", "batch_size": SIZE, "epochs": 1, "order": {"seed": 3, "block": 30}, "files": ["npy", "npz", "jsonl"], "tensors": FIXED},
    }
    parquet.write_table(pyarrow.table({"id": [250 + row // 10 for row in range(COUNT)]}), folder / "ids.parquet")
    views["cast"]["source"] = "ids"
    sources = {name: {"format": "parquet", "path": str(folder / f"{file}.parquet")} for name, file in (("s", "rows"), ("ids", "ids"))}
    with Mount(folder, {"version": 1, "name": "nulls", "sources": sources, "views": views}) as mount:
        yield mount


def fails(path):
    with pytest.raises(OSError) as found, open(path, "rb") as file:
        file.read()
    assert found.value.errno == errno.EIO


def expected(batch):
    return ROWS[batch * SIZE : (batch + 1) * SIZE]


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_rows_of_json_show_what_tensors_cannot(mounted):
    for view in ("all", "archive", "rows"):
        for batch in range(COUNT // SIZE):
            assert lines(mounted / view / f"batch-{batch:04}.jsonl") == expected(batch), (view, batch)


@pytest.mark.parametrize("view, names", [("all", FIXED), ("archive", FIXED)])
def test_tensors_of_fixed_shape_fail_alone(mounted, view, names):
    for batch in range(COUNT // SIZE):
        for name in names:
            path = mounted / view / f"batch-{batch:04}.{name}.npy"
            if batch in DAMAGED[name]:
                fails(path)
                continue
            values = numpy.load(path)
            wanted = [row[name] for row in expected(batch)]
            assert numpy.array_equal(values, numpy.array([numpy.nan if value is None else value for value in wanted], values.dtype), equal_nan=values.dtype.kind == "f")


@pytest.mark.parametrize("name", RAGGED)
def test_ragged_tensors_fail_alone(mounted, name):
    for batch in range(COUNT // SIZE):
        stem = f"all/batch-{batch:04}.{name}"
        if batch in DAMAGED[name]:
            fails(mounted / f"{stem}.offsets.npy")
            fails(mounted / f"{stem}.values.npy")
            continue
        offsets, values = mounted.load(f"{stem}.offsets.npy"), mounted.load(f"{stem}.values.npy")
        for row, begin, end in zip(expected(batch), offsets, offsets[1:]):
            found = bytes(values[begin:end]).decode() if name == "t" else [None if value != value else value for value in values[begin:end].tolist()]
            assert found == row[name]


def test_an_archive_fails_for_any_of_its_tensors(mounted):
    for batch in range(COUNT // SIZE):
        path = mounted / "archive" / f"batch-{batch:04}.npz"
        if any(batch in DAMAGED[name] for name in FIXED):
            fails(path)
        else:
            with numpy.load(path) as archive:
                assert archive["i"].tolist() == [row["i"] for row in expected(batch)]


def test_a_value_that_does_not_fit_fails_its_tensor_alone(mounted):
    for batch in range(COUNT // SIZE):
        assert (mounted.load(f"cast/batch-{batch:04}.wide.npy") == 250 + batch).all() and len(lines(mounted / "cast" / f"batch-{batch:04}.jsonl")) == SIZE
    assert (mounted.load("cast/batch-0005.narrow.npy") == 255).all()


def test_shuffled_batches_fail_by_their_rows(mounted):
    failed = 0
    for batch in range(COUNT // SIZE):
        stem = mounted / "shuffled" / "epoch-0" / f"batch-{batch:04}"
        rows = lines(stem.with_suffix(".jsonl"))
        for name in FIXED:
            path = stem.with_name(f"{stem.name}.{name}.npy")
            if name != "f" and any(row[name] is None or name == "v" and None in row[name] for row in rows):
                fails(path)
                failed += 1
            else:
                assert numpy.load(path).shape[0] == SIZE
    assert failed >= 2


def test_the_log_names_tensor_column_and_way_out(mounted):
    fails(mounted / "one" / "batch-0002.npy")
    fails(mounted / "all" / "batch-0004.v.npy")
    fails(mounted / "all" / "batch-0001.t.values.npy")
    found = [json.loads(line) for line in (mounted / ".epochfs" / "errors.jsonl").read_text().splitlines()]

    def line(path):
        return next(entry for entry in found if entry["path"].endswith(path))

    one = line("one/batch-0002.npy")
    assert one["source"] == "s" and one["shard"].endswith("/rows.parquet") and "rows.parquet" in one["message"]
    assert "tensor i: column i is null there" in one["message"] and "`filter: i is not null`" in one["message"]
    assert "an element of column v is null there" in line("all/batch-0004.v.npy")["message"] and "jsonl" in line("all/batch-0004.v.npy")["message"]
    assert "tensor t: column t is null there" in line("all/batch-0001.t.values.npy")["message"]
    # Each of these lines is counted.
    assert mounted.metric("epochfs_errors_total") == len(mounted.errors()) >= 3
    # Who reads again is told again, without a new decoding.
    fails(mounted / "one" / "batch-0002.npy")
    assert numpy.load(mounted / "one" / "batch-0001.npy").tolist() == list(range(10, 20))
