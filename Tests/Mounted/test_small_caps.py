"""Under every cap that a mount accepts every batch of a sound file can be read: what is made beside it leaves room for the pages that are read."""

import numpy
import pytest
from mounting import Mount

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

ROWS, WIDTH = 20_000, 300


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    path = tmp_path_factory.mktemp("caps") / "rows.parquet"
    values = numpy.random.default_rng(5).random((ROWS, WIDTH), numpy.float32)
    column = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(values.ravel()), WIDTH)
    table = pyarrow.table({"x": column, "id": pyarrow.array(numpy.arange(ROWS, dtype=numpy.int64))})
    parquet.write_table(table, path, compression="snappy", row_group_size=ROWS // 2)
    return path, values


@pytest.mark.parametrize("mebibytes", [24, 26, 30, 32, 36, 40, 64])
@pytest.mark.parametrize("serve", ["auto", "replies"])
def test_every_batch_is_served(tmp_path, stored, mebibytes, serve):
    path, values = stored
    views = {
        "stored": {"source": "s", "batch_size": 512, "tensors": {"x": {"column": "x"}, "id": {"column": "id"}}},
        "mixed": {"source": "s", "batch_size": 512, "epochs": 1, "tensors": {"x": {"column": "x"}, "id": {"column": "id"}}},
    }
    config = {"memory": f"{mebibytes}MiB", "serve": serve, "sources": {"s": {"format": "parquet", "path": str(path)}}, "views": views}
    with Mount(tmp_path, config) as mount:
        for folder in ("stored", "mixed/epoch-0"):
            for number in range(-(-ROWS // 512)):
                ids = mount.load(f"{folder}/batch-{number:04d}.id.npy")
                assert (mount.load(f"{folder}/batch-{number:04d}.x.npy") == values[ids]).all()
