"""Bytes: whole files, positioned reads, every kind of reader."""

import io
import os
import random
import subprocess

import numpy
import pytest
from conftest import BATCH, LENGTH, ROWS


def npy(array):
    out = io.BytesIO()
    numpy.save(out, array)
    return out.getvalue()


def test_every_byte_is_what_numpy_would_have_saved(mount, stored):
    for number, name in enumerate(mount.batches("plain")):
        assert (mount / f"plain/{name}").read_bytes() == npy(stored.features[number * BATCH : (number + 1) * BATCH])


@pytest.mark.parametrize("tensor", ["features", "label", "grid"])
def test_every_fixed_column_is_a_tensor(mount, stored, tensor):
    column = getattr(stored, tensor)
    batches = [mount.load(f"every/{name}") for name in mount.batches("every") if f".{tensor}." in name]
    assert batches[0].dtype == column.dtype
    assert numpy.array_equal(numpy.concatenate(batches), column)


def test_positioned_reads(mount, stored):
    expected = npy(stored.features[5 * BATCH : 6 * BATCH])
    choose = random.Random(20)
    handle = os.open(mount / "plain/batch-0005.npy", os.O_RDONLY)
    try:
        for _ in range(500):
            offset, count = choose.randrange(len(expected) + 20), choose.choice([0, 1, 7, 128, 4096, 5000, 1 << 20])
            assert os.pread(handle, count, offset) == expected[offset : offset + count], (offset, count)
        assert os.pread(handle, 10, 1 << 40) == b""
        with pytest.raises(OSError):
            os.pread(handle, 10, -1)
    finally:
        os.close(handle)


def test_direct_reads(mount, stored):
    expected = npy(stored.features[:BATCH])
    handle = os.open(mount / "plain/batch-0000.npy", os.O_RDONLY | os.O_DIRECT)
    try:
        import mmap

        buffer = mmap.mmap(-1, 1 << 16)
        count = os.preadv(handle, [buffer], 0)
        assert buffer[:count] == expected[:count] and count == min(len(expected), 1 << 16)
    finally:
        os.close(handle)


def test_other_programs(mount, tmp_path, stored):
    expected = npy(stored.features[BATCH : 2 * BATCH])
    assert subprocess.run(["cat", mount / "plain/batch-0001.npy"], capture_output=True, check=True).stdout == expected
    subprocess.run(["cp", mount / "plain/batch-0001.npy", tmp_path / "copy.npy"], check=True)
    assert (tmp_path / "copy.npy").read_bytes() == expected
    tail = subprocess.run(["tail", "-c", "100", mount / "plain/batch-0001.npy"], capture_output=True, check=True).stdout
    assert tail == expected[-100:]


def test_the_last_batch_is_shorter(mount):
    assert mount.load("plain/batch-0015.npy").shape == (ROWS % BATCH, LENGTH, 5)


def test_a_folder_cannot_be_read(mount):
    with pytest.raises(IsADirectoryError):
        open(mount / "plain", "rb")


def test_seek_from_the_end(mount, stored):
    with open(mount / "plain/batch-0002.npy", "rb") as file:
        file.seek(-20, os.SEEK_END)
        assert file.read() == stored.features[3 * BATCH - 1, -1].tobytes()
