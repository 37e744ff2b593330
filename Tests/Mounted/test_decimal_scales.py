"""Decimals are stored as integers: files or sources that put the point elsewhere are not one column."""

import decimal

import pytest
from mounting import epochfs, write_config

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

TYPES = {
    "scale": (pyarrow.decimal128(5, 2), pyarrow.decimal128(5, 1)),
    "scale of wide ones": (pyarrow.decimal128(20, 2), pyarrow.decimal128(20, 3)),
    "an integer": (pyarrow.int64(), pyarrow.decimal128(18, 1)),
    "a decimal, then an integer": (pyarrow.decimal128(18, 1), pyarrow.int64()),
}


def write(folder, types):
    folder.mkdir()
    paths = [folder / "a.parquet", folder / "b.parquet"]
    for path, type in zip(paths, types):
        value = 1 if pyarrow.types.is_integer(type) else decimal.Decimal("1.5")
        parquet.write_table(pyarrow.table({"s": pyarrow.array([value], type)}), path)
    return paths


def refusal(folder, sources, view):
    result = epochfs("check", write_config(folder, {"sources": sources, "views": {"v": view}}))
    assert result.returncode == 1, result.stdout
    return result.stderr.decode()


@pytest.mark.parametrize("name", TYPES)
def test_files_are_refused(tmp_path, name):
    paths = write(tmp_path / "data", TYPES[name])
    for view in ({"source": "s", "batch_size": 1}, {"source": "s", "batch_size": 1, "files": ["jsonl"]}, {"source": "s", "layout": "arrays"}):
        said = refusal(tmp_path, {"s": {"format": "parquet", "path": str(tmp_path / "data")}}, view)
        assert all(str(path) in said for path in paths) and "DECIMAL(" in said and "column s" in said, said


@pytest.mark.parametrize("name", TYPES)
def test_sources_of_one_view_are_refused(tmp_path, name):
    paths = write(tmp_path / "data", TYPES[name])
    sources = {path.stem: {"format": "parquet", "path": str(path)} for path in paths}
    said = refusal(tmp_path, sources, {"source": ["a", "b"], "batch_size": 1})
    assert "column s" in said and "source b" in said and "DECIMAL(" in said, said


def test_the_precision_may_differ(tmp_path):
    write(tmp_path / "data", (pyarrow.decimal128(5, 1), pyarrow.decimal128(7, 1)))
    config = {"sources": {"s": {"format": "parquet", "path": str(tmp_path / "data")}}, "views": {"v": {"source": "s", "batch_size": 2, "files": ["jsonl"]}}}
    assert epochfs("cat", write_config(tmp_path, config), "v/batch-0000.jsonl").stdout == b'{"s":1.5}\n{"s":1.5}\n'
