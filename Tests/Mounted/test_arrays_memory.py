"""Columns larger than the cap."""

import os
import random
import threading

import numpy
import pytest
from mounting import Mount
from shards import raw, text, write_mds
from test_memory import SLACK, Watch

MiB = 1 << 20
CAP = 40 * MiB
SHARDS, ROWS_A_SHARD, FLOATS = 48, 64, 16384  # 4 MiB a shard, 192 MiB in all


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    base = numpy.random.default_rng(8).random((ROWS_A_SHARD, FLOATS), numpy.float32)
    rows = numpy.tile(base, (SHARDS, 1))
    rows[:, 0] = numpy.arange(len(rows))
    names = [f"{row} " * (row % 50) for row in range(len(rows))]
    data = write_mds(tmp_path_factory.mktemp("columns"), {"x": raw(rows), "name": text(names)}, [ROWS_A_SHARD] * SHARDS)
    yield data, rows, names
    for file in data.files:
        file.unlink()


def test_arrays_larger_than_the_cap(tmp_path, large):
    data, rows, names = large
    config = {
        "memory": "40MiB",
        "sources": {"s": {"format": "mds", "path": str(data.path), "columns": {"x": {"dtype": "float32", "shape": [FLOATS]}}}},
        "views": {"v": {"source": "s", "layout": "arrays"}, "b": {"source": "s", "batch_size": 16, "epochs": 1, "order": {"block": "8MiB"}}},
    }
    failures = []

    def at_random(seed):
        draw = random.Random(seed)
        fd = os.open(mount / "v/x.npy", os.O_RDONLY)
        for _ in range(30):
            row = draw.randrange(len(rows))
            if os.pread(fd, rows[row].nbytes, 128 + row * rows[row].nbytes) != rows[row].tobytes():
                failures.append(row)
        os.close(fd)

    def batches():
        for name in mount.batches("b/epoch-0")[:24]:
            if mount.load(f"b/epoch-0/{name}").shape != (16, FLOATS):
                failures.append(name)

    with Mount(tmp_path, config) as mount:
        with Watch(mount.process.pid) as watch:
            assert mount.load("v/x.npy", mmap_mode="r").shape == rows.shape
            with open(mount / "v/x.npy", "rb") as file:
                file.seek(128)
                for row in rows:
                    if file.read(row.nbytes) != row.tobytes():
                        failures.append("in order")
            # Read once in order, every piece is decoded about once.
            assert mount.metric("epochfs_piece_decodes_total") <= SHARDS * 1.5
            threads = [threading.Thread(target=at_random, args=(seed,)) for seed in range(3)] + [threading.Thread(target=batches)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert mount.load("v/name.values.npy").tobytes().decode() == "".join(names)
            assert mount.status()["memory"]["peak_bytes"] <= CAP
        assert not failures
        assert watch.peak <= CAP + SLACK
        assert mount.errors() == []
