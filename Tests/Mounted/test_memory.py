"""The memory cap: what the daemon holds while more than the cap is read, sorted, mapped and left open."""

import threading
import time

import numpy
import pytest
from mounting import Mount
from shards import raw, write_mds

MiB = 1 << 20
CAP = 48 * MiB
# What may be there beside the cap: the program itself, stacks, the kernel's view of it.
SLACK = 128 * MiB
SHARDS, ROWS_A_SHARD, FLOATS = 72, 64, 16384  # 4 MiB a shard, 288 MiB in all


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    base = numpy.random.default_rng(8).random(ROWS_A_SHARD * FLOATS, numpy.float32).reshape(ROWS_A_SHARD, FLOATS)
    rows = numpy.tile(base, (SHARDS, 1))
    rows[:, 0] = numpy.arange(len(rows))
    data = write_mds(tmp_path_factory.mktemp("large"), {"x": raw(rows)}, [ROWS_A_SHARD] * SHARDS)
    yield data
    for file in data.files:
        file.unlink()


@pytest.fixture
def config(data, serve):
    order = {"algorithm": "window", "block": "8MiB"}
    return {
        "memory": "48MiB",
        "serve": serve,
        "sources": {"s": {"format": "mds", "path": str(data.path), "columns": {"x": {"dtype": "float32", "shape": [FLOATS]}}}},
        "views": {"v": {"source": "s", "batch_size": 16, "epochs": 2, "order": order}},
    }


class Watch:
    """The largest sum of the daemon's private memory and the growth of the machine's shared memory."""

    def __init__(self, pid):
        self.pid, self.peak, self.over = pid, 0, threading.Event()
        self.shared_before = kibibytes("/proc/meminfo", "Shmem")
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def run(self):
        while not self.over.is_set():
            status = f"/proc/{self.pid}/status"
            private = kibibytes(status, "VmRSS") - kibibytes(status, "RssShmem")
            shared = kibibytes("/proc/meminfo", "Shmem") - self.shared_before
            self.peak = max(self.peak, (private + max(0, shared)) * 1024)
            time.sleep(0.005)


def kibibytes(path, name):
    with open(path) as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name + ":"))


def test_reading_in_order(tmp_path, config):
    with Mount(tmp_path, config) as mount, Watch(mount.process.pid) as watch:
        seen = [int(row) for name in mount.batches("v/epoch-0") for row in mount.load(f"v/epoch-0/{name}")[:, 0]]
        decodes = mount.metric("epochfs_shard_decodes_total")
        peak = mount.status()["memory"]["peak_bytes"]
    assert sorted(seen) == list(range(SHARDS * ROWS_A_SHARD))
    assert watch.peak < CAP + SLACK, watch.peak / MiB
    assert peak <= CAP
    # Once each where there is room to wait for what readers give back late (test_control_files.py); under this cap a few come twice.
    assert decodes < 1.5 * SHARDS


def test_reading_criss_cross_with_files_kept_open(tmp_path, config):
    choose = numpy.random.default_rng(4)
    with Mount(tmp_path, config) as mount, Watch(mount.process.pid) as watch:
        names = [f"v/epoch-{epoch}/{name}" for epoch in range(2) for name in mount.batches(f"v/epoch-{epoch}")]
        kept = []
        for name in choose.choice(names, 90):
            kept.append(mount.load(name, mmap_mode="r"))
            assert kept[-1].shape == (16, FLOATS) and float(kept[-1][3, 0]).is_integer()
            kept = kept[-6:]
        peak = mount.status()["memory"]["peak_bytes"]
        del kept
    assert watch.peak < CAP + SLACK, watch.peak / MiB
    assert peak <= CAP
