"""The configurations of mount-configs/, as they are, over data of the kind that they are for."""

from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet
import pytest
from mounting import Mount, epochfs

CONFIGS = Path(__file__).parents[2] / "mount-configs"
RANDOM = numpy.random.default_rng(17)
READINGS = ["bg_mM", "cob", "carb_availability", "iob", "insulin_availability"]


def batches(folder, tensor=None):
    """All batches of a folder, one after another."""
    ending = f".{tensor}.npy" if tensor else ".npy"
    return numpy.concatenate([numpy.load(path) for path in sorted(folder.glob(f"batch-*{ending}"))])


def text(folder, name):
    """A text column of an arrays layout."""
    places, values = numpy.load(folder / f"{name}.offsets.npy"), numpy.load(folder / f"{name}.values.npy").tobytes()
    return [values[a:b].decode() for a, b in zip(places, places[1:])]


@pytest.fixture
def gluroo(tmp_path):
    """Partitions of some patients, one of whom has rows in no order of names."""
    tables = {}
    for number, partition in enumerate(("000", "001", "017")):
        for file in range(2):
            count = 900
            columns = {name: pyarrow.array(RANDOM.normal(6, 2, count), mask=RANDOM.random(count) < 0.05) for name in READINGS}
            start = numpy.datetime64("2024-01-01", "us") + numpy.arange(count) * numpy.timedelta64(5, "m")
            patients = [f"gluroo_{number * 10 + file * 5 + row // 300}" for row in range(count)]
            table = pyarrow.table({"datetime": start, "p_num": patients, **columns})
            path = tmp_path / "data" / "processed" / "parquet" / f"partition={partition}" / f"batch_{file:04d}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            pyarrow.parquet.write_table(table, path, compression="snappy", row_group_size=500)
            tables.setdefault(partition, []).append(table)
    return tmp_path / "data", {partition: pyarrow.concat_tables(parts) for partition, parts in tables.items()}


def stacked(table):
    return numpy.stack([table[name].combine_chunks().to_numpy(zero_copy_only=False) for name in READINGS], -1).astype("f4")


def test_gluroo(tmp_path, gluroo, monkeypatch):
    folder, tables = gluroo
    monkeypatch.setenv("GLUROO_DATA", str(folder))
    result = epochfs("check", "--deep", CONFIGS / "gluroo.yaml")
    assert result.returncode == 0, result.stderr
    with Mount(tmp_path, CONFIGS / "gluroo.yaml") as mount:
        assert sorted(path.name for path in mount.path.glob("partition=*")) == ["partition=000", "partition=001", "partition=017"]
        for partition, table in tables.items():
            assert numpy.array_equal(batches(mount / f"partition={partition}"), stacked(table), equal_nan=True)
            columns = mount / "columns" / f"partition={partition}"
            assert numpy.array_equal(numpy.load(columns / "bg_mM.npy", mmap_mode="r"), table["bg_mM"].to_numpy(), equal_nan=True)
            assert (numpy.load(columns / "bg_mM.null.npy") == table["bg_mM"].is_null().to_numpy()).all()
            assert (numpy.load(columns / "datetime.npy") == table["datetime"].to_numpy()).all()
            assert text(columns, "p_num") == table["p_num"].to_pylist() and set(text(columns, "partition")) == {partition}
        every = numpy.concatenate([stacked(table) for table in tables.values()])
        epoch = batches(mount / "train" / "epoch-0")[: len(every)]
        assert not numpy.array_equal(epoch, every, equal_nan=True)
        assert sorted(map(bytes, epoch)) == sorted(map(bytes, every))
        everyone = pyarrow.concat_tables(tables.values())
        wanted = everyone.filter(pyarrow.compute.equal(everyone["p_num"], "gluroo_10"))
        assert len(wanted) == 300
        assert numpy.array_equal(numpy.load(mount / "patient" / "iob.npy"), wanted["iob"].to_numpy(), equal_nan=True)
        assert set(text(mount / "patient", "p_num")) == {"gluroo_10"}


def test_another_patient_by_set(tmp_path, gluroo, monkeypatch):
    folder, tables = gluroo
    monkeypatch.setenv("GLUROO_DATA", str(folder))
    with Mount(tmp_path, CONFIGS / "gluroo.yaml", "--set", "views.patient.filter=p_num == 'gluroo_0'") as mount:
        assert numpy.array_equal(numpy.load(mount / "patient" / "cob.npy"), tables["000"]["cob"].to_numpy()[:300], equal_nan=True)


def test_symbols(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    tables = {}
    for number, contract in enumerate(("M6AM4", "M6AU4")):
        count = 1500 + 300 * number
        prices = {f"{side}_px_{level:02d}": RANDOM.normal(0.65, 0.001, count) for side in ("bid", "ask") for level in range(10)}
        sizes = {f"{side}_sz_{level:02d}": RANDOM.integers(0, 500, count, dtype=numpy.uint32) for side in ("bid", "ask") for level in range(10)}
        stamps = numpy.datetime64("2024-04-01", "ns") + numpy.cumsum(RANDOM.integers(1, 10**9, count)).astype("m8[ns]")
        labels = pyarrow.array(RANDOM.integers(0, 21, count), pyarrow.int32())
        tables[contract] = pyarrow.table({"ts_event": stamps, **prices, **sizes, "symbol": [contract] * count, "classification_label": labels})
        pyarrow.parquet.write_table(tables[contract], folder / f"AUDUSD_{contract}_dataset.parquet", compression="snappy", row_group_size=700)
    monkeypatch.setenv("SYMBOLS_DATA", str(folder))
    result = epochfs("check", "--deep", CONFIGS / "symbols.yaml")
    assert result.returncode == 0, result.stderr
    with Mount(tmp_path, CONFIGS / "symbols.yaml") as mount:
        assert sorted(path.name for path in (mount / "symbols").iterdir() if path.is_dir()) == ["M6AM4", "M6AU4"]
        for contract, table in tables.items():
            columns = mount / "symbols" / contract
            for name in ("ts_event", "bid_px_00", "ask_px_09", "bid_sz_03", "classification_label"):
                found, wanted = numpy.load(columns / f"{name}.npy", mmap_mode="r"), table[name].to_numpy()
                assert found.dtype == wanted.dtype and (found == wanted).all(), name
            epoch = mount / "train" / contract / "epoch-3"
            prices, sizes, labels = (batches(epoch, tensor)[: len(table)] for tensor in ("prices", "sizes", "label"))
            # Rows are known by their first price.
            order = numpy.argsort(prices[:, 0])
            stored = numpy.argsort(table["bid_px_00"].to_numpy())
            names = [f"{side}_px_{level:02d}" for side in ("bid", "ask") for level in range(10)]
            assert (prices[order] == numpy.stack([table[name].to_numpy() for name in names], -1)[stored]).all()
            assert sizes.dtype == numpy.float32 and (sizes[order, 13] == table["ask_sz_03"].to_numpy()[stored]).all()
            assert labels.dtype == numpy.int32 and (labels[order] == table["classification_label"].to_numpy()[stored]).all()


def test_ais(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    assert epochfs("sample", folder, "--shards", 1, "--samples-per-shard", 20, "--validation", 70, timeout=60).returncode == 0
    monkeypatch.setenv("AIS_DATA", str(folder))
    result = epochfs("check", "--deep", CONFIGS / "ais.yaml")
    assert result.returncode == 0, result.stderr
    with Mount(tmp_path, CONFIGS / "ais.yaml") as mount:
        stored = pyarrow.parquet.read_table(folder / "materialized" / "validation.parquet")["features"].combine_chunks().flatten().to_numpy()
        assert (batches(mount / "val") == stored.reshape(70, 928, 5)).all()
        assert batches(mount / "train" / "epoch-0", "input").shape == (80, 128, 6)
