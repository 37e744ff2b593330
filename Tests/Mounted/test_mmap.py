"""Mapped files."""

import mmap

import numpy
import pytest
from conftest import BATCH


def test_numpy_maps_a_batch(mount, stored):
    batch = mount.load("plain/batch-0003.npy", mmap_mode="r")
    assert isinstance(batch, numpy.memmap)
    assert numpy.array_equal(batch[17], stored.features[3 * BATCH + 17])
    assert numpy.array_equal(batch, stored.features[3 * BATCH : 4 * BATCH])


def test_a_mapping_outlives_its_file_handle(mount, stored):
    with open(mount / "train/epoch-2/batch-0001.npy", "rb") as file:
        mapping = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        expected = file.read()
    # Other batches pass by meanwhile.
    for name in mount.batches("train/epoch-1"):
        mount.load(f"train/epoch-1/{name}")
    assert mapping[:] == expected
    mapping.close()


def test_a_private_mapping_may_be_written_and_changes_nothing(mount, stored):
    batch = mount.load("plain/batch-0000.npy", mmap_mode="c")
    batch[0] = 0
    assert numpy.array_equal(mount.load("plain/batch-0000.npy"), stored.features[:BATCH])


def test_a_shared_mapping_cannot_be_written(mount):
    with open(mount / "plain/batch-0000.npy", "rb") as file, pytest.raises(PermissionError):
        mmap.mmap(file.fileno(), 0, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ | mmap.PROT_WRITE)
