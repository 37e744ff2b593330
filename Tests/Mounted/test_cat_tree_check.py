"""The commands that need no mount agree with the mount."""

import json
import os
import re

import numpy
import pyarrow
import pyarrow.parquet
import pytest
from conftest import FEATURES
from mounting import epochfs, write_config
from shards import scalar, text, write_mds


@pytest.mark.parametrize(
    "name", ["train/epoch-1/batch-0002.npy", "train/epoch-999999/rank-2-of-3/batch-0005.npy", "plain/batch-0015.npy", "every/batch-0000.grid.npy", "train/schema.json"]
)
def test_cat_writes_the_same_bytes(mount, name):
    result = epochfs("cat", mount.config, name)
    assert result.returncode == 0, result.stderr
    assert result.stdout == (mount / name).read_bytes()


@pytest.mark.parametrize("name", ["nope", "train", "train/epoch-0/batch-9999.npy", "../x"])
def test_cat_refuses(mount, name):
    result = epochfs("cat", mount.config, name)
    assert result.returncode == 1 and result.stdout == b"" and name.encode() in result.stderr


def test_tree_shows_names_and_sizes(mount, tmp_path, stored):
    result = epochfs("tree", mount.config)
    text = result.stdout.decode()
    assert result.returncode == 0, result.stderr
    for name in ("train", "epoch-0", "epoch-2", "rank-1-of-2", "schema.json", "batch-0000.npy", "batch-0015.npy", "batch-0020.label.npy"):
        assert name in text
    assert "epoch-3" not in text


def test_tree_folds_long_folders(mount):
    text = epochfs("tree", mount.config).stdout.decode()
    # `whole` has 100 batches: the first, the last and how many.
    assert "batch-0099.npy" in text and "100" in text and "batch-0050.npy" not in text


def test_tree_depth(mount):
    text = epochfs("tree", mount.config, "--depth", 1).stdout.decode()
    assert "train" in text and "epoch-0" not in text


def test_tree_of_many_epochs_is_quick(tmp_path, stored):
    views = {"ones": {"source": "windows", "batch_size": 1, "epochs": 100_000, "ranks": 4096, "tensors": FEATURES}}
    result = epochfs("tree", write_config(tmp_path, stored.config(views)), "--depth", 2, timeout=10)
    assert result.returncode == 0 and b"epoch-99999/" in result.stdout


def test_tree_does_not_decode_much_for_sizes(tmp_path):
    """Shards that are not there, of more than is decoded for a listing."""
    data = write_mds(tmp_path / "d", {"id": scalar(numpy.arange(10)), "name": text(["x"] * 10)}, [10])
    index = json.loads((data.path / "index.json").read_text())
    (shard,) = index["shards"]
    index["shards"] = [{**shard, "raw_data": {**shard["raw_data"], "basename": f"{number}.mds", "bytes": 32 << 20}} for number in range(40)]
    (data.path / "index.json").write_text(json.dumps(index))
    shuffled = {"epochs": 3, "order": {"block": "2GiB"}}
    views = {
        "near": {"source": "s", "batch_size": 400, "files": ["jsonl"]},
        "mixed": {"source": "s", "batch_size": 20, "files": ["jsonl"], **shuffled},
        "stored": {"source": "s", "batch_size": 20, "files": ["jsonl"]},
    }
    result = epochfs("tree", write_config(tmp_path, {"memory": "6GiB", "sources": {"s": {"format": "mds", "path": str(data.path)}}, "views": views}))
    assert result.returncode == 0, result.stderr
    view, said = None, {}
    for line in result.stdout.decode().splitlines():
        view = line.split()[-1].rstrip("/") if re.match("^[├└]", line) else view
        if "jsonl" in line:
            said.setdefault(view, []).append(line.split("jsonl")[1].strip())
    assert said["near"] == ["(to know its size 1.3 GiB must be decoded)"] and set(said["mixed"]) == {"(to know its size 1.3 GiB must be decoded)"}, said
    # Of few shards it is tried.
    assert said["stored"] and all(text.startswith("(cannot be read: ") for text in said["stored"]), said


def test_check_says_what_will_be_mounted(mount):
    result = epochfs("check", mount.config)
    assert result.returncode == 0, result.stderr
    result = epochfs("check", "--deep", mount.config)
    assert result.returncode == 0, result.stderr


def test_check_counts_what_there_is(tmp_path):
    """One thing has no s, and the parts of a Parquet file are what they are called elsewhere."""
    one = write_mds(tmp_path / "one", {"x": scalar(numpy.arange(1, dtype=numpy.int32))}, [1]).path
    pyarrow.parquet.write_table(pyarrow.table({"x": pyarrow.array(range(100), pyarrow.int32())}), tmp_path / "rows.parquet", row_group_size=10)
    sources = {"one": {"format": "mds", "path": str(one)}, "rows": {"format": "parquet", "path": str(tmp_path / "rows.parquet")}}
    views = {"a": {"source": "one", "batch_size": 1}, "b": {"source": "rows", "batch_size": 30, "group_by": ["x"], "filter": "x == 7"}, "c": {"source": "one", "layout": "arrays"}}
    config = write_config(tmp_path, {"sources": sources, "views": views})
    result = epochfs("check", "--deep", "--progress", "bar", config)
    # But for the sizes.
    assert re.sub(r"^(source .*), [\d.]+ \w+$", r"\1", result.stdout.decode(), flags=re.MULTILINE).splitlines() == [
        "source one: mds, 1 sample in 1 shard",
        "source rows: parquet, 100 samples in 10 row groups of 1 file",
        "view a: 1 batch of 1 sample from one, order sequential",
        "view b: 1 batch of 30 samples from rows in 1 group, order sequential",
        "view c: 1 column of one as arrays",
        "all is sound, as far as checksums and form tell: 1 shard, 10 row groups",
    ]
    assert "Checking: 11 parts in" in result.stderr.decode()
    alone = write_config(tmp_path, {"sources": {"one": sources["one"]}, "views": {"a": views["a"]}})
    result = epochfs("check", "--deep", "--progress", "bar", alone)
    assert "Checking: 1 shard in" in result.stderr.decode() and "1 of 1 shard" in result.stderr.decode()
    os.remove(one / "shard.00000.mds")
    result = epochfs("check", "--deep", alone)
    assert result.returncode == 1 and b"1 of 1 shard cannot be served" in result.stderr


@pytest.mark.parametrize("words, said", [(["chek", "a"], 'there is no command chek; did you mean "check"? allowed: mount, '), (["--memory", "chek"], "--memory"), (["xyzzy"], "there is no command xyzzy; allowed: ")])
def test_a_mistyped_command_is_told(words, said):
    result = epochfs(*words)
    assert result.returncode == 64 and said in result.stderr.decode() and result.stdout == b""


def test_version_and_help():
    assert epochfs("--version").returncode == epochfs("help", "check").returncode == epochfs("--generate-completion-script", "bash").returncode == 0
    help_text = epochfs("--help").stdout.decode()
    for command in ("mount", "unmount", "check", "tree", "cat", "inspect", "top", "sample"):
        assert command in help_text


def test_cat_to_a_closed_pipe_is_quiet(mount):
    import subprocess

    from mounting import EPOCHFS

    process = subprocess.Popen([EPOCHFS, "cat", mount.config, "plain/batch-0000.npy"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.read(10)
    process.stdout.close()
    assert b"Fatal error" not in process.stderr.read()
    process.stderr.close()
    process.wait(20)
