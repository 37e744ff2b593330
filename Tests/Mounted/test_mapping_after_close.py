"""Readers in C that keep a mapping after closing its file, and readers that keep more files open than the cap has room for."""

import io
import subprocess
from contextlib import ExitStack
from pathlib import Path

import numpy
import pytest
from mounting import Mount
from shards import raw, write_mds
from test_memory import CAP, SLACK, MiB, Watch

SHARDS, ROWS_A_SHARD, FLOATS, BATCH = 48, 64, 16384, 16  # 4 MiB a shard, 1 MiB a batch, 192 MiB in all


@pytest.fixture(scope="module")
def rows():
    """Every row begins with its number; all are whole."""
    base = numpy.random.default_rng(5).integers(0, 2**20, (ROWS_A_SHARD, FLOATS)).astype(numpy.float32)
    rows = numpy.tile(base, (SHARDS, 1))
    rows[:, 0] = numpy.arange(len(rows))
    return rows


@pytest.fixture(scope="module")
def data(tmp_path_factory, rows):
    data = write_mds(tmp_path_factory.mktemp("mapped"), {"x": raw(rows)}, [ROWS_A_SHARD] * SHARDS)
    yield data
    for file in data.files:
        file.unlink()


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """The C program."""
    program = tmp_path_factory.mktemp("c") / "mapping_after_close"
    subprocess.run(["cc", "-O1", "-Wall", "-Werror", "-o", program, Path(__file__).with_suffix("").with_name("mapping_after_close.c")], check=True)
    return program


def config(data, serve):
    return {
        "memory": CAP,
        "serve": serve,
        "sources": {"s": {"format": "mds", "path": str(data.path), "columns": {"x": {"dtype": "float32", "shape": [FLOATS]}}}},
        "views": {
            "stored": {"source": "s", "batch_size": BATCH},
            "v": {"source": "s", "batch_size": BATCH, "epochs": 2, "order": {"algorithm": "window", "block": "8MiB"}},
        },
    }


def npy(rows):
    """The bytes of a batch file, from the rows that were written."""
    file = io.BytesIO()
    numpy.lib.format.write_array(file, numpy.ascontiguousarray(rows), version=(1, 0))
    return file.getvalue()


@pytest.mark.parametrize("kind", ["shared", "private"])
def test_a_mapping_keeps_its_bytes_after_close_and_eviction(tmp_path, data, rows, reader, serve, kind):
    number = 7
    mapped = f"stored/batch-{number:04d}.npy"
    with Mount(tmp_path, config(data, serve)) as mount, ExitStack() as stack:
        process = stack.enter_context(subprocess.Popen([reader, mount / mapped, kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        stack.callback(process.kill)
        assert process.stdout.readline() == b"ready\n"

        # Four times the cap passes by, so that the batch must go and its memory, if it could be had, would hold others.
        for name in mount.batches("v/epoch-0"):
            mount.load(f"v/epoch-0/{name}")
        if mount.metric("epochfs_passthrough"):
            # It did go: a new reader has it decoded again, as the kernel keeps no pages of its own.
            before = mount.metric("epochfs_shard_decodes_total")
            assert numpy.array_equal(mount.load(mapped), rows[number * BATCH : (number + 1) * BATCH])
            assert mount.metric("epochfs_shard_decodes_total") > before
        found, _ = process.communicate()

    assert process.returncode == 0
    assert found == npy(rows[number * BATCH : (number + 1) * BATCH])


def test_more_batches_held_open_than_the_cap_has_room_for(tmp_path, data, rows, serve):
    def rows_of(file):
        """The row numbers of a batch, after a look at all of its bytes."""
        batch = numpy.load(file)
        numbers = batch[:, 0].astype(int)
        assert numpy.array_equal(batch, rows[numbers])
        return numbers.tolist()

    with Mount(tmp_path, config(data, serve)) as mount, Watch(mount.process.pid) as watch, ExitStack() as held:
        first, second = ([f"v/{epoch}/{name}" for name in mount.batches(f"v/{epoch}")] for epoch in ("epoch-0", "epoch-1"))
        files = [held.enter_context(open(mount / name, "rb")) for name in first[: 3 * CAP // MiB]]
        seen = [rows_of(file) for file in files]
        # Further ones open and can be read, and what is held is what it was.
        for file, numbers, name in zip(files[:40], seen, second):
            file.seek(0)
            assert rows_of(file) == numbers
            assert len(rows_of(mount / name)) == BATCH
        assert mount.status()["memory"]["peak_bytes"] <= CAP
    assert len({number for numbers in seen for number in numbers}) == len(seen) * BATCH
    assert watch.peak < CAP + SLACK, watch.peak / MiB
