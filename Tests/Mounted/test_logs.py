"""Logs: as text or as JSON, more or less of them; progress of what takes long."""

import errno
import json
import re
import signal
from pathlib import Path

import numpy
import pytest
from conftest import BATCH, FEATURES
from mounting import Mount, epochfs, wait_until, write_config
from shards import scalar, write_mds
from terminals import Terminal


def view(stored):
    return stored.config({"train": {"source": "windows", "batch_size": BATCH, "epochs": 20, "tensors": FEATURES}})


def test_json_lines(tmp_path, stored):
    with Mount(tmp_path, view(stored), "--log-format", "json", "--log-level", "trace") as mount:
        mount.load("train/epoch-0/batch-0000.npy")
        wait_until(lambda: '"train/epoch-0/batch-0000.npy"' in mount.log.read_text())
    lines = [json.loads(line) for line in mount.log.read_text().splitlines()]
    assert [line["message"] for line in lines if line["level"] == "info"] == ["mounted", "unmounted"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"]) for line in lines)
    decoded = [line for line in lines if line["message"] == "decoded"]
    assert decoded and {line["shard"] for line in decoded} <= {str(file) for file in stored.data.files}
    assert all(line["level"] == "debug" and line["bytes"] > 0 and line["microseconds"] >= 0 for line in decoded)
    assert any(line["level"] == "trace" and line["path"] == "train/epoch-0/batch-0000.npy" for line in lines if "path" in line)


def test_signals_change_the_level(tmp_path, stored):
    with Mount(tmp_path, view(stored)) as mount:
        def says(text):
            wait_until(lambda: text in mount.log.read_text())

        mount.load("train/epoch-0/batch-0000.npy")
        assert "decoded" not in mount.log.read_text()
        mount.process.send_signal(signal.SIGUSR1)
        says("the log level is now debug")
        mount.load("train/epoch-7/batch-0000.npy")
        says("debug decoded")
        for level in ("info", "notice", "warning", "error", "critical"):
            mount.process.send_signal(signal.SIGUSR2)
            says(f"the log level is now {level}")
        mount.process.send_signal(signal.SIGUSR2)
        mount.load("train/epoch-9/batch-0000.npy")
        assert mount.log.read_text().count("decoded") == len(re.findall("debug decoded", mount.log.read_text()))
    # Said at `info`, which is not logged any more.
    assert "unmounted" not in mount.log.read_text()


def test_wrong_words_are_wrong_usage(tmp_path, stored):
    config = write_config(tmp_path, view(stored))
    for arguments in (["--log-format", "xml"], ["--log-level", "loud"], ["--progress", "maybe"]):
        assert epochfs("mount", config, tmp_path, *arguments).returncode == 64


def test_check_is_quiet_without_a_terminal(tmp_path, stored):
    result = epochfs("check", "--deep", write_config(tmp_path, view(stored)))
    assert result.returncode == 0 and result.stderr == b""


def test_check_tells_programs(tmp_path, stored):
    result = epochfs("check", "--deep", "--progress", "json", write_config(tmp_path, view(stored)))
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert result.returncode == 0 and lines[-1]["finished"] and lines[-1]["done"] == lines[-1]["total"] == len(stored.data.counts)
    assert [line["done"] for line in lines] == sorted(line["done"] for line in lines) and lines[0]["progress"] == "Checking"


def test_check_draws_on_a_terminal(tmp_path, stored):
    with Terminal(80, 24, "check", "--deep", write_config(tmp_path, view(stored))) as terminal:
        drawn = terminal.read()
        assert terminal.process.wait(20) == 0
    assert "Checking [" in drawn and "\r" in drawn and f"{len(stored.data.counts)} shards in" in drawn


def test_sample_tells_programs(tmp_path):
    result = epochfs("sample", tmp_path / "s", "--shards", 1, "--samples-per-shard", 5, "--validation", 5, "--progress", "json", timeout=60)
    assert result.returncode == 0
    assert json.loads(result.stderr.splitlines()[-1]) == {**json.loads(result.stderr.splitlines()[-1]), "unit": "windows", "done": 25, "total": 25, "finished": True}
    assert epochfs("sample", tmp_path / "t", "--shards", 1, "--samples-per-shard", 5, timeout=60).stderr == b""


DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def families(mount):
    """The metrics of a mount, by name, with their types."""
    lines = (mount / ".epochfs/metrics").read_text().splitlines()
    return {line.split()[2]: line.split()[3] for line in lines if line.startswith("# TYPE ")}


def used(text, families):
    """The names of metrics in a text, histograms without what their lines end with."""
    names = set(re.findall(r"epochfs_[a-z_]+", text))
    return {re.sub("_(bucket|sum|count)$", "", name) if families.get(re.sub("_(bucket|sum|count)$", "", name)) == "histogram" else name for name in names}


def test_metrics_page_is_complete(families):
    table = dict(re.findall(r"^\| `(epochfs_[a-z_]+)` \| (\w+)", (DOCS / "METRICS.md").read_text(), re.MULTILINE))
    assert table == families


def test_every_metric_of_the_dashboard_exists(families):
    text = (DOCS / "grafana-dashboard.json").read_text()
    assert used((DOCS / "alerts.yaml").read_text(), families) <= set(families)
    dashboard = json.loads(text)
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    assert len(expressions) > 20 and all(used(expression, families) for expression in expressions)
    assert used(text, families) <= set(families)
    # Counters are shown as rates, gauges as they are.
    for expression in expressions:
        for name in used(expression, families):
            assert ("rate(" in expression or "increase(" in expression) == (families[name] != "gauge"), expression
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in dashboard["panels"]]
    assert len(set(places)) == len(places) and len({panel["id"] for panel in dashboard["panels"]}) == len(places)


def test_what_a_reader_could_not_have_is_logged_with_its_parts(tmp_path):
    shards = write_mds(tmp_path / "data", {"x": scalar(numpy.arange(40, dtype=numpy.int32))}, [20, 20])
    shards.files[1].unlink()
    config = {"sources": {"s": {"format": "mds", "path": str(shards.path)}}, "views": {"v": {"source": "s", "batch_size": 20}}}
    with Mount(tmp_path, config, "--log-format", "json") as mount:
        with pytest.raises(OSError):
            mount.load("v/batch-0001.npy")
        wait_until(lambda: '"path"' in mount.log.read_text())
    lines = [json.loads(line) for line in mount.log.read_text().splitlines()]
    (found,) = [line for line in lines if "path" in line]
    assert found["level"] == "error" and found["path"] == "v/batch-0001.npy" and found["source"] == "s" and found["errno"] == errno.EIO
    assert found["shard"] == str(shards.files[1]) and found["message"].startswith("v/batch-0001.npy: ")
