"""Batches that are read here and there of a file of one row group cost the pages that their rows lie in."""

import numpy
import pytest
from mounting import Mount

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

ROWS, WIDTH, BATCH = 16384, 256, 32


@pytest.fixture
def stored(tmp_path):
    values = numpy.random.default_rng(3).random((ROWS, WIDTH), numpy.float32)
    column = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(values.ravel()), WIDTH)
    path = tmp_path / "rows.parquet"
    parquet.write_table(pyarrow.table({"x": column}), path, compression="zstd", use_dictionary=False, data_page_size=64 << 10, row_group_size=ROWS)
    return path, values


def mounted(folder, path):
    return Mount(folder, {"memory": "64MiB", "sources": {"s": {"format": "parquet", "path": str(path)}}, "views": {"b": {"source": "s", "batch_size": BATCH}}})


def test_a_jump_decodes_the_pages_of_one_batch(tmp_path, stored):
    path, values = stored
    numbers = [400, 100, 300, 20, 500, 230]
    with mounted(tmp_path, path) as mount:
        for number in numbers:
            assert (mount.load(f"b/batch-{number:04d}.npy") == values[number * BATCH :][:BATCH]).all()
        # 32 KiB of rows lie in two pages of about 64 KiB at most; a stripe has 8 MiB.
        assert mount.metric("epochfs_decoded_bytes_total") <= len(numbers) * 3 * (72 << 10)


def test_reading_on_after_a_jump_decodes_nothing_twice_but_the_first_pages(tmp_path, stored):
    path, values = stored
    first = 128
    with mounted(tmp_path, path) as mount:
        for number in range(first, ROWS // BATCH):
            assert (mount.load(f"b/batch-{number:04d}.npy") == values[number * BATCH :][:BATCH]).all()
        assert mount.metric("epochfs_decoded_bytes_total") <= values.nbytes + (512 << 10)


@pytest.mark.parametrize("order", ["backwards", "two readers, a half each"])
def test_reading_on_in_other_ways_decodes_little_twice(tmp_path, order):
    """Small rows: hundreds of batches in a page."""
    rows = 1 << 16
    values = numpy.random.default_rng(3).random((rows, 16), numpy.float32)
    column = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(values.ravel()), 16)
    parquet.write_table(pyarrow.table({"x": column}), tmp_path / "rows.parquet", compression="zstd", use_dictionary=False, row_group_size=rows)
    count = rows // 64
    numbers = range(count - 1, -1, -1) if order == "backwards" else [number for pair in zip(range(count // 2), range(count // 2, count)) for number in pair]
    views = {"b": {"source": "s", "batch_size": 64}}
    with Mount(tmp_path, {"memory": "256MiB", "sources": {"s": {"format": "parquet", "path": str(tmp_path / "rows.parquet")}}, "views": views}) as mount:
        for number in numbers:
            assert (mount.load(f"b/batch-{number:04d}.npy") == values[number * 64 :][:64]).all()
        assert mount.metric("epochfs_decoded_bytes_total") < 2 * values.nbytes
