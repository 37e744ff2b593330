"""A damaged shard below whole columns: EIO where it is touched, and where a size depends on it."""

import errno
import os

import numpy
import pytest
from mounting import Mount, epochfs, write_config
from shards import raw, scalar, text, write_mds

COUNTS = [4000, 4000, 4000, 4000]
BAD = 2
FEATURES = numpy.random.default_rng(4).random((sum(COUNTS), 8), numpy.float32)
LABELS = numpy.arange(sum(COUNTS), dtype=numpy.int64)
NAMES = [f"name {row}" for row in range(sum(COUNTS))]


@pytest.fixture
def damaged(tmp_path):
    """A mount of four shards, the third of which is damaged, and its configuration."""
    data = write_mds(tmp_path / "data", {"features": raw(FEATURES), "label": scalar(LABELS), "name": text(NAMES)}, COUNTS, zstd=True, hashes=["xxh64"])
    content = bytearray(data.files[BAD].read_bytes())
    content[len(content) // 2] ^= 1
    data.files[BAD].write_bytes(content)
    source = {"format": "mds", "path": str(data.path), "columns": {"features": {"dtype": "float32", "shape": [8]}}}
    with Mount(tmp_path, {"memory": "64MiB", "sources": {"s": source}, "views": {"v": {"source": "s", "layout": "arrays"}}}) as mount:
        mount.bad_file = str(data.files[BAD])
        yield mount


def rows(mount, name, begin, end, size):
    """Rows of a file, by a descriptor of its own and pages of their own: read-ahead does not pull neighbours in."""
    fd = os.open(mount / "v" / name, os.O_RDONLY)
    try:
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_RANDOM)
        return os.pread(fd, (end - begin) * size, 128 + begin * size)
    finally:
        os.close(fd)


def test_rows_of_other_shards_are_served(damaged):
    for begin, end in [(0, 4000), (4000, 7000), (13_000, 16_000)]:
        assert rows(damaged, "features.npy", begin, end, 32) == FEATURES[begin:end].tobytes()
        assert rows(damaged, "label.npy", begin, end, 8) == LABELS[begin:end].tobytes()
    for begin, end in [(9000, 9001), (10_000, 11_000)]:
        for name, size in [("features.npy", 32), ("label.npy", 8)]:
            with pytest.raises(OSError) as error:
                rows(damaged, name, begin, end, size)
            assert error.value.errno == errno.EIO
    errors = damaged.errors()
    assert {error["path"] for error in errors} == {"v/features.npy", "v/label.npy"}
    assert all(error["source"] == "s" and error["shard"] == damaged.bad_file and "xxh64" in error["message"] for error in errors)
    assert damaged.bad_file in damaged.messages()


def test_numpy_does_not_take_a_part_for_the_whole(damaged):
    # NumPy calls an error in the middle of a file "could only read N elements".
    with pytest.raises((OSError, ValueError)):
        damaged.load("v/label.npy")
    with pytest.raises(OSError) as error:
        (damaged / "v/label.npy").read_bytes()
    assert error.value.errno == errno.EIO


def test_what_depends_on_all_rows_is_refused(damaged):
    with pytest.raises(OSError) as error:
        os.stat(damaged / "v/name.values.npy")
    assert error.value.errno == errno.EIO
    assert any(error["path"] == "v/name.values.npy" for error in damaged.errors())
    # Offsets before the damage are known, those behind it are not.
    offsets = numpy.cumsum([0, *(len(name) for name in NAMES)])
    assert rows(damaged, "name.offsets.npy", 0, 7000, 8) == offsets[:7000].tobytes()
    for begin in (9000, 15_000):
        with pytest.raises(OSError) as error:
            rows(damaged, "name.offsets.npy", begin, begin + 100, 8)
        assert error.value.errno == errno.EIO


def test_check_deep_names_the_shard_once(damaged):
    result = epochfs("check", "--deep", damaged.config)
    lines = [line for line in result.stderr.splitlines() if damaged.bad_file.encode() in line]
    assert result.returncode == 1 and len(lines) == 1, result.stderr


def test_a_missing_shard(damaged, tmp_path):
    (tmp_path / "data" / damaged.bad_file).unlink()
    assert rows(damaged, "label.npy", 0, 4000, 8) == LABELS[:4000].tobytes()
    with pytest.raises(OSError) as error:
        rows(damaged, "label.npy", 9000, 9001, 8)
    assert error.value.errno == errno.EIO


@pytest.mark.parametrize("key, value", [("batch_size", 4), ("epochs", 2), ("ranks", 2), ("order", {"seed": 1}), ("tensors", {"x": {"column": "label"}}), ("files", ["npy"]), ("drop_last", True)])
def test_keys_of_batches_are_refused(tmp_path, stored, key, value):
    view = {"source": "windows", "layout": "arrays", key: value}
    result = epochfs("check", write_config(tmp_path, stored.config({"v": view})))
    assert result.returncode == 1 and f"views.v.{key}: has no meaning with `layout: arrays`".encode() in result.stderr, result.stderr
