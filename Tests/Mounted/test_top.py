"""`epochfs top` tells what a mount is doing."""

import json
import os
import subprocess

from conftest import BATCH, FEATURES
from mounting import EPOCHFS, Mount, epochfs
from terminals import Terminal


def view(stored):
    return stored.config({"train": {"source": "windows", "batch_size": BATCH, "epochs": 2, "tensors": FEATURES}})


def test_reports_agree_with_the_metrics(tmp_path, stored):
    with Mount(tmp_path, view(stored)) as mount:
        for name in mount.batches("train/epoch-0"):
            mount.load(f"train/epoch-0/{name}")
        result = epochfs("top", mount.path, "--json", "--count", 2, "--interval", 0.2)
        assert result.returncode == 0, result.stderr
        first, second = (json.loads(line) for line in result.stdout.splitlines())
        # The first report is of the time since the mount, so that rates times seconds are the totals.
        for name in ("served_bytes", "decoded_bytes", "shard_decodes"):
            assert round(first[f"{name}_per_second"] * first["interval_seconds"]) == mount.metric(f"epochfs_{name}_total")
        assert first["memory_cap_bytes"] == 64 << 20 and 0 < first["memory_used_bytes"] <= first["memory_peak_bytes"]
        assert first["hit_share"] is not None and first["decode_median_seconds"] > 0
        assert 0.2 <= second["interval_seconds"] < 5 and second["served_bytes_per_second"] == 0 and second["hit_share"] is None
        text = epochfs("top", mount.path, "--count", 1).stdout.decode()
        for word in ("served", "decoded", "source read", "hits", "memory", "errors", "median"):
            assert word in text
        assert "\x1b" not in text and "64.0 MiB" in text


def test_errors_are_shown(tmp_path, stored):
    import shutil

    copy = shutil.copytree(stored.data.path, tmp_path / "copy")
    os.remove(copy / stored.data.files[0].relative_to(stored.data.path))
    config = view(stored)
    config["sources"]["windows"] = {**stored.source(), "path": str(copy)}
    with Mount(tmp_path, config) as mount:
        try:
            (mount / "train/epoch-0/batch-0000.npy").read_bytes()
        except OSError:
            pass
        text = epochfs("top", mount.path, "--count", 1).stdout.decode()
        assert stored.data.files[0].name in text
        assert json.loads(epochfs("top", mount.path, "--count", 1, "--json").stdout)["errors_total"] >= 1


def test_on_a_terminal_it_draws_until_q(mount):
    with Terminal(80, 24, "top", mount.path, "--interval", 0.1) as terminal:
        terminal.read(lambda drawn: drawn.count("\x1b[H") >= 3)
        terminal.type("q")
        drawn = terminal.read()
        assert terminal.process.wait(20) == 0
    # The screen that was there before comes back.
    assert drawn.count("\x1b[?1049h") == 1 and drawn.rstrip().endswith("\x1b[?1049l") and "memory" in drawn


def test_other_folders_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "missing"):
        result = epochfs("top", path)
        assert result.returncode == 1 and b"there is no EpochFS mount" in result.stderr
    assert epochfs("top", tmp_path, "--interval", 0).returncode == 64
    assert epochfs("top", tmp_path, "--count", 0).returncode == 64


def test_a_closed_pipe_ends_it(mount):
    process = subprocess.Popen([EPOCHFS, "top", mount.path, "--interval", "0.1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    process.stdout.read(10)
    process.stdout.close()
    process.wait(20)
    assert b"Fatal error" not in process.stderr.read()
    process.stderr.close()
