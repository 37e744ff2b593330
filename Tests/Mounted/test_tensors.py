"""Tensors: slices, channels, operations and casts against NumPy, in float64 where the program's own functions are approximations."""

import json

import numpy
import pytest
from conftest import ROWS
from mounting import Mount

BATCH = 100
F32 = numpy.float32


def all_operations(x):
    radians = numpy.radians(x[..., 3].astype(numpy.float64))
    return numpy.stack(
        [
            x[..., 0] / F32(90),
            x[..., 1] / F32(180),
            numpy.clip(x[..., 2], 0, 30) / F32(30),
            numpy.sin(radians),
            numpy.cos(radians),
            numpy.log1p(x[..., 4].astype(numpy.float64)) / 10,
        ],
        -1,
    ).astype(F32)


# name: the tensor's configuration, and what NumPy makes of all rows.
EXACT = {
    "sliced": ({"slice": ":8"}, lambda x: x[:, :8]),
    "tail": ({"slice": "-3:"}, lambda x: x[:, -3:]),
    "stepped": ({"slice": "1:20:4"}, lambda x: x[:, 1:20:4]),
    "indexed": ({"slice": "7, :2"}, lambda x: x[:, 7, :2]),
    "chosen": ({"channels": ["sog", "lat"]}, lambda x: x[..., [2, 0]]),
    "sliced_chosen": ({"slice": "8:", "channels": ["lat", "lon"]}, lambda x: x[:, 8:, :2]),
    "half": ({"channels": ["sog"], "dtype": "float16"}, lambda x: x[..., 2:3].astype(numpy.float16)),
    "double": ({"dtype": "float64"}, lambda x: x.astype(numpy.float64)),
    "whole": ({"channels": ["dt_seconds"], "dtype": "int32"}, lambda x: x[..., 4:].astype(numpy.int32)),
    "arithmetic": (
        {"channels": ["lat", "sog"], "transform": {"lat": [{"add": 3}, {"multiply": 0.1}], "sog": [{"subtract": 1.5}, {"divide": 7}]}},
        lambda x: numpy.stack([(x[..., 0] + F32(3)) * F32(0.1), (x[..., 2] - F32(1.5)) / F32(7)], -1),
    ),
    "clamped": ({"channels": ["sog"], "transform": {"sog": [{"clamp": [0, 30]}]}}, lambda x: numpy.clip(x[..., 2:3], 0, 30)),
    "everywhere": ({"transform": {"*": [{"multiply": 2}]}}, lambda x: x * F32(2)),
}
# The same, and the names of the channels.
CLOSE = {
    "normal": (
        {
            "slice": ":16",
            "transform": {
                "lat": [{"divide": 90}],
                "lon": [{"divide": 180}],
                "sog": [{"clamp": [0, 30]}, {"divide": 30}],
                "cog": [{"sin_cos": "degrees"}],
                "dt_seconds": ["log1p", {"divide": 10}],
            },
        },
        lambda x: all_operations(x[:, :16]),
        ["lat", "lon", "sog", "cog_sin", "cog_cos", "dt_seconds"],
    ),
    "radians": (
        {"channels": ["sog"], "transform": {"sog": [{"sin_cos": "radians"}]}},
        lambda x: numpy.stack([numpy.sin(x[..., 2].astype(numpy.float64)), numpy.cos(x[..., 2].astype(numpy.float64))], -1).astype(F32),
        ["sog_sin", "sog_cos"],
    ),
    "standard": (
        {"channels": ["lat"], "transform": {"lat": [{"standardize": {"mean": 12.5, "std": 3}}]}},
        lambda x: ((x[..., :1] - F32(12.5)) / F32(3)),
        ["lat"],
    ),
}


@pytest.fixture(scope="module")
def tensors(tmp_path_factory, stored):
    definitions = {name: {"column": "features", **entry[0]} for name, entry in {**EXACT, **CLOSE}.items()}
    views = {"tasks": {"source": "windows", "batch_size": BATCH, "tensors": definitions}}
    with Mount(tmp_path_factory.mktemp("tensors"), stored.config(views)) as mount:
        yield mount


def whole(mount, name):
    return numpy.concatenate([mount.load(f"tasks/{batch}") for batch in mount.batches("tasks") if batch.endswith(f".{name}.npy")])


@pytest.mark.parametrize("name", EXACT)
def test_exact(tensors, stored, name):
    got, expected = whole(tensors, name), EXACT[name][1](stored.features)
    assert got.dtype == expected.dtype and got.shape == expected.shape
    assert numpy.array_equal(got, expected)


@pytest.mark.parametrize("name", CLOSE)
def test_close(tensors, stored, name):
    got, expected = whole(tensors, name), CLOSE[name][1](stored.features)
    assert got.dtype == expected.dtype and got.shape == expected.shape
    assert numpy.allclose(got, expected, rtol=1e-6, atol=1e-6)


def test_schema(tensors, stored):
    schema = json.loads((tensors / "tasks/schema.json").read_text())["tensors"]
    assert list(schema) == [*EXACT, *CLOSE] or sorted(schema) == sorted([*EXACT, *CLOSE])
    for name, (_, compute, *channels) in {**EXACT, **CLOSE}.items():
        expected = compute(stored.features[:1])
        assert schema[name]["dtype"] == expected.dtype.str and schema[name]["shape"] == list(expected.shape[1:]), name
        if channels:
            assert schema[name]["channels"] == channels[0]
    assert schema["sliced_chosen"]["channels"] == ["lat", "lon"]


def test_values_that_are_not_numbers(tmp_path):
    from shards import raw, write_mds

    values = numpy.array([[1.5, numpy.nan], [numpy.inf, -numpy.inf], [-0.0, 1e-45]], F32)
    data = write_mds(tmp_path / "data", {"x": raw(values)}, [3])
    config = {
        "memory": "64MiB",
        "sources": {"s": {"format": "mds", "path": str(data.path), "columns": {"x": {"dtype": "float32", "shape": [2], "channels": ["a", "b"]}}}},
        "views": {"v": {"source": "s", "batch_size": 3, "tensors": {
            "as_is": {"column": "x"},
            "filled": {"column": "x", "transform": {"*": [{"nan_to": 7}]}},
            "clamped": {"column": "x", "transform": {"*": [{"clamp": [-2, 2]}]}},
        }}},
    }
    with Mount(tmp_path, config) as mount:
        assert mount.load("v/batch-0000.as_is.npy").tobytes() == values.tobytes()
        assert numpy.array_equal(mount.load("v/batch-0000.filled.npy"), numpy.where(numpy.isnan(values), F32(7), values))
        assert numpy.array_equal(mount.load("v/batch-0000.clamped.npy"), numpy.clip(values, -2, 2), equal_nan=True)


def test_the_files_of_a_batch_hold_the_same_samples(tmp_path, stored):
    tensors = {"features": {"column": "features"}, "label": {"column": "label"}, "grid": {"column": "grid"}}
    view = {"source": "windows", "batch_size": 64, "epochs": 1, "order": {"seed": 9, "block": 200}, "tensors": tensors}
    with Mount(tmp_path, stored.config({"train": view})) as mount:
        seen = []
        for number in range(-(-ROWS // 64)):
            rows = stored.rows_of(mount.load(f"train/epoch-0/batch-{number:04d}.features.npy"))
            assert mount.load(f"train/epoch-0/batch-{number:04d}.label.npy").tolist() == stored.label[rows].tolist()
            assert numpy.array_equal(mount.load(f"train/epoch-0/batch-{number:04d}.grid.npy"), stored.grid[rows])
            seen += rows
    assert sorted(seen) == list(range(ROWS))
