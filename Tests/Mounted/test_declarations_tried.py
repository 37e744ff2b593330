"""What `columns` declares is tried on one sample at the mount: a wrong declaration is refused there, a damaged shard is not."""

import os
import struct

import numpy
import pytest
from mounting import Mount, epochfs, write_config
from shards import Column, tracks, write_mds

LENGTH = 16
# The one in the middle is the smallest, which is tried.
COUNTS = [50, 20, 50]
ROWS = tracks(sum(COUNTS), LENGTH)


def configuration(path, shape=(LENGTH, 5), **source):
    declared = {"features": {"dtype": "float32", "shape": list(shape)}}
    return {
        "memory": "64MiB",
        "sources": {"s": {"format": "mds", "path": str(path), "columns": declared, **source}},
        "views": {"v": {"source": "s", "batch_size": 10}},
    }


def values(**others):
    """The rows as bytes, some of them replaced: `row_60=...`."""
    rows = [row.tobytes() for row in ROWS]
    for name, value in others.items():
        rows[int(name.removeprefix("row_"))] = value
    return {"features": Column("bytes", rows)}


def shorten_first_sample(data):
    """The first sample of the smallest shard ends a number early, and says so; the file keeps its size and is not the one that was hashed."""
    shard = bytearray(data.files[1].read_bytes())
    begin, end = struct.unpack_from("<2I", shard, 4)
    struct.pack_into("<I", shard, 8, end - 4)
    struct.pack_into("<I", shard, begin, LENGTH * 5 * 4 - 4)
    data.files[1].write_bytes(shard)


def check_served(mount, damaged):
    for number in range(sum(COUNTS) // 10):
        name = f"v/batch-{number:04d}.npy"
        if number in damaged:
            with pytest.raises(OSError):
                (mount / name).read_bytes()
        else:
            assert numpy.array_equal(mount.load(name), ROWS[10 * number : 10 * number + 10])
    assert all("shard.00001.mds" in error["shard"] for error in mount.errors())


@pytest.mark.parametrize("hashes", [[], ["xxh64"], ["sha1"]])
@pytest.mark.parametrize("zstd", [False, True])
def test_a_later_sample_of_another_length_stops_no_mount(zstd, hashes, tmp_path):
    data = write_mds(tmp_path / "mds", values(row_60=b"short"), COUNTS, zstd=zstd, hashes=hashes)
    with Mount(tmp_path, configuration(data.path)) as mount:
        check_served(mount, {5, 6})


def test_a_shard_that_is_not_as_hashed_stops_no_mount(tmp_path):
    data = write_mds(tmp_path / "mds", values(), COUNTS, hashes=["xxh64"])
    shorten_first_sample(data)
    with Mount(tmp_path, configuration(data.path)) as mount:
        check_served(mount, {5, 6})
    # Whoever does not want the hashes compared has the value itself tried.
    result = epochfs("check", write_config(tmp_path, configuration(data.path, verify="never")))
    assert result.returncode == 1 and "data says otherwise" in result.stderr.decode()


@pytest.mark.parametrize("verify", ["always", "auto"])
def test_slow_hashes_are_compared_where_verify_says_so(verify, tmp_path):
    data = write_mds(tmp_path / "mds", values(), COUNTS, hashes=["sha1"])
    shorten_first_sample(data)
    result = epochfs("check", write_config(tmp_path, configuration(data.path, verify=verify)))
    assert result.returncode == (0 if verify == "always" else 1), result.stderr


@pytest.mark.parametrize("cut", [10, 1000, -1])
def test_a_shard_that_ends_early_stops_no_mount(cut, tmp_path):
    """The compressed bytes end, in a file of the size that the index tells."""
    data = write_mds(tmp_path / "mds", values(), COUNTS, zstd=True)
    file = data.files[1]
    stored = file.read_bytes()
    file.write_bytes(stored[:cut] + bytes(len(stored) - len(stored[:cut])))
    with Mount(tmp_path, configuration(data.path)) as mount:
        check_served(mount, {5, 6})


@pytest.mark.parametrize("hashes", [[], ["xxh64"], ["sha1"]])
@pytest.mark.parametrize("zstd", [False, True])
def test_a_wrong_declaration_is_refused(zstd, hashes, tmp_path):
    data = write_mds(tmp_path / "mds", values(), COUNTS, zstd=zstd, hashes=hashes)
    said = epochfs("check", write_config(tmp_path, configuration(data.path, shape=(LENGTH + 1, 5)))).stderr.decode()
    assert f"column features is declared as float32 of shape [{LENGTH + 1}, 5], but the data says otherwise: {data.files[1]}" in said
    assert "sources.s.columns.features" in said


def test_a_wrong_declaration_is_refused_by_the_next_shard(tmp_path):
    data = write_mds(tmp_path / "mds", values(), COUNTS, hashes=["xxh64"])
    shorten_first_sample(data)
    os.remove(data.files[0])
    said = epochfs("check", write_config(tmp_path, configuration(data.path, shape=(LENGTH + 1, 5)))).stderr.decode()
    assert f"but the data says otherwise: {data.files[2]}" in said


def test_the_first_sample_of_a_large_shard_is_found_quickly(tmp_path):
    """Without hashes no more is read than the sample needs: what is wrong behind it is not met."""
    wide = {"features": Column("bytes", [row.tobytes() for row in tracks(200, 4096)])}
    data = write_mds(tmp_path / "mds", wide, [200], zstd=True)
    stored = data.files[0].read_bytes()
    half = len(stored) // 2
    data.files[0].write_bytes(stored[:half] + bytes(len(stored) - half))
    assert half > 4 << 20
    said = epochfs("check", write_config(tmp_path, configuration(data.path, shape=(4096, 6)))).stderr.decode()
    assert "data says otherwise" in said
    assert epochfs("check", write_config(tmp_path, configuration(data.path, shape=(4096, 5)))).returncode == 0
