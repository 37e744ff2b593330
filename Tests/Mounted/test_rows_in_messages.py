"""A message about one row names the file it lies in and counts rows from that file's first, however the source, its filters and its lists cut and number them."""

import errno
import re

import numpy
import pytest
from mounting import Mount
from shards import scalar, write_mds

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

FILES, COUNT, GROUP = 2, 1000, 400
# Rows of each file that have something that cannot be shown.
BAD = [{7, 121, 999}, {0, 500}]


def write(folder, number):
    def at(value, bad):
        return [bad if row in BAD[number] else value(row) for row in range(COUNT)]

    table = pyarrow.table(
        {
            "id": pyarrow.array(range(number * COUNT, (number + 1) * COUNT), pyarrow.int32()),
            "i": pyarrow.array(at(lambda row: row, None), pyarrow.int32()),
            "wide": pyarrow.array(at(lambda row: row % 100, 1000), pyarrow.int32()),
            "t": pyarrow.array(at(str, None), pyarrow.string()),
            # Long, so that row groups are several stripes.
            "long": pyarrow.array(numpy.zeros((COUNT, 10_000), "float32").tolist(), pyarrow.list_(pyarrow.float32(), 10_000)),
        }
    )
    (folder / f"part={number}").mkdir(parents=True)
    parquet.write_table(table, folder / f"part={number}" / f"{'ab'[number]}.parquet", row_group_size=GROUP, compression="zstd", data_page_size=1 << 20)


TENSORS = {"i": {"column": "i"}, "wide": {"column": "wide", "dtype": "int8"}, "t": {"column": "t"}}
# Each view, and the ids that its filters keep.
VIEWS = {
    "plain": ({}, lambda id: True),
    "filtered": ({"filter": "id not in (3, 5, 100, 1100) and id < 1900"}, lambda id: id not in (3, 5, 100, 1100) and id < 1900),
    "twice": ({"source": "some", "filter": "id != 11 and id != 1400"}, lambda id: id > 5 and id not in (11, 1400)),
    "list": ({"source": ["second", "first"]}, lambda id: True),
    "shuffled": ({"epochs": 1, "order": {"seed": 4, "block": 300}}, lambda id: True),
}


@pytest.fixture(scope="module")
def mounted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rows")
    for number in range(FILES):
        write(folder / "data", number)
    (folder / "mds").mkdir()
    write_mds(folder / "mds", {"label": scalar(numpy.where(numpy.arange(50) % 20 == 13, 300, 1).astype("int32"))}, [20, 30])
    source = {"format": "parquet", "path": str(folder / "data")}
    sources = {
        "s": source,
        "some": {**source, "filter": "id > 5"},
        "first": {**source, "path": str(folder / "data/part=0/a.parquet")},
        "second": {**source, "path": str(folder / "data/part=1/b.parquet")},
        "m": {"format": "mds", "path": str(folder / "mds")},
    }
    views = {name: {"source": "s", "batch_size": 1, "tensors": {"id": {"column": "id"}, "long": {"column": "long"}, **TENSORS}, **view} for name, (view, _) in VIEWS.items()}
    views["labels"] = {"source": "m", "batch_size": 1, "tensors": {"x": {"column": "label", "dtype": "int8"}}}
    with Mount(folder, {"memory": "1GiB", "sources": sources, "views": views}) as mount:
        yield mount


def message(mount, path):
    with pytest.raises(OSError) as found, open(mount / path, "rb") as file:
        file.read()
    assert found.value.errno == errno.EIO
    return next(error for error in reversed(mount.errors()) if error["path"] == path)


@pytest.mark.parametrize("view", VIEWS)
def test_parquet(mounted, view):
    keeps = VIEWS[view][1]
    folder = f"{view}/epoch-0" if view == "shuffled" else view
    ids = [int(mounted.load(f"{folder}/{name}")[0]) for name in mounted.batches(folder) if name.endswith(".id.npy")]
    assert sorted(ids) == [id for id in range(FILES * COUNT) if keeps(id)]
    for number in range(FILES):
        for row in BAD[number]:
            id = number * COUNT + row
            if not keeps(id):
                continue
            batch = ids.index(id)
            for name, words in (("i", "column i is null there"), ("wide", "the value 1000 at [] cannot be cast to int8"), ("t.offsets", "column t is null there")):
                error = message(mounted, f"{folder}/batch-{batch:04}.{name}.npy")
                assert error["shard"].endswith(f"/part={number}/{'ab'[number]}.parquet") and f"{'ab'[number]}.parquet: sample {row}, tensor {name.split('.')[0]}: {words}" in error["message"], (id, error)


def test_samples_of_mds_are_those_of_the_shard(mounted):
    for sample, shard, row in ((13, 0, 13), (33, 1, 13)):
        error = message(mounted, f"labels/batch-{sample:04}.npy")
        assert re.search(rf"shard\.0000{shard}\.mds: sample {row}, tensor x: the value 300 ", error["message"]), error


def test_a_list_of_another_length(tmp_path):
    lists = [[row] for row in range(40)]
    lists[33] = []
    parquet.write_table(pyarrow.table({"v": pyarrow.array(lists, pyarrow.list_(pyarrow.int32()))}), tmp_path / "lists.parquet", row_group_size=15)
    sources = {"s": {"format": "parquet", "path": str(tmp_path / "lists.parquet"), "columns": {"v": {"shape": [1]}}}}
    with Mount(tmp_path, {"sources": sources, "views": {"v": {"source": "s", "batch_size": 5}}}) as mount:
        assert "but a list of row 33 is empty or null" in message(mount, "v/batch-0006.npy")["message"]
