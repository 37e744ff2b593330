"""What `check` and `mount` say beforehand: nulls that the files' statistics tell of and that tensors cannot show, and columns that a view leaves out."""

import re

import numpy
import pytest
from mounting import Mount, epochfs, write_config
from shards import scalar, text, write_mds

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

COUNT, SIZE = 60, 10
TYPES = {
    "id": pyarrow.int64(),
    "i": pyarrow.int32(),
    "whole": pyarrow.int32(),
    "b": pyarrow.bool_(),
    "f": pyarrow.float32(),
    "d": pyarrow.decimal128(30, 2),
    "m": pyarrow.timestamp("us"),
    "v": pyarrow.list_(pyarrow.int16(), 2),
    "w": pyarrow.list_(pyarrow.int16(), 2),
    "x": pyarrow.list_(pyarrow.float64(), 2),
    "t": pyarrow.string(),
    "l": pyarrow.list_(pyarrow.int64()),
    "empty": pyarrow.list_(pyarrow.int64()),
    "lf": pyarrow.list_(pyarrow.float32()),
}
ROWS = [
    {
        "id": row,
        "i": None if row in (3, 25, 26) else row,
        "whole": row,
        "b": None if row == 55 else row % 3 == 0,
        "f": None if row == 12 else row / 2,
        "d": None if row == 31 else row,
        "m": None if row == 8 else row,
        "v": None if row in (14, 15) else [row, row],
        "w": [row, None if row == 44 else row],
        "x": None if row == 9 else [row, None if row == 5 else row],
        "t": None if row in (17, 19) else "é" * (row % 3),
        "l": None if row == 21 else [None if row == 33 else row] * (row % 3 + 1),
        "empty": [row] * (row % 2),
        "lf": [None if row == 2 else row] * 3,
    }
    for row in range(COUNT)
]
# Of each tensor the configuration, and how many of its column's nulls it cannot show.
TENSORS = {
    "i": ({"column": "i"}, 3),
    "i-float": ({"column": "i", "dtype": "float64"}, 0),
    "i-filled": ({"column": "i", "transform": {"*": [{"nan_to": 0}]}, "dtype": "int64"}, 0),
    "i-computed": ({"column": "i", "transform": {"*": [{"add": 1}]}, "dtype": "int64"}, 3),
    "whole": ({"column": "whole"}, 0),
    "b": ({"column": "b"}, 1),
    "f": ({"column": "f"}, 0),
    "f-int": ({"column": "f", "dtype": "int32"}, 1),
    "d": ({"column": "d"}, 1),
    "m": ({"column": "m"}, 0),
    "v": ({"column": "v"}, 2),
    "v-float": ({"column": "v", "dtype": "float32"}, 0),
    "w": ({"column": "w"}, 1),
    "w-float": ({"column": "w", "dtype": "float32"}, 1),
    "x": ({"column": "x"}, 0),
    "x-int": ({"column": "x", "dtype": "int32"}, 2),
    "t": ({"column": "t"}, 2),
    "l": ({"column": "l"}, 2),
    "empty": ({"column": "empty"}, 0),
    "lf": ({"column": "lf"}, 0),
    "stack": ({"columns": ["whole", "i"]}, 3),
    "stack-float": ({"columns": ["f", "i"], "dtype": "float32"}, 0),
    "stack-part": ({"columns": ["whole", "i"], "channels": ["whole"]}, 0),
}
WARNING = re.compile(r"warning: \S+:(\d+): views\.(\S+?)(?:\.tensors\.(\S+)\.columns?(?:\.\d)?)?: tensor (\S+) cannot show the (at least )?(\d+) nulls? that column (\S+) of source (\S+) has by its files' statistics: (.*)")


def write(path, rows):
    parquet.write_table(pyarrow.Table.from_pylist(rows, pyarrow.schema(list(TYPES.items()))), path, row_group_size=14)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("warnings")
    write(folder / "rows.parquet", ROWS)
    return folder


def configuration(folder, views, file="rows.parquet", sources=None):
    return {"sources": sources or {"s": {"format": "parquet", "path": str(folder / file)}}, "views": {name: {"source": "s", "batch_size": SIZE, **view} for name, view in views.items()}}


def check(tmp_path, config):
    result = epochfs("check", write_config(tmp_path, config))
    assert result.returncode == 0, result.stderr
    return result.stderr.decode().splitlines()


def warnings(lines):
    """(view, tensor, column, source, number, what to do) of each warning of nulls."""
    found = [WARNING.fullmatch(line) for line in lines if "warning" in line]
    assert all(found), lines
    return [(match[2], match[4], match[7], match[8], int(match[6]), match[9]) for match in found]


def tensors():
    """Each in a view of its own, so that none is only counted."""
    return {name: {"tensors": {"x": tensor}} for name, (tensor, _) in TENSORS.items()}


def test_each_tensor_is_told_its_nulls(tmp_path, folder):
    found = {view: number for view, _, _, _, number, _ in warnings(check(tmp_path, configuration(folder, tensors())))}
    assert found == {name: count for name, (_, count) in TENSORS.items() if count}


def test_it_is_as_was_said(tmp_path, folder):
    """The tensors that are warned of have batches that fail, the others have none. The mount warns, too."""
    with Mount(tmp_path, configuration(folder, tensors())) as mount:
        logged = mount.log.read_text()
        for name, (_, count) in TENSORS.items():
            assert (f"views.{name}.tensors" in logged) == (count > 0)
            failed = 0
            for path in mount.batches(name):
                try:
                    (mount / name / path).read_bytes()
                except OSError:
                    failed += 1
            assert (failed > 0) == (count > 0), name


def test_what_to_do_fits(tmp_path, folder):
    found = {view: (column, source, what) for view, _, column, source, _, what in warnings(check(tmp_path, configuration(folder, tensors())))}
    for view, dtype in {"i": "float64", "b": "float32", "v": "float32", "stack": "float64"}.items():
        column, source, what = found[view]
        assert source == "s" and what.startswith(f"its files of batches with one will be EIO; `dtype: {dtype}` shows it as NaN, `filter: {column} is not null`"), what
    assert "`dtype" not in found["t"][2] and "`filter: t is not null`" in found["t"][2] and "`dtype" not in found["d"][2]
    for view in ("w", "w-float"):
        assert "filter" not in found[view][2] and "`files: [jsonl]` and `layout: arrays` show such rows" in found[view][2]


def test_without_tensors_each_column_of_fixed_shape_is_looked_at(tmp_path, folder):
    lines = check(tmp_path, configuration(folder, {"v": {}}))
    more = [line for line in lines if line.endswith("views.v: nulls like that are in 1 more column of its tensors")]
    assert len(more) <= 1
    lines = [line for line in lines if line not in more and "warning" in line]
    assert [(tensor, number) for _, tensor, _, _, number, _ in warnings(lines)] == [("i", 3), ("b", 1), ("d", 1), ("v", 2), ("w", 1)]


def test_many_are_counted(tmp_path, folder):
    view = {"tensors": {f"x{number}": {"column": "i"} for number in range(8)}}
    lines = check(tmp_path, configuration(folder, {"v": view}))
    assert len(warnings(lines[:5])) == 5 and len(lines) == 6 and lines[5].endswith("views.v: nulls like that are in 3 more columns of its tensors")


def test_where_rows_are_filtered_nothing_is_said(tmp_path, folder):
    sources = {name: {"format": "parquet", "path": str(folder / "rows.parquet"), **more} for name, more in (("s", {}), ("kept", {"filter": "id > 0"}), ("all", {"filter": "id >= 0"}))}
    tensor = {"tensors": {"x": {"column": "i"}}}
    views = {"plain": tensor, "filtered": {**tensor, "filter": "i is not null"}, "kept": {**tensor, "source": "kept"}, "all": {**tensor, "source": "all"}, "everything": {**tensor, "filter": "id < 100"}}
    assert {(view, source, number) for view, _, _, source, number, _ in warnings(check(tmp_path, configuration(folder, views, sources=sources)))} == {
        ("plain", "s", 3),
        ("all", "all", 3),
        ("everything", "s", 3),
    }


def test_lists_of_sources_are_looked_at_one_by_one(tmp_path, folder):
    write(tmp_path / "other.parquet", ROWS[3:4])
    sources = {"s": {"format": "parquet", "path": str(folder / "rows.parquet")}, "o": {"format": "parquet", "path": str(tmp_path / "other.parquet")}}
    views = {"v": {"source": ["s", "o", "s"], "tensors": {"x": {"column": "i"}}}}
    assert [(source, number) for _, _, _, source, number, _ in warnings(check(tmp_path, configuration(folder, views, sources=sources)))] == [("s", 3), ("o", 1)]


def test_without_statistics_there_is_nothing_to_say(tmp_path):
    polars = pytest.importorskip("polars")
    table = polars.DataFrame({"i": [1, None, 3], "t": ["a", None, None], "l": [[1], None, []]})
    for name, statistics in (("bare", False), ("told", True)):
        table.write_parquet(tmp_path / f"{name}.parquet", statistics=statistics)
    view = {"v": {"tensors": {"x": {"column": "i"}, "t": {"column": "t"}, "l": {"column": "l"}}}}
    assert check(tmp_path, configuration(tmp_path, view, "bare.parquet")) == []
    # What is counted of a list that is null, or empty, is not known to be a null.
    assert [(tensor, number) for _, tensor, _, _, number, _ in warnings(check(tmp_path, configuration(tmp_path, view, "told.parquet")))] == [("x", 1), ("t", 2)]
    assert ["at least 1 null " in line or "at least 2 nulls " in line for line in check(tmp_path, configuration(tmp_path, view, "*.parquet"))] == [True, True]


def test_groups_and_columns_of_paths(tmp_path):
    for part, rows in (("a", ROWS[:5]), ("__HIVE_DEFAULT_PARTITION__", ROWS[5:12])):
        (tmp_path / f"part={part}").mkdir()
        write(tmp_path / f"part={part}" / "rows.parquet", rows)
    views = {"v": {"group_by": ["part"], "tensors": {"x": {"column": "i"}}}, "p": {"tensors": {"part": {"column": "part"}}}}
    assert [(view, number) for view, _, _, _, number, _ in warnings(check(tmp_path, configuration(tmp_path, views, ".")))] == [("v", 1), ("p", 7)]


# --- Columns that are left out -------------------------------------------------------------------------------------------


def notes(lines):
    return [line.split(": ", 3)[2:] for line in lines if line.startswith("note: ")]


HOW = "are left out; name them under `tensors:`, or show them with `files: [jsonl]` or `layout: arrays`"


def test_columns_without_a_fixed_shape_are_named(tmp_path, folder):
    views = {"v": {}, "z": {"files": ["npz"]}, "named": {"tensors": {"whole": {"column": "whole"}}}, "lines": {"files": ["npy", "jsonl"]}, "jsonl": {"files": ["jsonl"]}}
    config = configuration(folder, views)
    config["views"]["arrays"] = {"source": "s", "layout": "arrays"}
    found = notes(check(tmp_path, config))
    assert found == [["views.v", f"columns t, l, empty and 1 more have no fixed shape and {HOW}"], ["views.z", f"columns t, l, empty and 1 more have no fixed shape and {HOW}"]]
    with Mount(tmp_path, config) as mount:
        assert "no fixed shape" not in mount.log.read_text()


def test_one_is_named_alone_and_what_folders_tell_is_not(tmp_path):
    made = write_mds(tmp_path / "mds", {"label": scalar(numpy.arange(20, dtype="int32")), "name": text([f"n{row}" for row in range(20)])}, [20])
    (tmp_path / "data/part=a").mkdir(parents=True)
    parquet.write_table(pyarrow.table({"x": [1.0, 2.0], "key": ["a", "b"]}), tmp_path / "data/part=a/rows.parquet")
    sources = {"m": {"format": "mds", "path": str(made.path)}, "p": {"format": "parquet", "path": str(tmp_path / "data")}}
    config = {"sources": sources, "views": {"m": {"source": "m"}, "p": {"source": "p", "group_by": ["key"]}}}
    assert notes(check(tmp_path, config)) == [
        ["views.m", "column name has no fixed shape and is left out; name it under `tensors:`, or show it with `files: [jsonl]` or `layout: arrays`"]
    ]
