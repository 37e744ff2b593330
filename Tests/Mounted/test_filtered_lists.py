"""`filter` and `group_by` of views over lists of sources, against NumPy's own selection."""

import json
import os

import numpy
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mounting import Mount, epochfs, write_config

A, B = 1000, 700


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    """Two sources, the rows' numbers in `id`: those of the second from 5000 on; it has a column more, and the others in another order."""
    folder = tmp_path_factory.mktemp("lists")
    ids = numpy.arange(A), 5000 + numpy.arange(B)
    for name, numbers in zip("ab", ids):
        table = pa.table({
            "id": pa.array(numbers, pa.int64()), "x": pa.array([None if n % 7 == 0 else n % 50 for n in numbers.tolist()], pa.int16()),
            "s": pa.array([f"group {n % 3}" for n in numbers.tolist()]),
        })  # fmt: skip
        if name == "b":
            table = table.select(["s", "x", "id"]).append_column("only", table["id"])
        pq.write_table(table, folder / f"{name}.parquet", row_group_size=300, write_page_index=True)
    sources = {name: {"format": "parquet", "path": f"{folder}/{name}.parquet"} for name in "ab"}
    sources["few"] = {**sources["a"], "filter": "id < 100"}
    return folder, sources, numpy.concatenate(ids)


TENSORS = {"id": {"column": "id"}}


def batches(mount, folder):
    return numpy.concatenate([mount.load(f"{folder}/{name}") for name in sorted(os.listdir(mount / folder)) if name.endswith(".npy")])


def test_rows_of_all_sources_pass(tmp_path, lists):
    _, sources, ids = lists
    view = {"batch_size": 32, "tensors": TENSORS, "filter": "x > 40 and s != 'group 1'"}
    window = {"epochs": 2, "ranks": 2, "order": {"algorithm": "window", "block": 64}}
    mixed = {"epochs": 1, "order": {"algorithm": "py1s", "canonical_nodes": 1}}
    views = {
        "plain": {"source": ["a", "b"], **view}, "twice": {"source": ["few", "a"], **view}, "narrow": {"source": ["few", "b"], **view},
        "shuffled": {"source": ["a", "b"], **view, **window},
        "mixed": {"source": [{"name": "a", "repeat": 2}, {"name": "b", "choose": 20}], **view, **mixed},
        "groups": {"source": ["a", "b"], **view, "filter": "x > 40", "group_by": ["s"], "group_style": "hive"},
    }  # fmt: skip
    with Mount(tmp_path, {"sources": sources, "views": views}) as mount:
        passing = ids[(ids % 7 != 0) & (ids % 50 > 40)]
        kept = passing[passing % 3 != 1]
        first, second = kept[kept < 5000], kept[kept >= 5000]
        assert batches(mount, "plain").tolist() == kept.tolist()
        assert batches(mount, "twice").tolist() == [*first[first < 100], *first]
        assert batches(mount, "narrow").tolist() == [*first[first < 100], *second]
        schema = json.loads((mount / "plain/schema.json").read_text())
        assert schema["samples"] == len(kept) and schema["batches"] == -(-len(kept) // 32)
        epochs = [batches(mount, f"shuffled/epoch-{epoch}").tolist() for epoch in range(2)]
        assert sorted(epochs[0]) == sorted(epochs[1]) == kept.tolist() and epochs[0] != epochs[1]
        ranks = numpy.concatenate([batches(mount, f"shuffled/epoch-0/rank-{rank}-of-2") for rank in range(2)])
        assert set(ranks.tolist()) == set(kept.tolist())
        found = batches(mount, "mixed/epoch-0")
        assert sorted(found[found < 5000].tolist()) == sorted([*first, *first])
        assert len(found) >= 2 * len(first) + 20 and set(found[found >= 5000].tolist()) <= set(second.tolist())
        for group in range(3):
            assert batches(mount, f"groups/s=group {group}").tolist() == passing[passing % 3 == group].tolist()


@pytest.mark.parametrize("view, key, message", [
    ({"filter": "only > 1"}, "views.v.filter", "source a: at character 1: there is no column \"only\""),
    ({"filter": "x == 'text'"}, "views.v.filter", "source a: at character 6: column x (int16)"),
    ({"group_by": ["s", "only"]}, "views.v.group_by.1", "source a: there is no column \"only\""),
    ({"source": [{"name": "a", "repeat": 1}, {"name": "b", "repeat": 1}], "group_by": ["s"], "filter": "id < 9", "epochs": 1, "order": {"algorithm": "py1s"}}, "views.v.source", "source b: has no samples, and cannot be weighted or resampled (in the group s ="),
    ({"source": [{"name": "a", "repeat": 1}, {"name": "b", "repeat": 1}], "filter": "id < 9", "epochs": 1, "order": {"algorithm": "py1s"}}, "views.v.source", "source b: has no samples"),
])  # fmt: skip
def test_what_does_not_go_is_refused(tmp_path, lists, view, key, message):
    _, sources, _ = lists
    config = {"sources": sources, "views": {"v": {"source": ["a", "b"], "tensors": TENSORS, **view}}}
    done = epochfs("check", write_config(tmp_path, config))
    assert done.returncode == 1 and key in done.stderr.decode() and message in done.stderr.decode(), done.stderr.decode()
