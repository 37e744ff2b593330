"""`epochfs sample`: a data set and a configuration that mount as they are."""

import io
import json
import os
import re
import signal
import subprocess

import numpy
import pyarrow
import pyarrow.parquet
import pytest
from documents import ROOT
from mounting import EPOCHFS, Mount, epochfs, wait_until


def test_what_is_written_mounts(tmp_path):
    folder = tmp_path / "sample"
    result = epochfs("sample", folder, timeout=60)
    assert result.returncode == 0, result.stderr
    configs = list(folder.glob("*.yaml"))
    assert len(configs) == 1
    assert epochfs("check", "--deep", configs[0]).returncode == 0
    with Mount(tmp_path, configs[0]) as mount:
        views = [path.parent for path in mount.path.glob("*/schema.json")]
        assert mount / "train" in views
        for view in views:
            schema = json.loads((view / "schema.json").read_text())
            batch_folder = view / "epoch-0" if (view / "epoch-0").exists() else view
            for path in sorted(batch_folder.glob("batch-0000*.npy")):
                batch = numpy.load(path)
                assert len(batch) == min(schema["batch_size"], schema["samples"])
                assert numpy.isfinite(batch).all(), path
                assert batch.std() > 0


def test_the_parquet_file_is_one_to_others(tmp_path):
    """pyarrow sees what was meant, and checks every page's checksum; the mount serves the same values."""
    folder = tmp_path / "sample"
    assert epochfs("sample", folder, "--shards", 1, "--samples-per-shard", 2, "--validation", 150, timeout=60).returncode == 0
    path = folder / "materialized" / "validation.parquet"
    file = pyarrow.parquet.ParquetFile(path, page_checksum_verification=True)
    assert file.schema_arrow == pyarrow.schema([pyarrow.field("features", pyarrow.list_(pyarrow.field("element", pyarrow.float32(), nullable=False), 4640), nullable=False)])
    assert file.metadata.num_rows == 150 and file.metadata.row_group(0).column(0).has_offset_index
    windows = file.read()["features"].combine_chunks().flatten().to_numpy().reshape(150, 928, 5)
    assert (abs(windows[:, :, 0]) <= 90).all() and (abs(windows[:, :, 1]) <= 180).all() and len(numpy.unique(windows[:, 0, 0])) > 100
    with Mount(tmp_path, folder / "epochfs.yaml") as mount:
        assert json.loads((mount / "val" / "schema.json").read_text())["tensors"]["features"]["channels"] == ["lat", "lon", "sog", "cog", "dt_seconds"]
        batches = [numpy.load(path) for path in sorted((mount / "val").glob("batch-*.npy"))]
        assert [len(batch) for batch in batches] == [64, 64, 22]
        assert (numpy.concatenate(batches) == windows).all()


def test_it_is_the_same_every_time(tmp_path):
    for name in ("a", "b"):
        assert epochfs("sample", tmp_path / name, timeout=60).returncode == 0
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(tmp_path / "b") for path in (tmp_path / "b").rglob("*") if path.is_file())
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


def test_an_occupied_folder_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    result = epochfs("sample", tmp_path)
    assert result.returncode == 1 and str(tmp_path).encode() in result.stderr
    assert (tmp_path / "mine.txt").read_text() == "mine" and len(list(tmp_path.iterdir())) == 1


def sampling(folder, *, ignoring=()):
    """A long `epochfs sample` on its way, with the signals as a shell leaves them."""

    def prepare():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN if number in ignoring else signal.SIG_DFL)

    process = subprocess.Popen([EPOCHFS, "sample", folder, "--shards", "6"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=prepare)
    wait_until(lambda: any(folder.parent.rglob("*.mds*")))
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_nothing(tmp_path, number):
    process = sampling(tmp_path / "data")
    assert any(name.startswith(".data.epochfs-") for name in os.listdir(tmp_path))
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode == -number and os.listdir(tmp_path) == []


def test_an_ignored_signal_stops_nothing(tmp_path):
    """As under nohup."""
    process = sampling(tmp_path / "data", ignoring=[signal.SIGHUP])
    process.send_signal(signal.SIGHUP)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert os.listdir(tmp_path) == ["data"]


def test_what_is_proposed_next_is_short(tmp_path):
    result = epochfs("sample", tmp_path / "data", timeout=60)
    first = result.stdout.decode().split("Try next:\n")[1].split("\n")[0].split()
    assert first[:2] == ["epochfs", "tree"]
    tree = epochfs(*first[1:])
    assert tree.returncode == 0 and 5 < len(tree.stdout.splitlines()) < 60


def test_what_the_demo_proposes_without_a_mount_is_there(sample):
    """Of a machine whose /dev/fuse cannot be used."""
    (name,) = re.findall(r"epochfs cat \$config (\S+)", (ROOT / "scripts/demo.sh").read_text())
    result = epochfs("cat", sample / "epochfs.yaml", name)
    assert result.returncode == 0 and numpy.load(io.BytesIO(result.stdout)).shape == (64, 128, 6)
