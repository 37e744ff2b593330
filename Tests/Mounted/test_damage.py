"""Damaged, truncated, missing, lying and changed shards: EIO where they are needed, and nowhere else."""

import errno
import json
import os
import shutil
import struct

import numpy
import pytest
from mounting import Mount, epochfs, write_config
from shards import raw, tracks, write_mds

COUNTS = [30, 30, 30, 30]
BAD = 2
# Batches of 12 do not end where shards do: 5 to 7 hold samples of the bad shard, 5 and 7 also of its neighbours.
BATCH = 12
BAD_BATCHES = {5, 6, 7}
ROWS = tracks(sum(COUNTS), 16, seed=3)


@pytest.fixture
def data(tmp_path):
    """Makes a data set: data(hashes=..., zstd=...)."""
    return lambda **options: write_mds(tmp_path / "data", {"features": raw(ROWS)}, COUNTS, folders=2, **options)


@pytest.fixture
def config(serve):
    """Makes a configuration: config(data), with more keys for its source."""
    return lambda data, **source: {
        "memory": "64MiB",
        "serve": serve,
        "sources": {"s": {"format": "mds", "path": str(data.path), "columns": {"features": {"dtype": "float32", "shape": [16, 5]}}, **source}},
        "views": {"v": {"source": "s", "batch_size": BATCH}},
    }


def edit_index(data, change):
    """Applies a change to the bad shard's entry of its index."""
    path = data.files[BAD].parent / "index.json"
    index = json.loads(path.read_text())
    change(index["shards"][BAD - 2])
    path.write_text(json.dumps(index))


def flip(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 0x40
    path.write_bytes(content)


def number_of(name):
    return int(name.removeprefix("batch-").removesuffix(".npy"))


def outcomes(mount):
    """The numbers of the batches that were refused with EIO; every other one must be right."""
    refused = set()
    for name in mount.batches("v"):
        number = number_of(name)
        try:
            got = mount.load(f"v/{name}")
        except OSError as error:
            assert error.errno == errno.EIO, error
            refused.add(number)
        else:
            assert numpy.array_equal(got, ROWS[number * BATCH : (number + 1) * BATCH]), number
    return refused


def assert_confined(mount, data, *words):
    assert outcomes(mount) == BAD_BATCHES
    # Again: an error is not kept as if it were data.
    assert outcomes(mount) == BAD_BATCHES
    errors = mount.errors()
    assert {os.path.basename(error["path"]) for error in errors} == {f"batch-{number:04d}.npy" for number in BAD_BATCHES}
    for error in errors:
        assert set(error) >= {"time", "path", "source", "shard", "message"}
        assert error["source"] == "s" and error["shard"] == str(data.files[BAD])
        for word in words:
            assert word in error["message"], (word, error["message"])
    assert data.files[BAD].name in mount.messages()
    assert mount.metric("epochfs_errors_total") == len(errors)
    assert mount.process.poll() is None


@pytest.mark.parametrize("hashes, verify", [(["xxh64"], "auto"), (["sha1"], "always"), (["sha1", "xxh64"], "always")])
@pytest.mark.parametrize("zstd", [False, True])
def test_a_flipped_byte_is_found_by_its_hash(tmp_path, data, config, zstd, hashes, verify):
    data = data(zstd=zstd, hashes=hashes)
    flip(data.files[BAD], os.path.getsize(data.files[BAD]) // 2)
    with Mount(tmp_path, config(data, verify=verify)) as mount:
        assert_confined(mount, data)


def test_slow_hashes_are_left_to_check_deep(tmp_path, data, config):
    data = data(hashes=["sha1"])
    edit_index(data, lambda shard: shard["raw_data"]["hashes"].update(sha1="0" * 40))
    with Mount(tmp_path, config(data)) as mount:
        assert outcomes(mount) == set()
    result = epochfs("check", "--deep", write_config(tmp_path, config(data)))
    assert result.returncode == 1 and data.files[BAD].name.encode() in result.stdout + result.stderr


def test_verify_never_serves_what_is_there(tmp_path, data, config):
    data = data(hashes=["xxh64"])
    edit_index(data, lambda shard: shard["raw_data"]["hashes"].update(xxh64="0" * 16))
    with Mount(tmp_path, config(data, verify="never")) as mount:
        assert outcomes(mount) == set()


@pytest.mark.parametrize("zstd", [False, True])
@pytest.mark.parametrize("length", [0, 3, 700])
def test_a_truncated_shard(tmp_path, data, config, zstd, length):
    data = data(zstd=zstd)
    os.truncate(data.files[BAD], length)
    with Mount(tmp_path, config(data)) as mount:
        assert_confined(mount, data, str(length))


def test_a_missing_shard(tmp_path, data, config):
    data = data(zstd=True)
    data.files[BAD].unlink()
    with Mount(tmp_path, config(data)) as mount:
        assert_confined(mount, data)


def test_a_shard_that_is_a_folder(tmp_path, data, config):
    data = data()
    data.files[BAD].unlink()
    data.files[BAD].mkdir()
    with Mount(tmp_path, config(data)) as mount:
        assert_confined(mount, data)


def test_a_shard_that_changed_since_the_mount(tmp_path, data, config):
    data = data()
    with Mount(tmp_path, config(data)) as mount:
        assert numpy.array_equal(mount.load("v/batch-0000.npy"), ROWS[:BATCH])
        content = data.files[BAD].read_bytes()
        data.files[BAD].unlink()
        data.files[BAD].write_bytes(content[:-4] + b"\0\0\0\0")
        assert_confined(mount, data)


def test_garbage_instead_of_zstd(tmp_path, data, config):
    data = data(zstd=True)
    data.files[BAD].write_bytes(b"\x55" * os.path.getsize(data.files[BAD]))
    with Mount(tmp_path, config(data)) as mount:
        assert_confined(mount, data)


# Places in a raw shard: the count, then count + 1 offsets.
LIES = {
    "more samples than there are": (0, 31),
    "no samples": (0, 0),
    "four billion samples": (0, 0xFFFFFFFF),
    "a first offset in the header": (4, 8),
    "offsets that go back": (4 + 4 * 10, 5),
    "an offset past the end": (4 + 4 * 30, 0xFFFFFFF0),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_shard(tmp_path, data, config, lie):
    data = data()
    place, value = LIES[lie]
    content = bytearray(data.files[BAD].read_bytes())
    struct.pack_into("<I", content, place, value)
    data.files[BAD].write_bytes(content)
    with Mount(tmp_path, config(data)) as mount:
        assert_confined(mount, data)


def test_a_value_that_is_not_of_the_declared_shape(tmp_path, data, config):
    data = data()
    content = bytearray(data.files[BAD].read_bytes())
    first = struct.unpack_from("<I", content, 4)[0]
    struct.pack_into("<I", content, first, ROWS[0].nbytes - 4)
    data.files[BAD].write_bytes(content)
    with Mount(tmp_path, config(data)) as mount:
        assert_confined(mount, data)


def test_a_value_that_does_not_fit_its_type(tmp_path, data, config):
    """What the data hold is whole, but not what the view asks for: the line names source and shard all the same."""
    data = data()
    config = config(data)
    bad = int(numpy.abs(ROWS).reshape(len(ROWS), -1).max(1).argmax()) // BATCH
    config["views"]["v"]["tensors"] = {"small": {"column": "features", "dtype": "int8"}}
    with Mount(tmp_path, config) as mount:
        with pytest.raises(OSError) as caught:
            mount.load(f"v/batch-{bad:04d}.npy")
        assert caught.value.errno == errno.EIO
        (error,) = mount.errors()
        assert error["source"] == "s" and error["shard"] in map(str, data.files) and "small" in error["message"] and "sample" in error["message"], error


@pytest.mark.parametrize("zstd", [False, True])
@pytest.mark.parametrize("size", [0, 1, 10**6, 2**40, 2**62])
def test_an_index_that_lies_about_sizes(tmp_path, data, config, zstd, size):
    """Refused at the mount, or EIO for the files of that shard; never a wrong byte, a crash or memory beyond the cap."""
    data = data(zstd=zstd)
    edit_index(data, lambda shard: shard["raw_data"].update(bytes=size))
    path = write_config(tmp_path, config(data))
    result = epochfs("check", path)
    if result.returncode != 0:
        assert result.returncode == 1 and (b"index.json" in result.stderr or b"memory" in result.stderr), result.stderr
        return
    with Mount(tmp_path, path) as mount:
        assert outcomes(mount) == BAD_BATCHES


@pytest.mark.parametrize("count", [0, 29, 31, 10**6, 2**33, 2**63 - 1])
def test_an_index_that_lies_about_samples(tmp_path, data, config, count):
    data = data()
    edit_index(data, lambda shard: shard.update(samples=count))
    path = write_config(tmp_path, config(data))
    result = epochfs("check", path)
    if result.returncode != 0:
        assert result.returncode == 1 and b"index.json" in result.stderr, result.stderr
        return
    with Mount(tmp_path, path) as mount:
        names = mount.batches("v")
        for name in names[:5]:
            number = number_of(name)
            assert numpy.array_equal(mount.load(f"v/{name}"), ROWS[number * BATCH : (number + 1) * BATCH])
        for number in {5, 6}:
            if count:
                with pytest.raises(OSError):
                    mount.load(f"v/{names[number]}")
        assert mount.process.poll() is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 2}', b"\xff" * 100, b"[" * 100_000, b'{"version": 3, "shards": []}'])
def test_an_index_that_cannot_be_read_is_refused(tmp_path, data, config, content):
    data = data()
    index = data.files[BAD].parent / "index.json"
    index.write_bytes(content)
    path, point = write_config(tmp_path, config(data)), tmp_path / "point"
    point.mkdir()
    for arguments in (("check", path), ("mount", "--foreground", path, point)):
        result = epochfs(*arguments)
        assert result.returncode == 1 and str(index).encode() in result.stderr, (arguments, result)
        assert b"Fatal error" not in result.stderr


def test_a_basename_that_leaves_the_folder(tmp_path, data, config):
    data = data()
    shutil.copy(data.files[BAD], tmp_path / "outside.mds")
    edit_index(data, lambda shard: shard["raw_data"].update(basename="../../outside.mds"))
    path = write_config(tmp_path, config(data))
    result = epochfs("check", path)
    if result.returncode == 0:
        with Mount(tmp_path, path) as mount:
            assert outcomes(mount) == BAD_BATCHES
    else:
        assert result.returncode == 1 and b"outside.mds" in result.stderr


def test_check_deep_names_the_damaged_shard(tmp_path, data, config):
    data = data(zstd=True, hashes=["sha1"])
    path = write_config(tmp_path, config(data))
    assert epochfs("check", "--deep", path).returncode == 0
    flip(data.files[BAD], os.path.getsize(data.files[BAD]) // 2)
    result = epochfs("check", "--deep", path)
    assert result.returncode == 1
    assert data.files[BAD].name.encode() in result.stdout + result.stderr
    assert epochfs("check", path).returncode == 0
