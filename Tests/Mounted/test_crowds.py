"""Many readers at once under caps just above the least: each gets the right bytes, and nobody waits for ever or is refused memory that no reader holds."""

import multiprocessing
import os
import random
import re
import time

import numpy
import pytest
from mounting import Mount, epochfs, write_config
from shards import fixed_array, scalar, text, write_mds

READERS = 8
SAMPLES = 6000


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    path = tmp_path_factory.mktemp("crowds") / "mds"
    rows = random.Random(1)
    columns = {
        "id": scalar(numpy.arange(SAMPLES)),
        "x": fixed_array(numpy.random.default_rng(1).random((SAMPLES, 64)).astype("f4")),
        "t": text(["x" * rows.randint(0, 1500) for _ in range(SAMPLES)]),
    }
    write_mds(path, columns, [125] * (SAMPLES // 125), zstd=True)
    return path


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Lists and texts, in pages that take more than what a worker keeps for itself."""
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path = tmp_path_factory.mktemp("crowds") / "rows.parquet"
    chosen = random.Random(3)
    table = pyarrow.table(
        {
            "id": pyarrow.array(numpy.arange(SAMPLES)),
            "l": pyarrow.array([[chosen.random() for _ in range(chosen.randrange(60))] for _ in range(SAMPLES)]),
            "t": pyarrow.array(["x" * chosen.randrange(300) for _ in range(SAMPLES)]),
        }
    )
    parquet.write_table(table, path, row_group_size=1500, compression="zstd")
    return path


def least(folder, config):
    """The smallest cap that a mount accepts."""
    (folder / "refused").mkdir()
    said = epochfs("mount", write_config(folder, {**config, "memory": "1KiB"}), folder / "refused").stderr.decode()
    return int(re.search(r"\((\d+) bytes\) is needed", said)[1])


def bytes_of(path):
    with open(path, "rb") as file:
        found = file.read()
        # So that the next reader asks the daemon again.
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return found


def read(reader, paths, expected, seconds, results):
    chosen, count, problems, slowest = random.Random(reader), 0, [], 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        path = chosen.choice(paths)
        begin = time.monotonic()
        try:
            if bytes_of(path) != expected[path]:
                problems.append(f"{path}: wrong bytes")
        except OSError as error:
            problems.append(f"{path}: {error.strerror} after {time.monotonic() - begin:.1f} s")
        slowest = max(slowest, time.monotonic() - begin)
        count += 1
    results.put((count, problems, slowest))


def crowd(mount, expected, seconds):
    """What readers of any of the files found together."""
    results = multiprocessing.Queue()
    paths = list(expected)
    readers = [multiprocessing.Process(target=read, args=(number, paths, expected, seconds, results), daemon=True) for number in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        found = [results.get(timeout=seconds + 40) for _ in readers]
    finally:
        for reader in readers:
            reader.kill()
    return sum(one[0] for one in found), [problem for one in found for problem in one[1]], max(one[2] for one in found)


@pytest.mark.parametrize("serve", ["passthrough", "replies"])
@pytest.mark.parametrize(
    ("kind", "threads", "factor"), [("orders", 1, 1), ("orders", 4, 1), ("values", 1, 1), ("values", 4, 1), ("pages", 2, 5), ("pages", 8, 5)]
)
def test_each_of_many_readers_is_served(tmp_path, data, rows, kind, threads, factor, serve):
    if serve == "passthrough" and os.geteuid() != 0:
        pytest.skip("only root's batches are handed to the kernel")
    source = {"format": "mds", "path": str(data)}
    tensors = {"id": {"column": "id"}, "x": {"column": "x"}}
    if kind == "orders":
        # The tables of an epoch's order and another view's batches took each other's memory.
        views = {
            "py": {"source": "s", "batch_size": 64, "epochs": 1, "order": {"algorithm": "py1s", "block": 2000}, "tensors": tensors},
            "small": {"source": "s", "batch_size": 64, "epochs": 2, "order": {"block": 2500}, "tensors": tensors},
            "large": {"source": "s", "batch_size": 512, "epochs": 2, "order": {"block": 2500}, "tensors": tensors},
        }
    elif kind == "pages":
        # What idle workers kept for the pages to come was missing for those that were read.
        source = {"format": "parquet", "path": str(rows)}
        views = {
            "lists": {"source": "s", "batch_size": 40, "epochs": 2, "order": {"block": 900}, "files": ["npy", "jsonl"], "tensors": {"l": {"column": "l"}}},
            "lines": {"source": "s", "batch_size": 70, "epochs": 1, "order": {"block": 2000}, "files": ["jsonl"]},
            "fixed": {"source": "s", "batch_size": 64, "epochs": 2, "order": {"block": 2500}, "tensors": {"id": {"column": "id"}}},
        }
    else:
        # What rows of differing length take is known when they are there.
        values = {"id": {"column": "id"}, "t": {"column": "t"}}
        views = {"v": {"source": "s", "batch_size": 25, "epochs": 2, "order": {"block": 400}, "files": ["npy", "jsonl"], "tensors": values}}
    config = {"threads": threads, "serve": serve, "sources": {"s": source}, "views": views}
    with Mount(tmp_path, {**config, "memory": "64MiB"}) as mount:
        names = [f"{view}/epoch-{epoch}/{name}" for view in views for epoch in range(views[view]["epochs"]) for name in mount.batches(f"{view}/epoch-{epoch}")]
        names = random.Random(2).sample(names, 60)
        expected = {mount / name: bytes_of(mount / name) for name in names}
    with Mount(tmp_path, {**config, "memory": str(factor * least(tmp_path, config))}) as mount:
        count, problems, slowest = crowd(mount, expected, 6)
        assert problems == []
        assert count >= 2 * READERS, count
        # Each has its turn: as long as all others take together, and no more.
        assert slowest < 20, slowest
