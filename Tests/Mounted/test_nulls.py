"""Nulls wherever Parquet has them, in rows of JSON and beside whole columns, against pyarrow's own rows."""

import json
from decimal import Decimal
import math
import random

import numpy
import pytest
from mounting import Mount

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

COUNT = 700
R = random.Random(3)


def maybe(value, share=0.25):
    return None if R.random() < share else value()


def a_float():
    return R.choice([math.nan, math.inf, 0.5, -2.0, float(R.randrange(100))])


def an_integer():
    return R.randrange(-100, 100)


def a_text():
    return R.choice(["", "a", "é" * 3])


def a_list(element, length=4):
    return [maybe(element) for _ in range(R.randrange(length))]


TYPES = {
    "id": (pyarrow.int64(), None),
    "i": (pyarrow.int32(), an_integer),
    "big": (pyarrow.uint64(), lambda: R.randrange(2**64)),
    "b": (pyarrow.bool_(), lambda: R.random() < 0.5),
    "f": (pyarrow.float32(), a_float),
    "t": (pyarrow.string(), a_text),
    "s": (pyarrow.struct([("x", pyarrow.int16()), ("y", pyarrow.struct([("z", pyarrow.string())]))]), lambda: {"x": maybe(an_integer), "y": maybe(lambda: {"z": maybe(a_text)})}),
    "fixed": (pyarrow.list_(pyarrow.float32(), 3), lambda: [maybe(a_float) for _ in range(3)]),
    "fixed_i": (pyarrow.list_(pyarrow.int16(), 2), lambda: [maybe(an_integer) for _ in range(2)]),
    "fixed_b": (pyarrow.list_(pyarrow.bool_(), 1), lambda: [maybe(lambda: R.random() < 0.5)]),
    # Without null rows, so that rows are found by counting values.
    "fixed_full": (pyarrow.list_(pyarrow.float64(), 5), lambda: [maybe(a_float, 0.02) for _ in range(5)]),
    "grid": (pyarrow.list_(pyarrow.list_(pyarrow.int32(), 3), 2), lambda: [maybe(lambda: [maybe(an_integer) for _ in range(3)]) for _ in range(2)]),
    # A null list takes as many slots as a list of one.
    "ones": (pyarrow.list_(pyarrow.list_(pyarrow.int16(), 1), 2), lambda: [maybe(lambda: [maybe(an_integer)]) for _ in range(2)]),
    "deep": (
        pyarrow.list_(pyarrow.list_(pyarrow.list_(pyarrow.float32(), 2), 1), 2),
        lambda: [maybe(lambda: [maybe(lambda: [maybe(a_float) for _ in range(2)])]) for _ in range(2)],
    ),
    "declared": (pyarrow.list_(pyarrow.list_(pyarrow.uint8())), lambda: [maybe(lambda: [R.randrange(256) for _ in range(2)]) for _ in range(2)]),
    "fixed_t": (pyarrow.list_(pyarrow.string(), 2), lambda: [maybe(a_text) for _ in range(2)]),
    "l": (pyarrow.list_(pyarrow.float64()), lambda: a_list(a_float)),
    "ll": (pyarrow.list_(pyarrow.list_(pyarrow.int32())), lambda: a_list(lambda: a_list(an_integer))),
    "lll": (pyarrow.list_(pyarrow.list_(pyarrow.list_(pyarrow.uint8()))), lambda: a_list(lambda: a_list(lambda: a_list(lambda: R.randrange(256))))),
    "lt": (pyarrow.list_(pyarrow.string()), lambda: a_list(a_text)),
    "llt": (pyarrow.list_(pyarrow.list_(pyarrow.string())), lambda: a_list(lambda: a_list(a_text))),
    "ls": (pyarrow.list_(pyarrow.struct([("x", pyarrow.int32()), ("l", pyarrow.list_(pyarrow.int8()))])), lambda: a_list(lambda: {"x": maybe(an_integer), "l": maybe(lambda: a_list(an_integer))})),
}
WHOLE = ("id", "fixed_full")
ROWS = [{name: row if make is None else make() if name in WHOLE else maybe(make, 0.15) for name, (_, make) in TYPES.items()} for row in range(COUNT)]
SCHEMA = pyarrow.schema([(name, type) for name, (type, _) in TYPES.items()])


def leaves(name, type, values):
    """(name, values of each row) of the fields of structs, wherever those lie."""
    if pyarrow.types.is_struct(type):
        for field in type:
            yield from leaves(f"{name}.{field.name}", field.type, [None if value is None else value[field.name] for value in values])
    elif pyarrow.types.is_list(type) or pyarrow.types.is_fixed_size_list(type):
        flat = [entry for value in values if value is not None for entry in value]
        for inner, entries in leaves(name, type.value_type, flat):
            remaining = iter(entries)
            yield inner, [None if value is None else [next(remaining) for _ in value] for value in values]
    else:
        yield name, values


def columns_of(rows):
    return {leaf: values for name, (type, _) in TYPES.items() for leaf, values in leaves(name, type, [row[name] for row in rows])}


def same(a, b):
    """Equality where NaN is NaN and nothing else, and an integer no float."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and (a == b or a != a and b != b)


@pytest.fixture(scope="module", params=["1.0", "2.0"])
def mounted(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nulls")
    table = pyarrow.Table.from_pylist(ROWS, SCHEMA)
    parquet.write_table(table, folder / "rows.parquet", row_group_size=300, data_page_size=512, write_batch_size=16, data_page_version=request.param)
    assert parquet.read_table(folder / "rows.parquet").column("ll").to_pylist() == [row["ll"] for row in ROWS]
    views = {
        "rows": {"source": "s", "batch_size": 100, "files": ["jsonl"]},
        "some": {"source": "s", "batch_size": 100, "files": ["jsonl"], "filter": "id in (3, 6, 7, 130, 131, 299, 300, 699) or i > 50"},
        "columns": {"source": "s", "layout": "arrays"},
        "few": {"source": "s", "layout": "arrays", "filter": "i > 50"},
    }
    config = {"version": 1, "name": "nulls", "sources": {"s": {"format": "parquet", "path": str(folder / "rows.parquet"), "columns": {"declared": {"shape": [2, 2]}}}}, "views": views}
    with Mount(folder, config) as mount:
        yield mount


def lines(mount, view):
    names = sorted(path.name for path in (mount / view).iterdir() if path.name.endswith(".jsonl"))
    return [json.loads(line) for name in names for line in (mount / view / name).read_text().splitlines()]


@pytest.mark.parametrize("view, keeps", [("rows", lambda row: True), ("some", lambda row: row["id"] in (3, 6, 7, 130, 131, 299, 300, 699) or (row["i"] or 0) > 50)])
def test_rows_of_json_show_every_null(mounted, view, keeps):
    found = lines(mounted, view)
    expected = columns_of([row for row in ROWS if keeps(row)])
    assert len(found) == len(expected["id"])
    for name, values in expected.items():
        for row, value in enumerate(values):
            assert same(found[row][name], value), (name, row, found[row][name], value)


def levels_of(type):
    if pyarrow.types.is_list(type):
        return 1 + levels_of(type.value_type)
    return max((levels_of(field.type) for field in type), default=0) if pyarrow.types.is_struct(type) else 0


@pytest.mark.parametrize("view, keeps", [("columns", lambda row: True), ("few", lambda row: (row["i"] or 0) > 50)])
@pytest.mark.parametrize("name", ["ll", "lll", "lt", "llt", "ls.x", "ls.l", "fixed_t", "l", "t", "s.y.z"])
def test_the_nulls_of_every_level_stand_beside_its_offsets(mounted, view, keeps, name):
    slots = columns_of([row for row in ROWS if keeps(row)])[name]
    is_text = name in ("lt", "llt", "fixed_t", "t", "s.y.z")
    level = 0
    while any(isinstance(slot, (list, str) if is_text else list) for slot in slots):
        nulls = mounted.load(f"{view}/{name}.null.npy" if level == 0 else f"{view}/{name}.offsets{level}.null.npy")
        assert nulls.dtype == bool and nulls.tolist() == [slot is None for slot in slots], level
        lengths = [len(slot.encode() if isinstance(slot, str) else slot or []) for slot in slots]
        offsets = mounted.load(f"{view}/{name}.offsets.npy" if level == 0 else f"{view}/{name}.offsets{level}.npy")
        assert offsets.tolist() == numpy.cumsum([0, *lengths]).tolist(), level
        if any(isinstance(slot, str) for slot in slots):
            assert not (mounted / view / f"{name}.values.null.npy").exists()
            return
        slots = [entry for slot in slots if slot is not None for entry in slot]
        level += 1
    assert mounted.load(f"{view}/{name}.values.null.npy").tolist() == [slot is None for slot in slots]


def flat(value, shape):
    """The elements of an array, all null where a list in it is."""
    if not shape:
        return [value]
    return [None] * math.prod(shape) if value is None else [element for entry in value for element in flat(entry, shape[1:])]


@pytest.mark.parametrize("view, keeps", [("columns", lambda row: True), ("few", lambda row: (row["i"] or 0) > 50)])
@pytest.mark.parametrize("name", ["fixed", "fixed_i", "fixed_b", "fixed_full", "grid", "ones", "deep", "declared"])
def test_null_elements_of_fixed_lists_are_told_from_stored_values(mounted, view, keeps, name):
    rows = columns_of([row for row in ROWS if keeps(row)])[name]
    shape = {"grid": (2, 3), "ones": (2, 1), "deep": (2, 1, 2), "declared": (2, 2)}.get(name) or (TYPES[name][0].list_size,)
    length = math.prod(shape)
    values, elements, nulls = (mounted.load(f"{view}/{name}{suffix}.npy") for suffix in ("", ".values.null", ".null"))
    assert nulls.tolist() == [row is None for row in rows]
    assert elements.shape == values.shape == (len(rows), *shape)
    rows = [None if row is None else flat(row, shape) for row in rows]
    values, elements = values.reshape(len(rows), length), elements.reshape(len(rows), length)
    assert elements.tolist() == [[True] * length if row is None else [element is None for element in row] for row in rows]
    for row, found, missing in zip(rows, values, elements):
        for stored, value, is_null in zip(row or [], found, missing):
            if not is_null:
                assert value == stored or stored != stored and value != value
    if values.dtype.kind == "f":
        assert numpy.isnan(values[elements]).all()
    else:
        assert not values[elements].any()


def test_schemas_name_the_files(mounted):
    columns = json.loads((mounted / "columns" / "schema.json").read_text())["columns"]
    assert columns["llt"]["files"] == [f"llt.{part}.npy" for part in ("offsets", "offsets1", "offsets1.null", "offsets2", "offsets2.null", "values", "null")]
    assert columns["fixed"]["files"] == ["fixed.npy", "fixed.values.null.npy", "fixed.null.npy"]
    for column in columns.values():
        for name in column["files"]:
            assert (mounted / "columns" / name).stat().st_size > 0


def test_a_file_of_the_source_that_allows_nulls_has_the_column_allow_them(tmp_path):
    for name, values, nullable in (("a", [1, 2], False), ("b", [None, 4], True)):
        parquet.write_table(pyarrow.table({"i": values}, schema=pyarrow.schema([pyarrow.field("i", pyarrow.int32(), nullable=nullable)])), tmp_path / f"{name}.parquet")
    config = {"version": 1, "name": "n", "sources": {"s": {"format": "parquet", "path": str(tmp_path / "*.parquet")}}, "views": {"c": {"source": "s", "layout": "arrays"}}}
    with Mount(tmp_path, config) as mount:
        assert mount.load("c/i.null.npy").tolist() == [False, False, True, False] and mount.load("c/i.npy").tolist() == [1, 2, 0, 4]


def test_rows_of_json_have_decimals_with_their_point(tmp_path):
    """Exactly, for every width that arrays have, in lists too."""
    types = {"narrow": pyarrow.decimal128(9, 2), "long": pyarrow.decimal128(38, 10), "longest": pyarrow.decimal256(76, 40), "list": pyarrow.list_(pyarrow.decimal128(20, 3))}
    texts = ["0.00", "-12.34", "1234567.89", "0.01"]
    rows = [
        {"narrow": Decimal(text), "long": Decimal(text) * 10**20, "longest": -Decimal(text), "list": [Decimal(text), None], "none": None} for text in texts
    ] + [{"narrow": None, "long": None, "longest": None, "list": None, "none": None}]
    schema = pyarrow.schema([*types.items(), ("none", pyarrow.decimal128(5, 1))])
    parquet.write_table(pyarrow.Table.from_pylist(rows, schema), tmp_path / "rows.parquet")
    views = {"v": {"source": "s", "batch_size": 8, "files": ["jsonl"]}}
    with Mount(tmp_path, {"sources": {"s": {"format": "parquet", "path": str(tmp_path / "rows.parquet")}}, "views": views}) as mount:
        found = [json.loads(line, parse_float=Decimal, parse_int=Decimal) for line in (mount / "v/batch-0000.jsonl").read_text().splitlines()]
    assert found == rows
    assert str(found[1]["narrow"]) == "-12.34" and str(found[0]["narrow"]) == "0.00"
