"""Readers that get signals while their batch is being made."""

import os
import signal
import subprocess
import sys
import time

import numpy
import pytest
from mounting import Mount
from shards import raw, write_mds

SHARDS, ROWS_A_SHARD, FLOATS = 80, 4, 1 << 18
# Slow ones, so that a batch of few bytes takes seconds.
HASHES = ["blake2b", "sha3_384", "sha3_512", "sha512"]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """One shard of 4 MiB under many names."""
    rows = numpy.random.default_rng(3).random((ROWS_A_SHARD, FLOATS), numpy.float32)
    folder = tmp_path_factory.mktemp("slow")
    data = write_mds(folder, {"x": raw(rows)}, [ROWS_A_SHARD], hashes=HASHES)
    for number in range(1, SHARDS):
        sub = folder / f"part_{number:03d}"
        sub.mkdir()
        for name in ("index.json", data.files[0].name):
            os.link(folder / name, sub / name)
    main = folder / "part_000"
    main.mkdir()
    for name in ("index.json", data.files[0].name):
        os.rename(folder / name, main / name)
    yield folder, rows
    for file in folder.rglob("*.mds"):
        file.unlink()


def slow_mount(folder, data, serve):
    source = {"format": "mds", "path": str(data), "verify": "always", "columns": {"x": {"dtype": "float32", "shape": [FLOATS]}}}
    view = {"source": "s", "batch_size": SHARDS * ROWS_A_SHARD, "tensors": {"few": {"column": "x", "slice": ":2"}}}
    return Mount(folder, {"memory": "64MiB", "threads": 1, "serve": serve, "sources": {"s": source}, "views": {"v": view}})


def reader(mount, handler="pass"):
    program = f"""
import signal, sys
import numpy
{handler}
print("begins", flush=True)
try:
    print(numpy.load(sys.argv[1]).shape[0])
except BaseException as error:
    print(type(error).__name__)
"""
    process = subprocess.Popen([sys.executable, "-c", program, mount / "v/batch-0000.npy"], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    time.sleep(0.3)
    assert process.poll() is None
    return process


def is_made(mount):
    return mount.metric("epochfs_shard_decodes_total") >= SHARDS


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_reader_ends_at_once(tmp_path, data, serve, number):
    folder, rows = data
    with slow_mount(tmp_path, folder, serve) as mount:
        before = mount.status()["memory"]["used_bytes"]
        for _ in range(2):
            process = reader(mount)
            begin = time.monotonic()
            process.send_signal(number)
            assert process.wait(20) == -number
            assert time.monotonic() - begin < 1
        assert not is_made(mount), "the batch was made too quickly for this test to mean anything"
        # Whoever comes next gets it, and nothing is left charged but this batch.
        assert numpy.array_equal(mount.load("v/batch-0000.npy"), numpy.tile(rows[:, :2], (SHARDS, 1)))
        assert mount.status()["memory"]["used_bytes"] - before < 64 << 10
        assert mount.metric("epochfs_shard_decodes_total") == SHARDS
        assert mount.errors() == []


def test_handled_signals_do_not_disturb_numpy(tmp_path, data, serve):
    folder, _ = data
    with slow_mount(tmp_path, folder, serve) as mount:
        process = reader(mount, "for number in (signal.SIGUSR1, signal.SIGALRM): signal.signal(number, lambda *_: None)")
        while process.poll() is None and not is_made(mount):
            process.send_signal(signal.SIGUSR1)
            process.send_signal(signal.SIGALRM)
            time.sleep(0.02)
        assert process.communicate(timeout=20)[0] == f"{SHARDS * ROWS_A_SHARD}\n"


def test_ctrl_c_raises_while_a_batch_is_made(tmp_path, data):
    """Where the open waits for the batch. By replies it is the read that waits: there the handler runs when the bytes have come."""
    folder, _ = data
    with slow_mount(tmp_path, folder, "auto") as mount:
        if not mount.status()["passthrough"]:
            pytest.skip("no passthrough here")
        # What a shell starts in the background ignores the signal, and so would Python.
        process = reader(mount, "signal.signal(signal.SIGINT, signal.default_int_handler)")
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20)[0] == "KeyboardInterrupt\n"
        assert time.monotonic() - begin < 1.5 and not is_made(mount)
