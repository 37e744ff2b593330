"""A null integer or boolean is NaN where a tensor's values are floats, as pyarrow's own to_numpy has it; where they are integers it is EIO, and the log says what to do."""

import errno
import random

import numpy
import pytest
from mounting import Mount

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

COUNT, SIZE, GROUP = 240, 20, 70
R = random.Random(5)
BIG = [2**63 - 1, 2**53 + 1, 2**62 + 12345]


def maybe(row, value):
    """Every other batch is without nulls."""
    return None if row // SIZE % 2 and R.random() < 0.3 else value


ROWS = [
    {
        "id": row,
        "i": maybe(row, R.randrange(-(2**31), 2**31)),
        "small": maybe(row, R.randrange(-128, 128)),
        "b": maybe(row, R.random() < 0.5),
        "u": maybe(row, R.choice([2**64 - 1, *BIG, R.randrange(2**64)])),
        "l": maybe(row, R.choice([-(2**63), *BIG, R.randrange(-(2**63), 2**63)])),
        "f": maybe(row, R.uniform(-5, 5)),
        "v": maybe(row, [R.randrange(-(2**15), 2**15) for _ in range(3)]),
        "grid": maybe(row, [[R.randrange(256) for _ in range(2)] for _ in range(2)]),
        "bits": maybe(row, [R.random() < 0.5]),
        "e": [row, None if row == 45 else row] if row != 33 else None,
        "s": maybe(row, {"x": maybe(row, row)}),
    }
    for row in range(COUNT)
]
SCHEMA = pyarrow.schema(
    [
        ("id", pyarrow.int32()),
        ("i", pyarrow.int32()),
        ("small", pyarrow.int8()),
        ("b", pyarrow.bool_()),
        ("u", pyarrow.uint64()),
        ("l", pyarrow.int64()),
        ("f", pyarrow.float32()),
        ("v", pyarrow.list_(pyarrow.int16(), 3)),
        ("grid", pyarrow.list_(pyarrow.list_(pyarrow.uint8(), 2), 2)),
        ("bits", pyarrow.list_(pyarrow.bool_(), 1)),
        ("e", pyarrow.list_(pyarrow.int32(), 2)),
        ("s", pyarrow.struct([("x", pyarrow.int64())])),
    ]
)
SHAPES = {"v": (3,), "grid": (2, 2), "bits": (1,)}
FLOATS = ("float16", "float32", "float64")


def values(name, rows, dtype):
    """What NumPy makes of some rows of a column: of scalars by pyarrow's way, a null list all NaN."""
    if name not in SHAPES:
        # By way of Python's exact integers, so that each is rounded once.
        own = numpy.array([row["s"]["x"] if row["s"] else None for row in rows] if name == "s.x" else [row[name] for row in rows], object)
        known = numpy.array([value is not None for value in own], bool)
        result = numpy.full(len(rows), numpy.nan, dtype)
        wide = numpy.array([int(value) if name != "f" else value for value in own[known]], {"u": "u8", "f": "f4"}.get(name, "i8"))
        with numpy.errstate(over="ignore"):
            result[known] = wide.astype(dtype)
        return result
    return numpy.array([numpy.full(SHAPES[name], numpy.nan) if row[name] is None else row[name] for row in rows]).astype(dtype)


TENSORS = {f"{name}-{dtype}": {"column": name, "dtype": dtype} for name in ("i", "small", "b", "u", "l", "f", "v", "grid", "bits", "s.x") for dtype in FLOATS}
TRANSFORMS = {
    "filled": {"column": "i", "transform": {"*": [{"nan_to": 0}]}},
    "scaled": {"column": "v", "transform": {"*": [{"divide": 100}]}},
    "flags": {"column": "b", "transform": {"*": [{"nan_to": 0.5}]}},
    "whole": {"column": "small", "transform": {"*": [{"nan_to": -1}]}, "dtype": "int16"},
    "stack": {"columns": ["small", "f", "b"]},
    "stack-filled": {"columns": ["small", "b"], "transform": {"b": [{"nan_to": 2}]}},
    "stack-64": {"columns": ["l", "u", "id"], "dtype": "float64"},
    "stack-part": {"columns": ["i", "id"], "channels": ["id"]},
}
INTEGERS = {
    "plain": {"column": "i"},
    "narrow": {"column": "id", "dtype": "int16"},
    "wide": {"column": "small", "dtype": "int64"},
    "list": {"column": "v"},
    "bool": {"column": "b"},
    "computed": {"column": "small", "transform": {"*": [{"multiply": 2}]}, "dtype": "int32"},
    "integers": {"columns": ["id", "i"]},
    "elements": {"column": "e", "dtype": "float64"},
}


@pytest.fixture(scope="module", params=["1.0", "2.0"])
def mounted(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nulls")
    table = pyarrow.Table.from_pylist(ROWS, SCHEMA)
    parquet.write_table(table, folder / "rows.parquet", row_group_size=GROUP, data_page_size=256, write_batch_size=16, data_page_version=request.param)
    view = {"source": "s", "batch_size": SIZE}
    views = {
        "floats": {**view, "tensors": TENSORS},
        "transforms": {**view, "tensors": TRANSFORMS},
        "integers": {**view, "tensors": INTEGERS},
        "kept": {**view, "tensors": {"id": {"column": "id"}, "i": {"column": "i", "dtype": "float64"}, "e": {"column": "e", "dtype": "float64"}}, "filter": "id != 7", "epochs": 1, "order": {"block": 30}},
    }
    for name in TENSORS:
        views[name] = {**view, "tensors": {"x": TENSORS[name]}}
    with Mount(folder, {"sources": {"s": {"format": "parquet", "path": str(folder / "rows.parquet")}}, "views": views}) as mount:
        yield mount


def batches():
    return [(batch, ROWS[batch * SIZE : (batch + 1) * SIZE]) for batch in range(COUNT // SIZE)]


def same(found, expected):
    """The same bits, where NaN has those of NumPy's."""
    return found.dtype == expected.dtype and found.shape == expected.shape and found.tobytes() == expected.tobytes()


def test_the_rows_have_nulls_and_batches_without():
    for name in ("i", "b", "u", "l", "v", "grid", "bits"):
        nulls = [any(row[name] is None for row in rows) for _, rows in batches()]
        assert nulls == [False, True] * (len(nulls) // 2), name


def test_the_model_is_pyarrows():
    table = pyarrow.Table.from_pylist(ROWS, SCHEMA)
    for name in ("i", "small", "u", "l", "f"):
        assert numpy.array_equal(table.column(name).to_numpy(), values(name, ROWS, "float64"), equal_nan=True), name


@pytest.mark.parametrize("name", TENSORS)
def test_null_rows_are_nan_in_floats(mounted, name):
    column, dtype = name.split("-")
    for batch, rows in batches():
        expected = values(column, rows, dtype)
        for path in (f"floats/batch-{batch:04}.{name}.npy", f"{name}/batch-{batch:04}.npy"):
            found = mounted.load(path)
            assert same(found, expected), (path, found, expected)


def columns(*names, dtype):
    return lambda rows: numpy.stack([values(name, rows, dtype) for name in names], -1)


def filled(name, value, dtype="float32"):
    return lambda rows: numpy.nan_to_num(values(name, rows, dtype), nan=value)


def stack_filled(rows):
    expected = columns("small", "b", dtype="float32")(rows)
    expected[:, 1] = numpy.nan_to_num(expected[:, 1], nan=2)
    return expected


EXPECTED = {
    "filled": filled("i", 0),
    "scaled": lambda rows: values("v", rows, "float32") / numpy.float32(100),
    "flags": filled("b", 0.5),
    "whole": lambda rows: filled("small", -1)(rows).astype("int16"),
    "stack": columns("small", "f", "b", dtype="float32"),
    "stack-filled": stack_filled,
    "stack-64": columns("l", "u", "id", dtype="float64"),
    "stack-part": lambda rows: numpy.array([[row["id"]] for row in rows], "int32"),
}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_arithmetic_and_stacks_take_them_as_nan(mounted, name):
    for batch, rows in batches():
        found, expected = mounted.load(f"transforms/batch-{batch:04}.{name}.npy"), EXPECTED[name](rows)
        assert found.dtype == expected.dtype and numpy.array_equal(found, expected, equal_nan=True), (batch, found, expected)


def fails(path):
    with pytest.raises(OSError) as found, open(path, "rb") as file:
        file.read()
    assert found.value.errno == errno.EIO


# The column to blame, and the type that would have NaN.
REMEDIES = {"plain": ("i", "float64"), "wide": ("small", "float64"), "list": ("v", "float32"), "bool": ("b", "float32"), "computed": ("small", "float64"), "integers": ("i", "float64")}


@pytest.mark.parametrize("name", INTEGERS)
def test_integers_have_no_value_for_them_and_the_log_says_what_to_do(mounted, name):
    for batch, rows in batches():
        path = f"integers/batch-{batch:04}.{name}.npy"
        if name == "elements":
            # A null row is shown, a null element of a row is not: which one it is nobody knows there.
            if 45 // SIZE == batch:
                fails(mounted / path)
                message = mounted.errors()[-1]["message"]
                assert "an element of column e is null there" in message and "`files: [jsonl]` and `layout: arrays` show such rows" in message
            else:
                expected = numpy.array([[numpy.nan] * 2 if row["e"] is None else row["e"] for row in rows], "float64")
                assert same(mounted.load(path), expected)
        elif name == "narrow" or not any(row[REMEDIES[name][0]] is None for row in rows):
            column, factor = {"narrow": ("id", 1), "wide": ("small", 1), "computed": ("small", 2), "plain": ("i", 1), "list": ("v", 1), "bool": ("b", 1), "integers": ("i", 1)}[name]
            found, expected = mounted.load(path), numpy.array([row[column] for row in rows]) * factor
            assert numpy.array_equal(found[:, 1] if name == "integers" else found, expected)
        else:
            column, dtype = REMEDIES[name]
            fails(mounted / path)
            message = next(error["message"] for error in reversed(mounted.errors()) if error["path"] == path)
            assert f"column {column} is null there" in message and f"`dtype: {dtype}` shows it as NaN" in message
            assert f"`filter: {column} is not null`" in message and "`files: [jsonl]` and `layout: arrays`" in message


def test_rows_that_are_kept_for_the_next_block_keep_their_nulls(mounted):
    """Of a filtered source what is kept of a shard is a copy, which must not take a null element for a null row."""
    seen = 0
    for name in mounted.batches("kept/epoch-0"):
        if not name.endswith(".id.npy"):
            continue
        stem = mounted / "kept/epoch-0" / name.removesuffix(".id.npy")
        ids = numpy.load(f"{stem}.id.npy").tolist()
        rows = [ROWS[row] for row in ids]
        seen += len(ids)
        assert same(numpy.load(f"{stem}.i.npy"), values("i", rows, "float64"))
        if 45 in ids:
            fails(f"{stem}.e.npy")
        else:
            assert same(numpy.load(f"{stem}.e.npy"), numpy.array([[numpy.nan] * 2 if row["e"] is None else row["e"] for row in rows], "float64"))
    assert seen == COUNT - 1
