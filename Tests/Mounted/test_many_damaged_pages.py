"""Files with tens of thousands of damaged pages end in EIO soon, and hold nobody else up."""

import errno
import time

import numpy
import pytest
from mounting import Mount

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

PAGES, ROWS_A_PAGE = 20_000, 16


def damaged(folder, columns):
    """Every page of the last column is damaged: its checksum does not fit."""
    rows = PAGES * ROWS_A_PAGE
    values = numpy.arange(rows, dtype=numpy.int32)
    table = pyarrow.table({name: pyarrow.array(values + 10_000_000 * place) for place, name in enumerate(columns)})
    path = folder / "damaged.parquet"
    parquet.write_table(
        table, path, compression="none", use_dictionary=False, data_page_size=4 * ROWS_A_PAGE, write_batch_size=ROWS_A_PAGE, write_page_checksum=True, row_group_size=rows
    )
    content = bytearray(path.read_bytes())
    stored = numpy.frombuffer(content, numpy.uint8)
    first = 10_000_000 * (len(columns) - 1)
    begin = 0
    for page in range(PAGES):
        begin = content.index((first + page * ROWS_A_PAGE).to_bytes(4, "little") + (first + page * ROWS_A_PAGE + 1).to_bytes(4, "little"), begin)
        stored[begin + 4 * ROWS_A_PAGE - 1] ^= 0x40
        begin += 4 * ROWS_A_PAGE
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("columns", [["x"], ["a", "b"]])
def test_a_file_with_nothing_but_damaged_pages(tmp_path, columns):
    path = damaged(tmp_path, columns)
    sound = numpy.random.default_rng(1).random((1000, 16), numpy.float32)
    parquet.write_table(pyarrow.table({"x": pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(sound.ravel()), 16)}), tmp_path / "sound.parquet")
    sources = {"bad": {"format": "parquet", "path": str(path)}, "good": {"format": "parquet", "path": str(tmp_path / "sound.parquet")}}
    views = {"bad": {"source": "bad", "batch_size": ROWS_A_PAGE * 1000}, "good": {"source": "good", "batch_size": 100}}
    with Mount(tmp_path, {"memory": "64MiB", "threads": 1, "sources": sources, "views": views}) as mount:
        begin = time.monotonic()
        for number in (0, 7, 19):
            with pytest.raises(OSError) as error:
                mount.load(f"bad/batch-{number:04d}{'.b' if len(columns) > 1 else ''}.npy")
            assert error.value.errno == errno.EIO
        assert (mount.load("good/batch-0003.npy") == sound[300:400]).all()
        assert time.monotonic() - begin < 20
        assert len(mount.messages()) < 20_000
