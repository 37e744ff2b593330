"""The metrics of several mounts side by side, as Prometheus' node exporter gets them."""

import os
import re
import subprocess

import pytest
from conftest import BATCH, FEATURES
from documents import ROOT
from mounting import Mount, take_away

SCRIPT = ROOT / "examples/node_exporter.sh"


def collected(folder, points):
    """What the collector finds of the mounts below `points`, since others may be mounted on the machine: (name, labels) of every line, by file."""
    subprocess.run([SCRIPT, folder], check=True, timeout=60)
    files = {}
    for path in folder.glob("*.prom"):
        if re.sub("[^A-Za-z0-9]", "_", str(points)) in path.name:
            lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
            assert all(re.fullmatch(r'epochfs_[a-z_]+\{mount="[^"]*"(,[a-z]+="[^"]*")?\} \S+', line) for line in lines)
            files[path.name] = {line.rsplit(" ", 1)[0] for line in lines}
    return files


@pytest.mark.skipif(subprocess.run(["which", "findmnt"], capture_output=True).returncode != 0, reason="no findmnt")
def test_each_mount_has_a_file_as_long_as_it_lives(tmp_path, stored):
    folder, config = tmp_path / "textfile", stored.config({"plain": {"source": "windows", "batch_size": BATCH, "tensors": FEATURES}})
    folder.mkdir()
    points = []
    for name in ("first one", "second"):
        (tmp_path / name).mkdir()
        points.append(Mount(tmp_path / name, {**config, "name": name}))

    with points[0] as one:
        with points[1]:
            files = collected(folder, tmp_path)
            assert len(files) == 2
            first, second = files.values()
            assert not first & second and len(first) == len(second) > 40
            assert any('mount="first one"' in line for line in first | second)
        files = collected(folder, tmp_path)
        assert len(files) == 1 and all('mount="first one"' in line for line in next(iter(files.values())))
        one.process.kill()
        one.process.wait()
        assert not collected(folder, tmp_path), "the numbers of a dead mount stay"
        take_away(one.path)
    assert not [name for name in os.listdir(folder) if not name.endswith(".prom")]


def test_failures_are_counted_and_are_no_hits(tmp_path, stored):
    config = stored.config({"plain": {"source": "windows", "batch_size": BATCH, "tensors": FEATURES}})
    with Mount(tmp_path, config) as mount:
        before = mount.metric("epochfs_cache_hits_total")
        mount.load("plain/batch-0000.npy")
        served = mount.metric("epochfs_cache_hits_total") + mount.metric("epochfs_cache_misses_total")
        assert served > before
        text = (mount / ".epochfs/metrics").read_text()
        assert 'epochfs_failed_requests_total{mount="test",errno="EIO"} 0\n' in text
