"""Attributes: sizes before anything is read, modes, owner, times, inode numbers."""

import os
import stat

import numpy
from conftest import BATCH, FEATURES, LENGTH, ROWS
from mounting import Mount
from shards import scalar, write_mds

BYTES_A_ROW = LENGTH * 5 * 4


def test_sizes_are_exact_before_anything_was_read(tmp_path, stored):
    with Mount(tmp_path, stored.config({"plain": {"source": "windows", "batch_size": BATCH, "tensors": FEATURES}})) as mount:
        sizes = [os.stat(mount / f"plain/{name}").st_size for name in mount.batches("plain")]
        decoded = mount.metric("epochfs_shard_decodes_total")
    full, rest = divmod(ROWS, BATCH)
    assert sizes == [128 + BATCH * BYTES_A_ROW] * full + [128 + rest * BYTES_A_ROW]
    # At most the one sample that the declared shape is tried on.
    assert decoded <= 1


def test_sizes_equal_what_is_read(mount):
    for name in ("train/epoch-1/batch-0003.npy", "plain/batch-0015.npy", "every/batch-0020.grid.npy", "train/schema.json"):
        assert os.stat(mount / name).st_size == len((mount / name).read_bytes())


def test_modes_and_owner(mount):
    for name in ("", "train", "train/epoch-0", ".epochfs"):
        assert os.stat(mount / name).st_mode == stat.S_IFDIR | 0o555
    for name in ("train/schema.json", "train/epoch-0/batch-0000.npy", ".epochfs/metrics"):
        assert os.stat(mount / name).st_mode == stat.S_IFREG | 0o444
    status = os.stat(mount / "train/epoch-0/batch-0000.npy")
    assert (status.st_uid, status.st_gid) == (os.getuid(), os.getgid())


def test_owner_of_the_configuration(tmp_path, stored):
    views = {"plain": {"source": "windows", "batch_size": BATCH, "tensors": FEATURES}}
    with Mount(tmp_path, stored.config(views, uid=1234, gid=2345)) as mount:
        status = os.stat(mount / "plain/batch-0000.npy")
        assert (status.st_uid, status.st_gid) == (1234, 2345)


def test_modified_when_the_newest_source_file_was(tmp_path):
    data = write_mds(tmp_path / "data", {"x": scalar(numpy.arange(40, dtype=numpy.float32))}, [10] * 4, folders=2)
    for file in (tmp_path / "data").rglob("*"):
        os.utime(file, (1_600_000_000, 1_600_000_000))
    os.utime(tmp_path / "data/worker_01/index.json", ns=(0, 1_700_000_000_123_456_789))
    config = {"memory": "64MiB", "sources": {"s": {"format": "mds", "path": str(data.path)}}, "views": {"v": {"source": "s", "batch_size": 10}}}
    with Mount(tmp_path, config) as mount:
        assert os.stat(mount / "v/batch-0000.npy").st_mtime_ns == 1_700_000_000_123_456_789


def test_inode_numbers_survive_a_restart(tmp_path, stored):
    names = ["", "train", "train/epoch-2", "train/epoch-999999/batch-0001.npy", "train/epoch-0/rank-1-of-3/batch-0005.npy", "train/schema.json"]
    views = {"train": {"source": "windows", "batch_size": BATCH, "epochs": 3, "tensors": FEATURES}}
    seen = []
    for _ in range(2):
        with Mount(tmp_path, stored.config(views)) as mount:
            seen.append([os.stat(mount / name).st_ino for name in names])
    assert seen[0] == seen[1]
    assert len(set(seen[0])) == len(names)


def test_inode_numbers_differ_within_a_view(mount):
    inodes = [os.stat(entry.path).st_ino for folder in ("train/epoch-0", "train/epoch-1", "plain") for entry in os.scandir(mount / folder)]
    inodes += [entry.inode() for entry in os.scandir(mount / "every")]
    assert len(inodes) == len(set(inodes)) and 0 not in inodes


def test_header_is_numpys_and_payload_is_aligned(mount):
    data = (mount / "every/batch-0001.grid.npy").read_bytes()
    assert data[:8] == b"\x93NUMPY\x01\x00" and int.from_bytes(data[8:10], "little") == 118
    with open(mount / "every/batch-0001.grid.npy", "rb") as file:
        numpy.lib.format.read_magic(file)
        assert numpy.lib.format.read_array_header_1_0(file) == ((50, 2, 3), False, numpy.dtype("<i2"))
        assert file.tell() == 128
