"""Folders: what they list, completely and in order, and that what they list resolves."""

import math
import os

from conftest import BATCH, ROWS


def listing(mount, folder):
    return sorted(os.listdir(mount / folder))


def test_root(mount):
    assert listing(mount, "") == [".epochfs", "every", "plain", "train", "whole"]


def test_views(mount):
    assert listing(mount, "train") == ["epoch-0", "epoch-1", "epoch-2", "schema.json"]
    assert listing(mount, "plain") == [f"batch-{i:04d}.npy" for i in range(math.ceil(ROWS / BATCH))] + ["schema.json"]


def test_an_epoch_lists_batches_and_ranks(mount):
    batches = [f"batch-{i:04d}.npy" for i in range(math.ceil(ROWS / BATCH))]
    assert listing(mount, "train/epoch-0") == batches + ["rank-0-of-2", "rank-1-of-2"]
    # An epoch that is not listed holds the same names.
    assert listing(mount, "train/epoch-777777") == batches + ["rank-0-of-2", "rank-1-of-2"]


def test_ranks_have_equally_many_batches(mount):
    for world in (1, 2, 3, 7, 4096):
        expected = [f"batch-{i:04d}.npy" for i in range(math.ceil(ROWS / (world * BATCH)))]
        for rank in {0, world - 1}:
            assert listing(mount, f"train/epoch-1/rank-{rank}-of-{world}") == expected


def test_drop_last_lists_full_batches_only(mount):
    assert len(mount.batches("whole/epoch-0")) == ROWS // 10
    assert len(mount.batches("whole/epoch-0/rank-1-of-3")) == ROWS // 30


def test_one_file_a_tensor(mount):
    names = mount.batches("every")
    assert names[:3] == ["batch-0000.features.npy", "batch-0000.grid.npy", "batch-0000.label.npy"]
    assert len(names) == 3 * math.ceil(ROWS / 50)


def test_what_is_listed_resolves_with_the_same_kind_and_inode(mount):
    for folder in ("", "train", "train/epoch-0", "train/epoch-0/rank-1-of-2", "every", ".epochfs"):
        with os.scandir(mount / folder) as entries:
            for entry in entries:
                status = os.stat(entry.path)
                assert entry.inode() == status.st_ino
                assert entry.is_dir() == os.path.isdir(entry.path)


def test_a_listing_can_be_read_again_from_its_begin(mount):
    first = os.listdir(mount / "every")
    assert first == os.listdir(mount / "every") and len(first) == len(set(first))


def test_a_folder_of_many_files(tmp_path, stored):
    """More entries than one reply of the kernel's holds, with numbers of more than four digits' worth of names."""
    from mounting import Mount

    views = {"ones": {"source": "windows", "batch_size": 1, "epochs": 1, "ranks": 1500, "tensors": {"label": {"column": "label"}}}}
    with Mount(tmp_path, stored.config(views)) as mount:
        names = os.listdir(mount / "ones/epoch-0")
        expected = {f"batch-{i:04d}.npy" for i in range(ROWS)} | {f"rank-{r}-of-1500" for r in range(1500)}
        assert len(names) == len(expected) and set(names) == expected
