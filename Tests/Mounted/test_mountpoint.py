"""Folders that nothing is mounted on."""

import os

import numpy
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mounting import epochfs, write_config


@pytest.fixture
def config(tmp_path):
    """A source of two folders, one of which is reached through a link."""
    for name in ("data/a", "data/b", "empty"):
        (tmp_path / name).mkdir(parents=True)
        if name != "empty":
            pq.write_table(pa.table({"id": pa.array(range(10), pa.int32())}), tmp_path / name / "rows.parquet")
    (tmp_path / "link").symlink_to("data")
    sources = {"s": {"format": "parquet", "path": f"{tmp_path}/link/*/rows.parquet"}}
    return write_config(tmp_path, {"sources": sources, "views": {"v": {"source": "s", "batch_size": 10}}})


@pytest.mark.parametrize("point", ["data", "link", "data/b", "link/b"])
def test_a_mount_does_not_hide_its_own_source(tmp_path, config, point):
    done = epochfs("mount", config, tmp_path / point)
    assert done.returncode == 1 and "of source s lies below it and would be hidden" in done.stderr.decode(), done
    assert not os.path.ismount(tmp_path / point)


@pytest.mark.parametrize("point", ["empty", "data/new", "link/a/new"])
def test_a_folder_beside_the_shards_is_fine(tmp_path, config, point):
    (tmp_path / point).mkdir(exist_ok=True)
    done = epochfs("mount", config, tmp_path / point)
    try:
        assert done.returncode == 0, done.stderr
        assert numpy.load(tmp_path / point / "v/batch-0001.npy").tolist() == list(range(10))
    finally:
        assert epochfs("unmount", tmp_path / point).returncode == 0
