"""`epochfs inspect` describes MDS data sets and their shards."""

import json
import os
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet
import pytest
from conftest import COUNTS, LENGTH, ROWS
from mounting import epochfs
from shards import raw, scalar, text, tracks, write_mds

STREAMING = Path(__file__).parents[1] / "Fixtures" / "mds" / "streaming"


def described(*arguments, status=0):
    result = epochfs("inspect", "--json", *arguments)
    assert result.returncode == status, result.stderr
    # Strict: no NaN, which is no JSON.
    return json.loads(result.stdout, parse_constant=lambda name: pytest.fail(name))


def test_a_folder_of_folders(stored):
    found = described(stored.data.path)
    assert (found["format"], found["shard_format"], found["samples"], found["is_folder"]) == ("mds", "mds", ROWS, True)
    assert found["raw_bytes"] == stored.data.raw_bytes
    assert found["stored_bytes"] == sum(os.path.getsize(file) for file in stored.data.files)
    assert [(column["name"], column["encoding"]) for column in found["columns"]] == [
        ("features", "bytes"), ("grid", "ndarray:int16:2,3"), ("label", "int32"), ("name", "str")
    ]  # fmt: skip
    assert found["columns"][1]["dtype"] == "<i2" and found["columns"][1]["shape"] == [2, 3] and found["columns"][1]["bytes"] == 12
    assert [shard["samples"] for shard in found["shards"]] == COUNTS
    assert [shard["path"] for shard in found["shards"]] == [str(file) for file in stored.data.files]
    assert all(shard["codec"] == "zstd" and list(shard["hashes"]) == ["xxh64"] and shard["problem"] is None for shard in found["shards"])
    assert len(found["folders"]) == 3 and sum(folder["samples"] for folder in found["folders"]) == ROWS


def test_samples_are_those_that_were_written(stored):
    rows = described(stored.data.path, "--samples", 4)["sample_rows"]
    assert [row["sample"] for row in rows] == [0, 1, 2, 3]
    for number, row in enumerate(rows):
        values = row["values"]
        assert values["label"] == stored.label[number] and values["name"] == stored.name[number]
        assert values["grid"] == stored.grid[number].ravel().tolist()
        assert row["cut"] == ["features"]
    assert "sample_rows" not in described(stored.data.path, "--samples", 0)


def test_one_shard(stored):
    shard = 3 - 1  # the third, rows 137 to 286
    found = described(stored.data.files[shard], "--samples", 2)
    start, count = sum(COUNTS[:shard]), COUNTS[shard]
    assert found["samples"] == count and not found["is_folder"] and len(found["shards"]) == 1
    columns = {column["name"]: column for column in found["columns"]}
    assert columns["features"]["shortest_bytes"] == columns["features"]["longest_bytes"] == LENGTH * 5 * 4
    lengths = [len(name.encode()) for name in stored.name[start : start + count]]
    assert (columns["name"]["shortest_bytes"], columns["name"]["longest_bytes"]) == (min(lengths), max(lengths))
    label = stored.label[start : start + count]
    assert (columns["label"]["minimum"], columns["label"]["maximum"]) == (label.min(), label.max())
    assert found["summary_of"] == {"path": str(stored.data.files[shard]), "samples": count} and "not_described" not in found
    assert [row["values"]["label"] for row in found["sample_rows"]] == label[:2].tolist()
    table = epochfs("inspect", stored.data.files[shard]).stdout.decode()
    assert "MDS shard, 150 samples" in table and "zstd, xxh64" in table and f'"{stored.name[start]}"' in table


def test_of_what_lengths_and_bounds_are(stored):
    """Those of a folder are one shard's: said in both forms, and true."""
    found = described(stored.data.path)
    assert found["summary_of"] == {"path": str(stored.data.files[0]), "samples": COUNTS[0]}
    label = next(column for column in found["columns"] if column["name"] == "label")
    assert label["maximum"] == stored.label[: COUNTS[0]].max() < stored.label.max()
    note = f"shortest, longest, minimum, maximum: of {stored.data.files[0].relative_to(stored.data.path)} alone, {COUNTS[0]} of {ROWS} samples"
    assert note in epochfs("inspect", stored.data.path).stdout.decode().splitlines()
    # Of one shard they are all there is.
    assert "alone" not in epochfs("inspect", stored.data.files[0]).stdout.decode()
    nothing = described(stored.data.path, "--samples", 0)
    assert nothing["summary_of"] is None and "minimum" not in nothing["columns"][2]
    assert "alone" not in epochfs("inspect", stored.data.path, "--samples", 0).stdout.decode()


def test_bounds_are_numbers_and_infinities_texts(tmp_path):
    values = numpy.array([1.5, numpy.nan, -numpy.inf], numpy.float32)
    found = described(write_mds(tmp_path / "data", {"x": scalar(values)}, [3]).files[0])["columns"][0]
    assert (found["minimum"], found["maximum"]) == ("-Infinity", 1.5)


def test_plain_bytes_are_described(tmp_path, stored):
    """Bytes that are text are shown as text; of others whose length fits numbers it is said how to say so."""
    notes = ['{"vessel": "é", "speed": 3}\n', "x" * 100, ""]
    odd = [bytes([200, row, 3]) for row in range(3)]
    columns = {"note": raw([note.encode() for note in notes]), "odd": raw(odd), "track": raw(tracks(3, 8)), "pair": raw([b"\0\1\2\3"] * 3)}
    data = write_mds(tmp_path / "data", columns, [3])
    text = epochfs("inspect", data.files[0]).stdout.decode()
    assert r'b"{\"vessel\": \"é\", \"speed\": 3}\n"' in text and f'b"{"x" * 72}" ... 100 bytes' in text and 'b""' in text
    assert "c8 01 03" in text
    assert [line for line in text.splitlines() if line.startswith("if ")] == [
        "if pair are numbers, say so in the source's `columns:`, as pair: {dtype: float32, shape: [1]}",
        "if track are numbers, say so in the source's `columns:`, as track: {dtype: float32, shape: [40]}, or float64 of [20]",
    ]
    # Programs get the bytes as ever.
    rows = described(data.files[0])["sample_rows"]
    assert rows[1]["values"]["note"] == "eHh4eHh4eHh4eHh4eHh4eA==" and rows[1]["cut"] == ["note", "track"]


def test_tables(stored):
    result = epochfs("inspect", stored.data.path)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.decode().splitlines()
    assert lines[0] == f"{stored.data.path}: MDS, {ROWS} samples in {len(COUNTS)} shards in 3 folders"
    for name, encoding, served in [("features", "bytes", "bytes"), ("grid", "ndarray:int16:2,3", "int16 [2, 3]"), ("label", "int32", "int32"), ("name", "str", "text")]:
        assert any(line.split()[:2] == [name, encoding] and served in line for line in lines), name
    for file in stored.data.files:
        assert any(line.startswith(str(file.relative_to(stored.data.path))) for line in lines)


def test_many_shards_are_folded_in_the_table_only(tmp_path):
    data = write_mds(tmp_path / "many", {"x": scalar(numpy.arange(100, dtype=numpy.int16))}, [1] * 100)
    table = epochfs("inspect", data.path).stdout.decode()
    assert "shard.00000.mds" in table and "shard.00099.mds" in table and "shard.00050.mds" not in table and "... 100 shards in all" in table
    assert len(described(data.path)["shards"]) == 100
    for file in data.files[10:]:
        os.remove(file)
    said = epochfs("inspect", data.path).stderr.decode().splitlines()
    assert len(said) == 51 and said[-1] == "... 90 problems in all; --json tells every one"
    assert len(described(data.path, status=1)["problems"]) == 90


@pytest.mark.parametrize("name, shard_format", [("csv", "csv"), ("csv_gz", "csv"), ("json", "json"), ("json_crlf_zstd", "json"), ("tsv_br", "tsv"), ("xsv", "xsv")])
def test_text_shards_of_the_reference_writer(name, shard_format):
    rows = json.loads((STREAMING / "rows.json").read_text())
    found = described(STREAMING / name, "--samples", 1)
    assert found["shard_format"] == shard_format and found["samples"] == 25
    assert {column["name"]: column["dtype"] for column in found["columns"]} == {"n": "<i8", "text": None, "x": "<f8", "é": None}
    index = json.loads((STREAMING / name / "index.json").read_text())
    assert [shard["samples"] for shard in found["shards"]] == [shard["samples"] for shard in index["shards"]]
    expected = sum((shard["zip_data"] or shard["raw_data"])["bytes"] + (shard["zip_meta"] or shard["raw_meta"])["bytes"] for shard in index["shards"])
    assert found["stored_bytes"] == expected == sum(shard["found_bytes"] for shard in found["shards"])
    assert len(found["sample_rows"]) == 1 and rows
    meta = (index["shards"][0]["zip_meta"] or index["shards"][0]["raw_meta"])["basename"]
    assert described(STREAMING / name / meta)["samples"] == index["shards"][0]["samples"]


def test_every_encoding_of_the_reference_writer():
    found = described(STREAMING / "encodings" / "shard.00000.mds", "--samples", 1)
    values = found["sample_rows"][0]["values"]
    assert set(values) == {column["name"] for column in found["columns"]}
    assert len(found["shards"][0]["hashes"]) > 10


def test_what_is_wrong_is_said_and_the_rest_described(tmp_path):
    data = write_mds(tmp_path / "data", {"x": scalar(numpy.arange(30, dtype=numpy.int32)), "t": text(["a"] * 30)}, [10, 10, 10], hashes=["xxh64"])
    os.remove(data.files[0])
    with open(data.files[1], "ab") as file:
        file.write(b"!")
    result = epochfs("inspect", data.path)
    assert result.returncode == 1
    assert f"{data.files[0]}: is not there" in result.stderr.decode()
    assert f"{data.files[1]}: has {os.path.getsize(data.files[1])} bytes, but the index says" in result.stderr.decode()
    assert "missing" in result.stdout.decode() and "wrong size" in result.stdout.decode()
    found = described(data.path, status=1)
    assert [shard["problem"] is None for shard in found["shards"]] == [False, False, True]
    assert found["samples_of"] == str(data.files[2]) and found["sample_rows"][0]["values"]["x"] == 20
    # A hash that does not fit is seen when the samples are decoded.
    content = bytearray(data.files[2].read_bytes())
    content[-1] ^= 1
    data.files[2].write_bytes(content)
    result = epochfs("inspect", data.files[2])
    assert result.returncode == 1 and b"xxh64" in result.stderr and b"int32" in result.stdout


def test_columns_that_differ_are_told(tmp_path):
    first = write_mds(tmp_path / "set" / "worker_00", {"x": scalar(numpy.arange(3, dtype=numpy.int32))}, [3])
    second = write_mds(tmp_path / "set" / "worker_01", {"x": scalar(numpy.arange(3, dtype=numpy.int64))}, [3])
    result = epochfs("inspect", tmp_path / "set")
    assert result.returncode == 1 and str(second.files[0]).encode() in result.stderr and b"int64" in result.stderr
    assert str(first.files[0].name) in result.stdout.decode()


def test_what_comes_from_files_cannot_draw_on_the_terminal(tmp_path):
    data = write_mds(tmp_path / "data", {"t": text(["\x1b[31mred\n"])}, [1])
    assert b"\x1b" not in epochfs("inspect", data.path).stdout


def test_others_are_refused(tmp_path):
    (tmp_path / "shard.mds").write_bytes(b"\0" * 100)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "index.json").write_text('{"version": 2, "shards": [7]}')
    for path in (tmp_path / "shard.mds", tmp_path / "bad", tmp_path / "bad" / "index.json"):
        result = epochfs("inspect", path)
        assert result.returncode == 1 and result.stdout == b"" and str(path).encode() in result.stderr
    assert epochfs("inspect", tmp_path, "--samples", -1).returncode == 64


def test_parquet_samples_and_folders(tmp_path):
    folder = tmp_path / "parquet"
    folder.mkdir()
    for number in range(3):
        table = pyarrow.table({"id": pyarrow.array([number * 2, None], pyarrow.int32()), "t": [f"text {number}", "é"], "l": [[1.5, None], []]})
        pyarrow.parquet.write_table(table, folder / f"part-{number}.parquet")
    (folder / "index.json").write_text("{}")  # nothing of MDS
    rows = described(folder / "part-1.parquet")["sample_rows"]
    assert [row["values"] for row in rows] == [{"id": 2, "t": "text 1", "l": [1.5, None]}, {"id": None, "t": "é", "l": []}]
    assert '"text 1"' in epochfs("inspect", folder / "part-1.parquet").stdout.decode()
    assert "sample_rows" not in described(folder / "part-1.parquet", "--samples", 0)
    os.remove(folder / "index.json")
    found = described(folder)
    assert (found["rows"], [file["rows"] for file in found["files"]], [column["name"] for column in found["columns"]]) == (6, [2, 2, 2], ["id", "t", "l"])
    assert "3 Parquet files, 6 rows in 3 row groups" in epochfs("inspect", folder).stdout.decode()
    pyarrow.parquet.write_table(pyarrow.table({"id": ["x"]}), folder / "part-9.parquet")
    result = epochfs("inspect", folder)
    assert result.returncode == 1 and b"part-9.parquet: its columns differ" in result.stderr and b"part-9.parquet" in result.stdout


def test_what_a_folder_holds_besides_is_named(tmp_path, sample):
    """Of MDS and Parquet in one folder one is described, and the other is not passed over in silence."""
    found = described(sample)
    assert found["format"] == "parquet" and found["not_described"] == [f"{sample}/mds"]
    assert f"not described here: 1 MDS data set, {sample}/mds" in epochfs("inspect", f"{sample}/").stdout.decode()
    both = write_mds(tmp_path / "both", {"x": scalar(numpy.arange(3, dtype=numpy.int32))}, [3]).path
    for number in range(5):
        pyarrow.parquet.write_table(pyarrow.table({"id": [number]}), both / f"part-{number}.parquet")
    found = described(both)
    assert found["format"] == "mds" and found["not_described"] == [f"{both}/part-{number}.parquet" for number in range(5)]
    said = epochfs("inspect", both).stdout.decode()
    assert f"not described here: 5 Parquet files, {both}/part-0.parquet, {both}/part-1.parquet, {both}/part-2.parquet, ..." in said
    # An index that cannot be read is named itself.
    (both / "index.json").write_text("{}")
    found = described(both)
    assert found["format"] == "parquet" and found["not_described"] == [f"{both}/index.json"]
    assert "not described" not in epochfs("inspect", sample / "mds").stdout.decode() and described(sample / "mds")["not_described"] == []


def test_samples_of_every_kind_over_row_groups(tmp_path):
    nan, inf = float("nan"), float("inf")
    table = pyarrow.table({
        "f": pyarrow.array([nan, inf, None, -0.5, 1e300, 2.0], pyarrow.float64()),
        "when": pyarrow.array([0, 1, None, -1, 86_400_000_000, 5], pyarrow.timestamp("us")),
        "b": pyarrow.array([b"", b"\x00\xff", None, b"x" * 40, b"y", b"z"], pyarrow.binary()),
        "long": pyarrow.array([list(range(n)) for n in (0, 1, 20, 8, 9, 2)], pyarrow.list_(pyarrow.int16())),
        "deep": pyarrow.array([[["a"], []], [], None, [["b", "c"]], [["d" * 100]], [[]]], pyarrow.list_(pyarrow.list_(pyarrow.string()))),
        "flag": pyarrow.array([True, False, None, True, True, False]),
        "big": pyarrow.array([2**64 - 1, 0, None, 1, 2, 3], pyarrow.uint64()),
    })  # fmt: skip
    path = tmp_path / "kinds.parquet"
    pyarrow.parquet.write_table(table, path, row_group_size=2)
    found = described(path, "--samples", 5)["sample_rows"]
    columns = {name: [row["values"][name] for row in found] for name in table.column_names}
    assert columns["f"] == ["NaN", "Infinity", None, -0.5, 1e300]
    assert columns["when"] == ["1970-01-01T00:00:00.000000", "1970-01-01T00:00:00.000001", None, "1969-12-31T23:59:59.999999", "1970-01-02T00:00:00.000000"]
    assert columns["b"] == ["", "AP8=", None, "eHh4eHh4eHh4eHh4eHh4eA==", "eQ=="]  # 16 of 40 bytes
    assert columns["long"] == [[], [0], list(range(8)), list(range(8)), list(range(8))]
    assert columns["deep"] == [[["a"], []], [], None, [["b", "c"]], [["d" * 72]]]
    assert columns["flag"] == [True, False, None, True, True] and columns["big"] == [2**64 - 1, 0, None, 1, 2]
    assert [row["cut"] for row in found] == [[], [], ["long"], ["b"], ["long", "deep"]]
    text = epochfs("inspect", path, "--samples", 5).stdout.decode()
    for spelled in ("NaN", "00 ff", "... 40 bytes", "... 20 elements]", '[["a"], []]', "... 100 bytes"):
        assert spelled in text
