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
