"""The view named `.`: what it has stands at the root of the mount."""

import os

import numpy
import pytest
from conftest import FEATURES
from mounting import Mount, epochfs, write_config


def test_batches_at_the_root(tmp_path, stored, serve):
    views = {".": {"source": "windows", "batch_size": 50, "tensors": FEATURES}, "train": {"source": "windows", "batch_size": 50, "epochs": 2, "tensors": FEATURES}}
    with Mount(tmp_path, stored.config(views, serve=serve)) as mount:
        names = sorted(os.listdir(mount.path))
        assert names[0] == ".epochfs" and names[-2:] == ["schema.json", "train"] and names[1] == "batch-0000.npy" and len(names) == 3 + 21
        assert numpy.array_equal(mount.load("batch-0003.npy"), stored.features[150:200])
        assert mount.load("train/epoch-0/batch-0000.npy").shape == (50, 24, 5)
        assert epochfs("cat", mount.config, "batch-0003.npy").stdout == (mount / "batch-0003.npy").read_bytes()
        tree = epochfs("tree", mount.config).stdout.decode()
        assert "batch-0020.npy" in tree and "train" in tree


def test_arrays_at_the_root(tmp_path, stored):
    with Mount(tmp_path, stored.config({".": {"source": "windows", "layout": "arrays"}})) as mount:
        assert set(os.listdir(mount.path)) == {".epochfs", "schema.json", "features.npy", "grid.npy", "label.npy", "name.offsets.npy", "name.values.npy"}
        assert numpy.array_equal(mount.load("label.npy"), stored.label)


@pytest.mark.parametrize("name, root", [("schema.json", {}), ("batch-0000.npy", {}), ("epoch-3", {"epochs": 2}), ("label.npy", {"layout": "arrays"})])
def test_names_that_meet_are_refused(tmp_path, stored, name, root):
    tensors = {} if "layout" in root else {"tensors": FEATURES}
    views = {".": {"source": "windows", **root, **tensors}, name: {"source": "windows", "batch_size": 2}}
    result = epochfs("check", write_config(tmp_path, stored.config(views)))
    assert result.returncode == 1 and b"config.yaml:" in result.stderr and f"already has a f".encode() in result.stderr and name.encode() in result.stderr, result
