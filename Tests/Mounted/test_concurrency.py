"""Many readers at once, of several epochs, against a NumPy model of every byte."""

import io
import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy
import window_order
from conftest import COUNTS, FEATURES, ROWS
from mounting import Mount

BATCH, BLOCK, EPOCHS = 48, 200, 4


def test_random_reads_of_many_threads(tmp_path, stored, serve):
    """Under a cap that holds little more than a block, so that batches are evicted and made again under the readers."""
    begins = stored.data.starts()
    expected = {}
    for epoch in range(EPOCHS):
        rows = [begins[shard] + row for shard, row in window_order.window(COUNTS, 77, epoch, BLOCK)]
        for number in range(-(-ROWS // BATCH)):
            out = io.BytesIO()
            numpy.save(out, stored.features[rows[number * BATCH : (number + 1) * BATCH]])
            expected[f"train/epoch-{epoch}/batch-{number:04d}.npy"] = out.getvalue()
    names = list(expected)
    view = {"source": "windows", "batch_size": BATCH, "epochs": EPOCHS, "order": {"seed": 77, "block": BLOCK}, "tensors": FEATURES}

    def read(mount, seed):
        choose = random.Random(seed)
        for _ in range(60):
            name = choose.choice(names)
            whole = expected[name]
            handle = os.open(mount / name, os.O_RDONLY)
            try:
                for _ in range(choose.randrange(1, 6)):
                    offset, count = choose.randrange(len(whole) + 5), choose.choice([1, 100, 5000, 1 << 20])
                    assert os.pread(handle, count, offset) == whole[offset : offset + count], (seed, name, offset, count)
            finally:
                os.close(handle)

    with Mount(tmp_path, stored.config({"train": view}, memory="8MiB", threads=4, serve=serve)) as mount, ThreadPoolExecutor(12) as pool:
        for result in [pool.submit(read, mount, seed) for seed in range(12)]:
            result.result(timeout=60)
        assert mount.status()["memory"]["peak_bytes"] <= 8 << 20


def test_readers_of_one_batch_share_its_making(tmp_path, stored, serve):
    view = {"source": "windows", "batch_size": ROWS, "tensors": FEATURES}
    with Mount(tmp_path, stored.config({"all": view}, serve=serve)) as mount:
        before = mount.metric("epochfs_shard_decodes_total")
        together = threading.Barrier(8)

        def load(_):
            together.wait()
            return mount.load("all/batch-0000.npy")

        with ThreadPoolExecutor(8) as pool:
            for batch in pool.map(load, range(8)):
                assert numpy.array_equal(batch, stored.features)
        assert mount.metric("epochfs_shard_decodes_total") - before <= len(COUNTS)


def test_strides_as_data_loader_workers_read(mount, stored):
    """Worker k of 4 reads batches k, k + 4, ...; all of them at once."""
    names = mount.batches("train/epoch-1")

    def work(worker):
        return [(number, stored.rows_of(mount.load(f"train/epoch-1/{names[number]}"))) for number in range(worker, len(names), 4)]

    with ThreadPoolExecutor(4) as pool:
        got = dict(pair for pairs in pool.map(work, range(4)) for pair in pairs)
    assert sorted(row for number in got for row in got[number]) == list(range(ROWS))
    assert [got[number] for number in range(len(names))] == [stored.rows_of(mount.load(f"train/epoch-1/{name}")) for name in names]


def test_listing_answers_while_batches_are_made(mount):
    over = threading.Event()

    def keep_busy():
        epoch = 1000
        while not over.is_set():
            mount.load(f"train/epoch-{epoch}/batch-0000.npy")
            epoch += 1

    with ThreadPoolExecutor(6) as pool:
        busy = [pool.submit(keep_busy) for _ in range(5)]
        try:
            for _ in range(50):
                assert len(os.listdir(mount / "train/epoch-2")) > 10 and mount.status()["memory"]
        finally:
            over.set()
        for result in busy:
            result.result(timeout=60)
