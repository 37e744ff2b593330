"""`layout: arrays`: whole columns of MDS shards, against what was written."""

import errno
import json
import os
import random

import numpy
import pytest
from conftest import COUNTS, LENGTH, ROWS
from mounting import Mount, epochfs


@pytest.fixture(scope="module")
def arrays(tmp_path_factory, stored, serve):
    views = {"columns": {"source": "windows", "layout": "arrays"}, "train": {"source": "windows", "batch_size": 50, "epochs": 2}}
    with Mount(tmp_path_factory.mktemp("arrays"), stored.config(views, serve=serve)) as mount:
        yield mount


FILES = ["features.npy", "grid.npy", "label.npy", "name.offsets.npy", "name.values.npy"]


def expected(stored, name):
    encoded = [name.encode() for name in stored.name]
    return {
        "features.npy": stored.features,
        "grid.npy": stored.grid,
        "label.npy": stored.label,
        "name.offsets.npy": numpy.cumsum([0, *map(len, encoded)]),
        "name.values.npy": numpy.frombuffer(b"".join(encoded), numpy.uint8),
    }[name]


def test_the_folder_lists_every_file(arrays):
    assert sorted(os.listdir(arrays / "columns")) == sorted([*FILES, "schema.json"])


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("mode", [None, "r"])
def test_numpy_loads_a_column(arrays, stored, name, mode):
    got, want = arrays.load(f"columns/{name}", mmap_mode=mode), expected(stored, name)
    assert got.dtype == want.dtype and got.shape == want.shape and numpy.array_equal(got, want)
    assert not mode or got.offset == 128


@pytest.mark.parametrize("name", FILES)
def test_sizes_are_exact_and_any_range_can_be_read(arrays, stored, name):
    want = expected(stored, name)
    path = arrays / "columns" / name
    assert os.stat(path).st_size == 128 + want.nbytes
    whole = path.read_bytes()
    assert whole[128:] == want.tobytes()
    draw = random.Random(name)
    with open(path, "rb", buffering=0) as file:
        for _ in range(100):
            begin, count = draw.randrange(len(whole) + 10), draw.randrange(1 << 17)
            assert os.pread(file.fileno(), count, begin) == whole[begin : begin + count]


def test_rows_of_texts_are_between_their_offsets(arrays, stored):
    offsets, values = arrays.load("columns/name.offsets.npy"), arrays.load("columns/name.values.npy")
    assert [values[a:z].tobytes().decode() for a, z in zip(offsets, offsets[1:])] == stored.name


def test_schema(arrays):
    schema = json.loads((arrays / "columns/schema.json").read_text())
    assert schema["view"] == "columns" and schema["samples"] == ROWS and "tensors" not in schema
    columns = schema["columns"]
    assert list(columns) == ["features", "grid", "label", "name"]
    assert columns["features"]["dtype"] == "<f4" and columns["features"]["shape"] == [LENGTH, 5] and columns["features"]["channels"][0] == "lat"
    assert columns["name"]["ragged"] == 1 and columns["name"]["files"] == ["name.offsets.npy", "name.values.npy"]
    assert all(column["rows"] == ROWS for column in columns.values())


def test_only_what_is_touched_is_decoded(tmp_path, stored, serve):
    views = {"columns": {"source": "windows", "layout": "arrays"}}
    with Mount(tmp_path, stored.config(views, serve=serve)) as mount:
        for name in FILES[:-1]:
            os.stat(mount / "columns" / name)
        assert mount.metric("epochfs_piece_decodes_total") == 0
        label = mount.load("columns/label.npy", mmap_mode="r")
        assert label[0] == stored.label[0]
        del label
        # The kernel reads whole pages, and some ahead.
        assert 1 <= mount.metric("epochfs_piece_decodes_total") <= len(COUNTS)
        assert mount.metric("epochfs_source_read_bytes_total") > 0 < mount.metric("epochfs_decoded_bytes_total")
        assert mount.metric("epochfs_cache_misses_total") >= 1


def test_cat_and_tree_agree_with_the_mount(arrays):
    for name in [*FILES, "schema.json"]:
        assert epochfs("cat", arrays.config, f"columns/{name}").stdout == (arrays / "columns" / name).read_bytes()
    lines = epochfs("tree", arrays.config).stdout.decode().splitlines()
    for name in FILES:
        # A size stands behind every name, also where the column had to be decoded for it.
        [line] = [line for line in lines if f"── {name} " in line]
        assert line.split(name)[1].strip()[0].isdigit(), line


def test_check_counts_columns(arrays):
    result = epochfs("check", "--deep", arrays.config)
    assert result.returncode == 0 and b"view columns: 4 columns of windows as arrays" in result.stdout, result


@pytest.mark.parametrize("name", ["nope.npy", "features", "name.npy", "features.null.npy", "batch-0000.npy", "epoch-0"])
def test_names_that_are_not_there(arrays, name):
    with pytest.raises(FileNotFoundError):
        os.stat(arrays / "columns" / name)


def test_nothing_can_be_changed(arrays):
    with pytest.raises(OSError) as error:
        open(arrays / "columns/label.npy", "r+b")
    assert error.value.errno == errno.EROFS


def test_inode_numbers_are_stable(tmp_path, stored, arrays):
    views = {"columns": {"source": "windows", "layout": "arrays"}, "train": {"source": "windows", "batch_size": 50, "epochs": 2}}
    with Mount(tmp_path, stored.config(views)) as again:
        for name in FILES:
            assert os.stat(again / "columns" / name).st_ino == os.stat(arrays / "columns" / name).st_ino
