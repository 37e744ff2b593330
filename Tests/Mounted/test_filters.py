"""`filter`, `group_by` and columns from paths, against NumPy's own selection of the stored rows."""

import os
import shutil

import numpy
import pytest
from conftest import FEATURES, ROWS
from mounting import Mount, epochfs, write_config


def batches(mount, folder):
    names = sorted(name for name in os.listdir(mount / folder) if name.endswith(".npy"))
    return numpy.concatenate([mount.load(f"{folder}/{name}") for name in names])


@pytest.fixture(scope="module")
def filtered(tmp_path_factory, stored, serve):
    views = {
        "low": {"source": "windows", "batch_size": 16, "tensors": FEATURES, "filter": "label < 0 and name != 'vessel 3ééé'"},
        "train": {"source": "windows", "batch_size": 16, "tensors": FEATURES, "filter": "label in (-1000, -993, 22, 6000)", "epochs": 3, "ranks": 2},
        "columns": {"source": "windows", "layout": "arrays", "filter": "name between 'vessel 2' and 'vessel 3'"},
    }
    with Mount(tmp_path_factory.mktemp("filters"), stored.config(views, serve=serve)) as mount:
        yield mount


def test_batches_hold_the_rows_that_pass(filtered, stored):
    keep = (stored.label < 0) & (numpy.array(stored.name) != "vessel 3ééé")
    assert numpy.array_equal(batches(filtered, "low"), stored.features[keep])


def test_epochs_hold_each_of_them_once(filtered, stored):
    wanted = numpy.flatnonzero(numpy.isin(stored.label, [-1000, -993, 22, 6000])).tolist()
    assert len(wanted) == 4
    for epoch in range(3):
        assert sorted(stored.rows_of(batches(filtered, f"train/epoch-{epoch}"))) == wanted


def test_arrays_hold_the_rows_that_pass(filtered, stored):
    encoded = [name.encode() for name in stored.name]
    keep = [row for row, name in enumerate(encoded) if b"vessel 2" <= name <= b"vessel 3"]
    assert numpy.array_equal(filtered.load("columns/grid.npy", mmap_mode="r"), stored.grid[keep])
    assert filtered.load("columns/name.values.npy").tobytes() == b"".join(encoded[row] for row in keep)
    assert numpy.array_equal(filtered.load("columns/name.offsets.npy"), numpy.cumsum([0] + [len(encoded[row]) for row in keep]))


@pytest.fixture(scope="module")
def grouped(tmp_path_factory, stored, serve):
    folder = tmp_path_factory.mktemp("groups")
    for number, name in enumerate(sorted(path.name for path in stored.data.path.iterdir() if path.is_dir())):
        shutil.copytree(stored.data.path / name, folder / "data" / f"part={number:03}" / name)
    source = {**stored.source(), "path": f"{folder}/data/part=*/{{worker}}"}
    view = {"source": "windows", "batch_size": 50, "tensors": FEATURES}
    views = {
        ".": {**view, "group_by": ["part"], "group_style": "hive"},
        "workers": {**view, "group_by": ["worker"], "filter": "part >= 1"},
        "first": {**view, "filter": "part == 0"},
    }
    with Mount(folder, {**stored.config(views, serve=serve), "sources": {"windows": source}}) as mount:
        yield mount


def test_groups_by_paths_hold_every_row_once(grouped, stored):
    parts = sorted(name for name in os.listdir(grouped.path) if name.startswith("part="))
    assert parts == ["part=000", "part=001", "part=002"]
    assert [row for part in parts for row in stored.rows_of(batches(grouped, part))] == list(range(ROWS))
    first = batches(grouped, "part=000")
    assert numpy.array_equal(batches(grouped, "first"), first)
    assert len([name for name in os.listdir(grouped / "workers") if not name.endswith(".json")]) == 2


def test_a_damaged_shard_that_decides_is_named(tmp_path, stored):
    shutil.copytree(stored.data.path, tmp_path / "data")
    victim = sorted((tmp_path / "data").rglob("*.zstd"))[1]
    victim.write_bytes(victim.read_bytes()[:-7])
    source = {**stored.source(), "path": f"{tmp_path}/data", "filter": "label > 0"}
    done = epochfs("check", write_config(tmp_path, {"sources": {"windows": source}, "views": {"v": {"source": "windows"}}}))
    assert done.returncode == 1 and victim.name in done.stderr.decode() and b"sources.windows.filter" in done.stderr
