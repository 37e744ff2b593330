"""`files: [npz]` and `files: [jsonl]`, ragged and text columns in batches: against the stored values, and Python's own zipfile and json."""

import base64
import io
import json
import math
import os
import re
import shutil
import zipfile
from pathlib import Path

import numpy
import pytest

from mounting import Mount, epochfs, write_config
from shards import Column, fixed_array, raw, scalar, text, write_mds

STREAMING = Path(__file__).parents[1] / "Fixtures/mds/streaming"
ROWS = 211
COUNTS = [40, 7, 0, 100, 64]
SPECIAL = [0.1, -0.0, 1e300, 5e-324, math.inf, -math.inf, math.nan, 2.5]


class Data:
    def __init__(self, path):
        random = numpy.random.default_rng(5)
        self.grid = random.integers(-99, 99, (ROWS, 2, 3)).astype(numpy.int16)
        self.x = numpy.array([SPECIAL[row % 8] for row in range(ROWS)], numpy.float64)
        self.f = random.normal(size=ROWS).astype(numpy.float32)
        self.half = random.normal(size=ROWS).astype(numpy.float16)
        self.id = numpy.arange(ROWS, dtype=numpy.int32)
        self.name = [f"row {row} é😀\"\\\n\t\x01"[: row % 17 + 1] for row in range(ROWS)]
        self.blob = [random.integers(0, 256, row % 9, dtype=numpy.uint8).tobytes() for row in range(ROWS)]
        columns = {
            "grid": fixed_array(self.grid), "x": scalar(self.x), "f": scalar(self.f), "half": scalar(self.half), "id": scalar(self.id), "name": text(self.name),
            "blob": Column("bytes", self.blob),
        }
        self.data = write_mds(path, columns, COUNTS, zstd=True, hashes=["xxh64"])

    def config(self, views, **top):
        return {"memory": "64MiB", "sources": {"s": {"format": "mds", "path": str(self.data.path)}}, "views": views, **top}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return Data(tmp_path_factory.mktemp("data") / "d")


SHUFFLED = {"epochs": 2, "order": {"algorithm": "window", "seed": 3, "block": 50}}
TENSORS = {"grid": {"column": "grid"}, "id": {"column": "id"}, "half": {"column": "grid", "slice": "0", "dtype": "float32"}}


@pytest.fixture(scope="module")
def files(tmp_path_factory, data, serve):
    views = {
        "npz": {"source": "s", "batch_size": 16, "files": ["npz"], "tensors": TENSORS, **SHUFFLED},
        "one": {"source": "s", "batch_size": 16, "files": ["npz"], "tensors": {"id": {"column": "id"}}},
        "jsonl": {"source": "s", "batch_size": 16, "files": ["jsonl"], **SHUFFLED},
        "all": {"source": "s", "batch_size": 32, "files": ["npy", "npz", "jsonl"], "tensors": {"id": {"column": "id"}}, **SHUFFLED},
        "ragged": {"source": "s", "batch_size": 16, "tensors": {"id": {"column": "id"}, "words": {"column": "name"}, "blob": {"column": "blob"}}, **SHUFFLED},
    }
    with Mount(tmp_path_factory.mktemp("mount"), data.config(views, serve=serve)) as mount:
        yield mount


def batches(folder, suffix):
    return sorted(name for name in os.listdir(folder) if name.startswith("batch-") and name.endswith(suffix))


def exact(path):
    """The bytes of a file whose size was asked for before it was read."""
    size = os.stat(path).st_size
    content = Path(path).read_bytes()
    assert len(content) == size
    return content


@pytest.mark.parametrize("view, epoch", [("npz", "epoch-0"), ("npz", "epoch-1"), ("one", "")])
def test_npz_is_what_numpy_and_zipfile_read(files, data, view, epoch):
    folder = files.path / view / epoch
    seen = []
    names = batches(folder, ".npz")
    assert len(names) == -(-ROWS // 16) and [n for n in os.listdir(folder) if n.startswith("batch")] == names
    for name in names:
        content = exact(folder / name)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())
        with numpy.load(folder / name) as archive:
            rows = archive["id"]
            seen += rows.tolist()
            assert sorted(archive.files) == (["id"] if view == "one" else sorted(TENSORS))
            if view == "npz":
                assert archive["grid"].dtype == numpy.int16 and numpy.array_equal(archive["grid"], data.grid[rows])
                assert archive["half"].dtype == numpy.float32 and numpy.array_equal(archive["half"], data.grid[rows][:, 0].astype(numpy.float32))
    assert sorted(seen) == list(range(ROWS)) and (seen == list(range(ROWS))) == (view == "one")


def same(found, wanted):
    return found == wanted or (isinstance(found, float) and math.isnan(found) and math.isnan(wanted))


@pytest.mark.parametrize("view, epoch", [("jsonl", "epoch-0"), ("jsonl", "epoch-1"), ("all", "epoch-1")])
def test_jsonl_has_every_column(files, data, view, epoch):
    folder = files.path / view / epoch
    seen = []
    for name in batches(folder, ".jsonl"):
        for line in exact(folder / name).decode().splitlines():
            row = json.loads(line)
            i = row["id"]
            seen.append(i)
            assert list(row) == ["blob", "f", "grid", "half", "id", "name", "x"]
            assert base64.b64decode(row["blob"], validate=True) == data.blob[i] and row["name"] == data.name[i] and row["grid"] == data.grid[i].tolist()
            assert numpy.float32(row["f"]) == data.f[i] and numpy.float16(row["half"]) == data.half[i] and same(row["x"], float(data.x[i]))
    assert sorted(seen) == list(range(ROWS)) and seen != sorted(seen)


def test_kinds_show_the_same_rows(files, data):
    folder = files.path / "all/epoch-0"
    assert len(batches(folder, ".npy")) == len(batches(folder, ".npz")) == len(batches(folder, ".jsonl")) == -(-ROWS // 32)
    for number in range(-(-ROWS // 32)):
        stem = folder / f"batch-{number:04d}"
        rows = numpy.load(f"{stem}.npy").tolist()
        with numpy.load(f"{stem}.npz") as archive:
            assert archive["id"].tolist() == rows
        assert [json.loads(line)["id"] for line in open(f"{stem}.jsonl", encoding="utf-8")] == rows


def test_ragged_tensors(files, data):
    folder = files.path / "ragged/epoch-1"
    assert len(batches(folder, ".npy")) == 5 * -(-ROWS // 16)
    for number in range(-(-ROWS // 16)):
        stem = folder / f"batch-{number:04d}"
        exact(f"{stem}.words.values.npy")
        rows = numpy.load(f"{stem}.id.npy")
        for tensor, wanted in [("words", [data.name[i].encode() for i in rows]), ("blob", [data.blob[i] for i in rows])]:
            offsets, values = numpy.load(f"{stem}.{tensor}.offsets.npy"), numpy.load(f"{stem}.{tensor}.values.npy", mmap_mode="r")
            assert offsets.dtype == numpy.int64 and offsets.shape == (len(rows) + 1,) and values.dtype == numpy.uint8 and offsets[-1] == len(values)
            assert [values[a:z].tobytes() for a, z in zip(offsets, offsets[1:])] == wanted


def test_ranks_and_listing(files):
    folder = files.path / "jsonl/epoch-0"
    whole = [exact(folder / name) for name in batches(folder, ".jsonl")]
    assert exact(folder / "rank-1-of-2/batch-0003.jsonl") == whole[7]
    assert not (folder / "batch-0000.npy").exists() and not (folder / "batch-0000.npz").exists()


def test_schema(files):
    schema = json.loads((files.path / "all/schema.json").read_text())
    assert schema["files"] == ["npy", "npz", "jsonl"] and list(schema["tensors"]) == ["id"]
    ragged = json.loads((files.path / "ragged/schema.json").read_text())["tensors"]
    assert ragged["words"] == {"dtype": "|u1", "shape": None, "channels": None} and ragged["id"]["shape"] == []


def test_the_same_without_mounting(files, data, tmp_path):
    for path in ["npz/epoch-0/batch-0002.npz", "jsonl/epoch-1/batch-0001.jsonl", "ragged/epoch-0/batch-0000.words.values.npy"]:
        done = epochfs("cat", files.config, path)
        assert done.returncode == 0 and done.stdout == (files.path / path).read_bytes()
    assert epochfs("check", "--deep", files.config).returncode == 0
    tree = epochfs("tree", files.config).stdout.decode()
    assert "batch-0013.blob.values.npy" in tree and "batch-0000.jsonl" in tree
    # All files have their size, as the mount has it.
    sizes = [line for line in tree.splitlines() if "batch-" in line and "files in all" not in line]
    assert len(sizes) > 50 and all(re.search(r"\.(npy|npz|jsonl)  \d+(\.\d+)? (B|KiB|bytes?)$", line) for line in sizes), sizes
    names = [re.search(r"── (\S+)  (.*)$", line).groups() for line in sizes]
    first = next(size for name, size in names if name == "batch-0013.blob.values.npy")
    assert first.split()[0] == str((files.path / "ragged/epoch-0/batch-0013.blob.values.npy").stat().st_size), (first, tree)


def test_text_that_is_not_utf8_is_an_error_and_nothing_else(tmp_path):
    names = [b"fine", b"\xff\xfe", b"also fine", b"yes"]
    data = write_mds(tmp_path / "d", {"name": Column("str", names), "id": scalar(numpy.arange(4, dtype=numpy.int64))}, [4])
    views = {"v": {"source": "s", "batch_size": 1, "files": ["jsonl"]}, "n": {"source": "s", "batch_size": 1, "tensors": {"name": {"column": "name"}}}}
    with Mount(tmp_path, {"memory": "64MiB", "sources": {"s": {"format": "mds", "path": str(data.path)}}, "views": views}) as mount:
        with pytest.raises(OSError):
            os.stat(mount.path / "v/batch-0001.jsonl")
        for number in [0, 2, 3]:
            assert json.loads((mount.path / f"v/batch-000{number}.jsonl").read_text()) == {"id": number, "name": names[number].decode()}
        # As bytes it is served.
        assert numpy.load(mount.path / "n/batch-0001.name.values.npy").tobytes() == names[1]
        errors = (mount.path / ".epochfs/errors.jsonl").read_text()
        assert "sample 1, column 'name': the text is not UTF-8" in errors


def deep(folder, sources, views):
    """What `check --deep` answers, and the lines it says of samples."""
    result = epochfs("check", "--deep", write_config(folder, {"memory": "64MiB", "sources": sources, "views": views}))
    return result.returncode, [line for line in result.stderr.decode().splitlines() if "not UTF-8" in line], result


LINES = {"source": "s", "batch_size": 2, "files": ["jsonl"]}
BYTES = {
    "arrays": {"source": "s", "layout": "arrays"},
    "ragged": {"source": "s", "batch_size": 2, "tensors": {"name": {"column": "name"}}},
    "none": {"source": "s", "filter": "id < 2", **LINES},
}


def test_check_deep_finds_text_that_is_not_utf8_where_it_is_shown(tmp_path):
    names = [b"fine", "é".encode(), b"\xff\xfe", b"yes", "é".encode()[:1], "é".encode()[1:]]
    columns = {"name": Column("str", names), "more": Column("str", [b"\x80" if row == 3 else b"" for row in range(6)]), "id": scalar(numpy.arange(6))}
    columns["blob"] = Column("bytes", names)
    data = write_mds(tmp_path / "d", columns, [2, 4], folders=2)
    sources = {"s": {"format": "mds", "path": str(data.path)}}
    # Served as bytes, and shown as rows of JSON where it is sound.
    assert deep(tmp_path, sources, BYTES)[0] == 0
    status, found, result = deep(tmp_path, sources, {**BYTES, "v": LINES})
    assert status == 1 and len(found) == 1 and "all is sound" not in result.stdout.decode(), result
    # One line a shard, of the first column.
    assert str(data.files[1]) in found[0] and "source s" in found[0] and "sample 1, " in found[0] and "column 'more'" in found[0]
    # As the reader of the batch is told.
    refused = epochfs("cat", tmp_path / "config.yaml", "v/batch-0001.jsonl")
    assert refused.returncode == 1 and b"the text is not UTF-8" in refused.stderr
    # What the source's own filter leaves out is shown by nobody.
    sources["s"]["filter"] = "id in (0, 1, 5)"
    status, found, _ = deep(tmp_path, sources, {"v": LINES})
    assert status == 1 and "sample 3" in found[0] and "column 'name'" in found[0]
    sources["s"]["filter"] = "id in (0, 1)"
    assert deep(tmp_path, sources, {"v": LINES})[0] == 0


def test_check_deep_finds_text_that_is_not_utf8_in_parquet(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = 5000

    def texts(values):
        return pyarrow.array(values, pyarrow.binary()).cast(pyarrow.binary()).view(pyarrow.string())

    good = [f"row {row}".encode() for row in range(rows)]
    bad = [b"\xc3" if row == 4321 else None if row == 7 else value for row, value in enumerate(good)]
    # The halves of a letter in neighbours, which together would be one.
    lists = pyarrow.ListArray.from_arrays(numpy.arange(0, 2 * rows + 1, 2), texts([part for row in range(rows) for part in ([b"\xc3", b"\xa9"] if row == 99 else [b"a", b""])]))
    for name, column, row in [("t", texts(bad), 4321), ("l", lists, 99)]:
        parquet.write_table(pyarrow.table({"id": pyarrow.array(range(rows)), "g": texts(good), name: column}), tmp_path / f"{name}.parquet", row_group_size=1500)
        sources = {"s": {"format": "parquet", "path": str(tmp_path / f"{name}.parquet")}}
        assert deep(tmp_path, sources, {"a": {"source": "s", "layout": "arrays"}, "v": {**LINES, "filter": f"id != {row}"}})[0] == 0
        status, found, _ = deep(tmp_path, sources, {"v": {**LINES, "group_by": ["id"], "filter": "id in (99, 4321)"}})
        assert status == 1 and len(found) == 1 and f"sample {row}, column '{name}'" in found[0] and f"{name}.parquet" in found[0], found
        assert deep(tmp_path, sources, {"v": LINES})[1] == found


def test_a_damaged_shard_fails_its_batches_only(tmp_path, data):
    copy = write_mds(tmp_path / "d", {"id": scalar(data.id), "name": text(data.name)}, COUNTS, zstd=True, hashes=["xxh64"])
    stored = bytearray(copy.files[1].read_bytes())
    stored[len(stored) // 2] ^= 1
    copy.files[1].write_bytes(stored)
    views = {"v": {"source": "s", "batch_size": 1, "files": ["jsonl", "npz"]}}
    with Mount(tmp_path, {"memory": "64MiB", "sources": {"s": {"format": "mds", "path": str(copy.path)}}, "views": views}) as mount:
        for row in range(ROWS):
            for kind in ["jsonl", "npz"]:
                path = mount.path / f"v/batch-{row:04d}.{kind}"
                if 40 <= row < 47:
                    with pytest.raises(OSError):
                        path.read_bytes()
                else:
                    assert path.read_bytes()


@pytest.mark.parametrize(
    "tensor, files, words",
    [
        ({"column": "name", "slice": ":3"}, ["npy"], "rows of differing length"),
        ({"column": "name", "dtype": "float32"}, ["npy"], "leave dtype out"),
        ({"column": "name"}, ["npz"], "no part of an archive"),
        ({"column": "nope"}, ["npy"], "name"),
    ],
)
def test_what_is_refused(tmp_path, data, tensor, files, words):
    config = write_config(tmp_path, data.config({"v": {"source": "s", "files": files, "tensors": {"t": tensor}}}))
    done = epochfs("check", config)
    assert done.returncode == 1 and words in done.stderr.decode()


def test_memory_stays_under_the_cap(tmp_path):
    """Rows that take far more than was guessed: batches that were prepared give way, and every one can be read."""
    random = numpy.random.default_rng(9)
    count = 4000
    # Compresses well, and is 30 MB as JSON.
    column = numpy.round(random.normal(size=(count, 500)), 1).astype(numpy.float32)
    data = write_mds(tmp_path / "d", {"v": fixed_array(column), "id": scalar(numpy.arange(count, dtype=numpy.int64))}, [500] * 8, zstd=True)
    view = {"source": "s", "batch_size": 50, "files": ["jsonl"], "epochs": 1, "order": {"algorithm": "window", "seed": 1, "block": count}}
    with Mount(tmp_path, {"memory": "24MiB", "threads": 2, "sources": {"s": {"format": "mds", "path": str(data.path)}}, "views": {"j": view}}) as mount:
        seen = []
        for number in range(count // 50):
            for line in open(mount.path / f"j/epoch-0/batch-{number:04d}.jsonl", encoding="utf-8"):
                row = json.loads(line)
                seen.append(row["id"])
                assert numpy.array_equal(numpy.array(row["v"], numpy.float32), column[row["id"]])
        assert sorted(seen) == list(range(count))
        memory = json.loads((mount.path / ".epochfs/status.json").read_text())["memory"]
        assert memory["peak_bytes"] <= memory["cap_bytes"]


@pytest.mark.parametrize("more", [{}, {"filter": "part >= 1"}])
def test_a_shard_is_decoded_once_for_all_of_its_columns(tmp_path, stored, more):
    """Also beside a column of its path, whose pieces are others, and where only some of its rows are selected."""
    for number, name in enumerate(sorted(path.name for path in stored.data.path.iterdir() if path.is_dir())):
        shutil.copytree(stored.data.path / name, tmp_path / "data" / f"part={number:03}" / name)
    source = {**stored.source(), "path": f"{tmp_path}/data/part=*/*"}
    views = {"v": {"source": "windows", "batch_size": sum(stored.data.counts), "files": ["jsonl"], **more}}
    with Mount(tmp_path, {**stored.config(views), "sources": {"windows": source}}) as mount:
        lines = (mount / "v/batch-0000.jsonl").read_text().splitlines()
        assert {json.loads(line)["part"] for line in lines} == ({"000", "001", "002"} if not more else {"001", "002"})
        assert mount.metric("epochfs_decoded_bytes_total") <= stored.data.raw_bytes
