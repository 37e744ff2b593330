"""Pages whose CRC-32 is not that of their bytes: EIO for what needs them, unless the configuration says `verify: never`."""

import errno

import numpy
import pytest
from mounting import Mount, epochfs, write_config

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

ROWS = 4000
BATCH = 100
BAD_ROW = 2050


def written(folder, version):
    """A file of small uncompressed pages with checksums, one byte of one value flipped; the path, and what a reader that does not look at checksums gets."""
    values = numpy.random.default_rng(7).random((ROWS, 16), numpy.float32)
    column = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(values.ravel()), 16)
    path = folder / "rows.parquet"
    parquet.write_table(
        pyarrow.table({"x": column}), path, compression="none", use_dictionary=False, data_page_size=8192, data_page_version=version, write_page_checksum=True
    )
    content = bytearray(path.read_bytes())
    place = content.find(values[BAD_ROW].tobytes())
    assert place > 0
    content[place] ^= 0x10
    path.write_bytes(content)
    values[BAD_ROW].view(numpy.uint8)[0] ^= 0x10
    return path, values


def config(path, **more):
    views = {"b": {"source": "s", "batch_size": BATCH}, "a": {"source": "s", "layout": "arrays"}}
    return {"memory": "64MiB", "sources": {"s": {"format": "parquet", "path": str(path)}}, "views": views, **more}


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_a_wrong_checksum_is_eio_and_stays_within_its_page(tmp_path, version):
    path, values = written(tmp_path, version)
    with Mount(tmp_path, config(path)) as mount:
        bad = []
        for number, name in enumerate(mount.batches("b")):
            try:
                assert (mount.load(f"b/{name}") == values[number * BATCH :][:BATCH]).all()
            except OSError as error:
                assert error.errno == errno.EIO
                bad.append(number)
        # A page of 8 KiB has rows of two or three batches.
        assert BAD_ROW // BATCH in bad and len(bad) <= 4, bad
        assert all("CRC-32" in error["message"] and error["shard"] == str(path) for error in mount.errors())
        with pytest.raises((OSError, ValueError)):
            mount.load("a/x.npy")
    checked = epochfs("check", "--deep", write_config(tmp_path, config(path)))
    assert checked.returncode == 1 and b"CRC-32" in checked.stderr and b"rows.parquet" in checked.stderr


def test_damage_stays_within_its_page_for_tensors_of_several_columns_and_selected_rows(tmp_path):
    path, values = written(tmp_path, "1.0")
    table = parquet.read_table(path)
    parquet.write_table(table.append_column("n", pyarrow.array(range(ROWS))), tmp_path / "two.parquet", compression="none", use_dictionary=False, data_page_size=8192, write_page_checksum=True)
    content = bytearray((tmp_path / "two.parquet").read_bytes())
    place = content.find(values[BAD_ROW].tobytes())
    content[place] ^= 1
    (tmp_path / "two.parquet").write_bytes(content)
    views = {
        "both": {"source": "s", "batch_size": BATCH, "tensors": {"x": {"column": "x"}, "n": {"column": "n"}}},
        "some": {"source": "s", "batch_size": 10, "filter": "n >= 1000 and n < 3000 and n not in (2048, 2049, 2050, 2051, 2052)", "tensors": {"x": {"column": "x"}}},
        "mixed": {"source": "s", "batch_size": 1, "epochs": 1, "order": {"algorithm": "window", "block": 256}, "tensors": {"n": {"column": "n"}, "x": {"column": "x"}}},
    }
    with Mount(tmp_path, {"memory": "64MiB", "sources": {"s": {"format": "parquet", "path": str(tmp_path / "two.parquet")}}, "views": views}) as mount:
        kept = [row for row in range(1000, 3000) if row not in range(2048, 2053)]
        lost = {"both": 0, "some": 0, "mixed": 0}
        for view, folder in [("both", "both"), ("some", "some"), ("mixed", "mixed/epoch-0")]:
            for name in (name for name in mount.batches(folder) if ".n." not in name):
                number = int(name.split("-")[1].split(".")[0])
                try:
                    found = mount.load(f"{folder}/{name}")
                except OSError as error:
                    assert error.errno == errno.EIO
                    lost[view] += 1
                    continue
                if view == "both":
                    assert (found == values[number * BATCH :][:BATCH]).all()
                elif view == "some":
                    assert (found == values[kept[number * 10 : number * 10 + 10]]).all()
                else:
                    assert (found == values[int(mount.load(f"{folder}/{name.replace('.x.', '.n.')}")[0])]).all()
    # The page has 128 rows.
    assert 2 <= lost["both"] <= 3 and 12 <= lost["some"] <= 14 and lost["mixed"] == 128, lost


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_never_means_as_pyarrow_reads_it(tmp_path, version):
    path, values = written(tmp_path, version)
    with Mount(tmp_path, config(path, verify="never")) as mount:
        assert (numpy.concatenate([mount.load(f"b/{name}") for name in mount.batches("b")]) == values).all()
        assert (mount.load("a/x.npy") == values).all()
        assert parquet.read_table(path)["x"].combine_chunks().flatten().to_numpy().reshape(-1, 16).tobytes() == values.tobytes()
