"""The data set that most tests share, a mount of it for those that only read, and what cleans up after all."""

import sys
from pathlib import Path

import numpy
import pytest

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "Models")]

from mounting import EPOCHFS, Mount, epochfs, take_away  # noqa: E402
from shards import CHANNELS, fixed_array, raw, scalar, text, tracks, write_mds  # noqa: E402

ROWS, LENGTH = 1003, 24
# Unequal, one of them empty, so that no batch size divides them.
COUNTS = [100, 37, 150, 0, 113, 203, 1, 250, 149]


class Stored:
    """The shared data set: what was written, as NumPy has it."""

    def __init__(self, path):
        self.features = tracks(ROWS, LENGTH)
        self.label = numpy.arange(ROWS, dtype=numpy.int32) * 7 - 1000
        self.grid = numpy.random.default_rng(1).integers(-(2**15), 2**15, (ROWS, 2, 3)).astype(numpy.int16)
        self.name = [f"vessel {row}" + "é" * (row % 5) for row in range(ROWS)]
        columns = {"features": raw(self.features), "label": scalar(self.label), "grid": fixed_array(self.grid), "name": text(self.name)}
        self.data = write_mds(path, columns, COUNTS, folders=3, zstd=True, hashes=["xxh64"])
        self.row_of = {row.tobytes(): number for number, row in enumerate(self.features)}

    def rows_of(self, batch):
        """The stored row number of each row of a batch of whole features, by content."""
        return [self.row_of[row.tobytes()] for row in numpy.ascontiguousarray(batch)]

    def source(self):
        return {
            "format": "mds",
            "path": str(self.data.path),
            "columns": {"features": {"dtype": "float32", "shape": [LENGTH, 5], "channels": CHANNELS}},
        }

    def config(self, views, **top):
        return {"memory": "64MiB", "sources": {"windows": self.source()}, "views": views, **top}


FEATURES = {"features": {"column": "features"}}
BATCH = 64


@pytest.fixture(scope="session")
def stored(tmp_path_factory):
    return Stored(tmp_path_factory.mktemp("stored"))


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The folder that `epochfs sample` writes: what the pages and the examples speak of."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    result = epochfs("sample", folder, timeout=120)
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture(scope="session")
def sample_mount(tmp_path_factory, sample):
    with Mount(tmp_path_factory.mktemp("sample-mount"), sample / "epochfs.yaml") as mount:
        yield mount


@pytest.fixture(scope="session", params=["auto", "replies"])
def serve(request):
    """Both ways of serving: what the machine can do best, and by replies, which every machine can."""
    return request.param


@pytest.fixture(scope="session")
def mount(tmp_path_factory, stored, serve):
    """One mount for every test that only reads."""
    views = {
        "plain": {"source": "windows", "batch_size": BATCH, "tensors": FEATURES},
        "train": {
            "source": "windows",
            "batch_size": BATCH,
            "epochs": 3,
            "ranks": 2,
            "order": {"algorithm": "window", "seed": 42, "block": 300},
            "tensors": FEATURES,
        },
        "whole": {"source": "windows", "batch_size": 10, "epochs": 2, "drop_last": True, "tensors": FEATURES},
        "every": {"source": "windows", "batch_size": 50},
    }
    with Mount(tmp_path_factory.mktemp("mount"), stored.config(views, serve=serve)) as mount:
        yield mount


@pytest.fixture(autouse=True)
def nothing_left_behind(tmp_path):
    """A mount that a failed test left below its own folder does not outlive it."""
    yield
    mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    for point in mounts:
        if Path(point).is_relative_to(tmp_path):
            take_away(point)


def pytest_sessionstart(session):
    if not Path(EPOCHFS).exists():
        pytest.exit(f"{EPOCHFS} is not there: run `make build` first, or set EPOCHFS to the program", returncode=2)
