"""`epochfs inspect` describes Parquet files; the fixtures beside it were described by pyarrow."""

import json
from pathlib import Path

import pytest
from mounting import epochfs

FIXTURES = Path(__file__).parents[1] / "Fixtures" / "parquet"
FILES = sorted(FIXTURES.glob("*.parquet"))


def lines(path, kind):
    rows = [line.split("\t") for line in path.with_suffix(".tsv").read_text().splitlines()]
    return [row[1:] for row in rows if row[0] == kind]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_json_says_what_pyarrow_reads(path):
    result = epochfs("inspect", "--json", path)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    rows, groups, columns, created_by = lines(path, "file")[0]
    assert (found["rows"], len(found["row_groups"]), len(found["columns"]), found["created_by"]) == (int(rows), int(groups), int(columns), created_by)
    assert found["bytes"] == path.stat().st_size
    for ordinal, name, dotted, physical, definition, repetition, dtype, shape in lines(path, "leaf"):
        column = found["columns"][int(ordinal)]
        assert (column["name"], ".".join(column["path"]), column["dtype"]) == (name, dotted, dtype)
        assert (column["max_definition_level"], column["max_repetition_level"]) == (int(definition), int(repetition))
        assert column["shape"] == (None if shape == "ragged" else [int(length) for length in shape.split(",") if length])
        assert column["stored"].startswith(physical)
    for group, leaf, codec, encodings, values, stored, uncompressed, *_ in lines(path, "chunk"):
        chunk = found["row_groups"][int(group)]["chunks"][int(leaf)]
        assert (chunk["codec"], chunk["values"], chunk["stored_bytes"], chunk["uncompressed_bytes"]) == (codec, int(values), int(stored), int(uncompressed))
        pages = chunk["pages"]
        assert set(pages["encodings"]) <= set(encodings.split(",")) and sum(pages["encodings"].values()) == pages["data"] + pages["data_v2"] > 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_tables_name_every_column(path):
    result = epochfs("inspect", path)
    text = result.stdout.decode()
    assert result.returncode == 0, result.stderr
    for _, name, _, physical, *_ in lines(path, "leaf"):
        assert any(line.split()[0] == name and physical in line for line in text.splitlines() if line)


def test_bounds_are_readable():
    text = epochfs("inspect", FIXTURES / "duckdb.parquet").stdout.decode()
    for bound in ("2024-01-01T00:00:00.000000", '"text 4"', "4.000", "true"):
        assert bound in text


def test_damage_is_named_and_the_rest_is_described(tmp_path):
    data = bytearray((FIXTURES / "bare.parquet").read_bytes())
    offset = int(lines(FIXTURES / "bare.parquet", "chunk")[1][7])
    data[offset : offset + 4] = b"\xff" * 4
    path = tmp_path / "damaged.parquet"
    path.write_bytes(data)
    result = epochfs("inspect", path)
    assert result.returncode == 1
    assert b"row group 0, column v: page header, byte " in result.stderr and b"id" in result.stdout


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1PAR1", b"PAR1\x00\x00\x00\x00PAR1", b"x" * 100, b"PAR1" + b"\x00" * 20 + b"\x10\x00\x00\x00PAR1", b"PAR1" + b"\x00" * 20 + b"\x10\x00\x00\x00PARE"])
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    result = epochfs("inspect", path)
    assert result.returncode == 1 and result.stdout == b"" and str(path).encode() in result.stderr


def test_missing_files_and_folders_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "missing"):
        result = epochfs("inspect", path)
        assert result.returncode == 1 and str(path).encode() in result.stderr


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "empty"), (b"version: 1\nname: x\n", 'text that begins with "version: 1"'), (("é" * 100).encode(), f'text that begins with "{"é" * 32}"'),
        (("x" + "é" * 100).encode(), f'text that begins with "x{"é" * 31}"'), (b"\x7fELF\x02\x01", "bytes that begin with 7f 45 4c 46 02 01"), (b"\x1b[31mred", "bytes that begin with 1b 5b 33"),
    ],
)  # fmt: skip
def test_a_file_of_no_known_format_is_shown(tmp_path, content, said):
    path = tmp_path / "file"
    path.write_bytes(content)
    result = epochfs("inspect", path)
    expected = f"{path}: is neither a Parquet file nor a shard that the index.json of an MDS data set names, but {said}"
    assert result.returncode == 1 and result.stderr.decode().startswith(expected)


def test_a_file_that_ends_otherwise_shows_its_end(tmp_path):
    path = tmp_path / "cut.parquet"
    path.write_bytes((FIXTURES / "bare.parquet").read_bytes() + b"64}~")
    assert b"no Parquet file: '64}~' found where 'PAR1' is expected" in epochfs("inspect", path).stderr


def test_the_path_is_said_once(tmp_path):
    """A page that cannot be decoded, with headers that can be read."""
    data = bytearray((FIXTURES / "bare.parquet").read_bytes())
    chunk = lines(FIXTURES / "bare.parquet", "chunk")[0]
    begin, end = int(chunk[7]), int(chunk[7]) + int(chunk[5])
    data[end - 40 : end] = b"\xff" * 40
    path = tmp_path / "damaged.parquet"
    path.write_bytes(data)
    for line in epochfs("inspect", path).stderr.decode().splitlines():
        assert line.count(str(path)) == 1, line


def test_bounds_of_numbers_are_numbers():
    chunks = json.loads(epochfs("inspect", "--json", FIXTURES / "duckdb.parquet").stdout)
    names = [column["name"] for column in chunks["columns"]]
    bounds = {names[chunk["column"]]: (chunk["minimum"], chunk["maximum"]) for chunk in chunks["row_groups"][0]["chunks"]}
    expected = {"i": (0, 4), "f": (0.0, 4.0), "d9": (0.0, 4.0), "u8": (0, 4), "b": (False, True), "t": ('"text 0"', '"text 4"'), "gap": (None, None)}
    assert {name: bounds[name] for name in expected} == expected
    assert bounds["day"] == ("2024-01-01", "2024-01-01") and bounds["tod"][0] == "3723000000 us"
