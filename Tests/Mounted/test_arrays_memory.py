"""Columns larger than the cap."""

import mmap
import os
import random
import threading

import numpy
import pytest
from mounting import Mount
from shards import fixed_array, raw, text, write_mds
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


@pytest.mark.parametrize("serve", ["replies", "auto"])
def test_answers_wait_for_memory(tmp_path, serve):
    """More readers than answers fit beside the batches: nobody keeps anything, so all are answered."""
    count, width, readers = 1500, 6865, 12
    rows = numpy.random.default_rng(1).integers(0, 256, (count, width), numpy.uint8)
    data = write_mds(tmp_path / "data", {"x": fixed_array(rows)}, [100] * (count // 100))
    config = {
        "memory": "12MiB", "serve": serve, "sources": {"s": {"format": "mds", "path": str(data.path)}},
        "views": {"arr": {"source": "s", "layout": "arrays"}, "seq": {"source": "s", "batch_size": 97}},
    }  # fmt: skip
    stored, failures = rows.tobytes(), []

    def read(seed):
        draw, buffer = random.Random(seed), mmap.mmap(-1, MiB)
        # Past the page cache, whose read-ahead would try again by pages and hide the failure.
        fd = os.open(mount / "arr/x.npy", os.O_RDONLY | os.O_DIRECT)
        try:
            for _ in range(100):
                if draw.random() < 0.5:
                    mount.load(f"seq/batch-{draw.randrange(count // 97):04d}.npy")
                    continue
                begin = draw.randrange(1, (len(stored) - MiB) // 4096) * 4096
                if os.preadv(fd, [buffer], begin) != MiB or buffer[:] != stored[begin - 128 : begin - 128 + MiB]:
                    failures.append(begin)
        except OSError as error:
            failures.append(error)
        finally:
            os.close(fd)

    with Mount(tmp_path, config) as mount:
        threads = [threading.Thread(target=read, args=(seed,)) for seed in range(readers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures and not mount.errors()
