"""What `.epochfs` and schema.json say about the mount."""

import json
import os

import pytest
from conftest import BATCH, FEATURES, LENGTH, ROWS
from mounting import Mount


def test_the_folder(mount):
    assert sorted(os.listdir(mount / ".epochfs")) == ["config.yaml", "errors.jsonl", "metrics", "status.json"]


def test_status(mount, stored):
    status = mount.status()
    assert status["version"] and status["uptime_seconds"] >= 0
    assert status["memory"]["cap_bytes"] == 64 << 20
    assert 0 <= status["memory"]["used_bytes"] <= status["memory"]["peak_bytes"] <= status["memory"]["cap_bytes"]
    assert status["sources"] == {"windows": {"format": "mds", "samples": ROWS, "shards": len(stored.data.counts), "bytes": stored.data.raw_bytes}}


def test_passthrough_is_told(mount, serve):
    assert mount.metric("epochfs_passthrough") in ({0} if serve == "replies" else {0, 1})


def test_status_moves_on(mount):
    first = mount.status()["uptime_seconds"]
    while mount.status()["uptime_seconds"] == first:
        pass
    assert mount.status()["uptime_seconds"] > first


def test_the_effective_configuration_mounts_the_same(mount, stored, tmp_path):
    path = tmp_path / "again.yaml"
    path.write_bytes((mount / ".epochfs/config.yaml").read_bytes())
    with Mount(tmp_path, path) as again:
        name = "train/epoch-1/batch-0004.npy"
        assert (again / name).read_bytes() == (mount / name).read_bytes()
        assert (again / "train/schema.json").read_bytes() == (mount / "train/schema.json").read_bytes()
        assert (again / ".epochfs/config.yaml").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("options, expected", [([], "false"), (["-o", "noatime,allow_other"], "true")])
def test_what_the_command_line_allows_is_in_effect(tmp_path, stored, options, expected):
    with Mount(tmp_path, stored.config({"plain": {"source": "windows"}}), *options) as mount:
        assert f"\nallow_other: {expected}\n" in (mount / ".epochfs/config.yaml").read_text()
        (line,) = [line for line in open("/proc/self/mountinfo") if f" {mount.path} " in line]
        assert ("allow_other" in line) == (expected == "true"), line


@pytest.mark.parametrize(
    "name", ["served_bytes_total", "decoded_bytes_total", "source_read_bytes_total", "shard_decodes_total", "cache_hits_total", "cache_misses_total", "cache_bytes", "errors_total", "passthrough"]
)
def test_every_metric_of_the_contract_is_there(mount, name):
    assert mount.metric(f"epochfs_{name}") >= 0


def test_metrics_are_prometheus_text(mount):
    typed = set()
    for line in (mount / ".epochfs/metrics").read_text().splitlines():
        if line.startswith("# TYPE "):
            typed.add(line.split()[2])
        elif not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            float(value)
            family = name.split("{")[0]
            assert family in typed or family.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") in typed, line


def test_an_epoch_read_in_order_decodes_every_shard_once(tmp_path, stored, serve):
    view = {"source": "windows", "batch_size": BATCH, "epochs": 1, "order": {"block": 300}, "tensors": FEATURES}
    with Mount(tmp_path, stored.config({"train": view}, serve=serve)) as mount:
        before = mount.metric("epochfs_shard_decodes_total")
        decoded, read = mount.metric("epochfs_decoded_bytes_total"), mount.metric("epochfs_source_read_bytes_total")
        for name in mount.batches("train/epoch-0"):
            mount.load(f"train/epoch-0/{name}")
        shards = len(stored.data.counts)
        assert shards - 1 <= mount.metric("epochfs_shard_decodes_total") - before <= shards  # one of them is empty
        assert 0 < mount.metric("epochfs_decoded_bytes_total") - decoded <= stored.data.raw_bytes
        assert 0 < mount.metric("epochfs_source_read_bytes_total") - read <= sum(os.path.getsize(file) for file in stored.data.files)
        assert mount.metric("epochfs_served_bytes_total") >= ROWS * LENGTH * 5 * 4
        assert mount.metric("epochfs_cache_misses_total") > 0 and mount.metric("epochfs_cache_bytes") > 0
        # What is ready is not made again; all but the last of the only rank's batches, which wraps, are the epoch's.
        after = mount.metric("epochfs_shard_decodes_total")
        for name in mount.batches("train/epoch-0")[:-1]:
            assert mount.load(f"train/epoch-0/rank-0-of-1/{name}").tobytes() == mount.load(f"train/epoch-0/{name}").tobytes()
        assert mount.metric("epochfs_shard_decodes_total") == after


def test_no_errors_without_errors(mount):
    assert mount.errors() == [] and mount.metric("epochfs_errors_total") == 0


def test_control_files_are_never_stale(mount):
    before = mount.metric("epochfs_served_bytes_total")
    (mount / "plain/batch-0007.npy").read_bytes()
    mount.load("train/epoch-555/batch-0007.npy")
    assert mount.metric("epochfs_served_bytes_total") > before


def test_schema(mount):
    schema = json.loads((mount / "train/schema.json").read_text())
    assert schema == {
        "view": "train",
        "samples": ROWS,
        "batch_size": BATCH,
        "batches": -(-ROWS // BATCH),
        "drop_last": False,
        "order": {"algorithm": "window", "seed": 42, "block": 300},
        "tensors": {"features": {"dtype": "<f4", "shape": [LENGTH, 5], "channels": ["lat", "lon", "sog", "cog", "dt_seconds"]}},
        "files": ["npy"],
    }
    every = json.loads((mount / "every/schema.json").read_text())
    assert every["order"]["algorithm"] == "sequential"
    assert every["tensors"]["label"] == {"dtype": "<i4", "shape": [], "channels": None}
    assert every["tensors"]["grid"] == {"dtype": "<i2", "shape": [2, 3], "channels": None}
    assert json.loads((mount / "whole/schema.json").read_text())["batches"] == ROWS // 10
