"""A view with `layout: arrays` in polars: python columns_polars.py VIEW

Columns are mapped, not read: Arrow takes the mapped bytes as they are, so that no copy of a column is made before a query touches it.
"""

import json
import sys
from pathlib import Path

import numpy
import polars
import pyarrow


def mapped(path):
    return numpy.load(path, mmap_mode="r")


def nulls(path):
    """Of a column that may be null: Arrow's bitmap, which has a 1 where there is a value."""
    return pyarrow.py_buffer(numpy.packbits(~mapped(path), bitorder="little")) if path.exists() else None


def ragged(view, name, is_text):
    """Text, bytes and lists of numbers: offsets and values, as Arrow's large types have them too."""
    offsets, values = mapped(view / f"{name}.offsets.npy"), mapped(view / f"{name}.values.npy")
    rows, valid = len(offsets) - 1, nulls(view / f"{name}.null.npy")
    if is_text:
        return pyarrow.Array.from_buffers(pyarrow.large_string(), rows, [valid, pyarrow.py_buffer(offsets), pyarrow.py_buffer(values)])
    elements = pyarrow.array(values)
    return pyarrow.Array.from_buffers(pyarrow.large_list(elements.type), rows, [valid, pyarrow.py_buffer(offsets)], children=[elements])


def column(view, name):
    """A column of a view as an Arrow array; one of fixed shape as a list of its numbers a row."""
    schema = json.loads((view / "schema.json").read_text())["columns"][name]
    if schema["ragged"]:
        return ragged(view, name, schema["text"])
    values, null = mapped(view / f"{name}.npy"), view / f"{name}.null.npy"
    if values.ndim == 1:
        return pyarrow.array(values, mask=mapped(null) if null.exists() else None)
    # NumPy's array over the mapping; reshape and Arrow's buffer are views of it.
    numbers = pyarrow.array(values.reshape(-1))
    return pyarrow.FixedSizeListArray.from_arrays(numbers, int(numpy.prod(values.shape[1:])), mask=pyarrow.array(mapped(null)) if null.exists() else None)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    view = Path(sys.argv[1])
    schema = json.loads((view / "schema.json").read_text())
    columns = {name: column(view, name) for name in schema["columns"]}
    for name, array in columns.items():
        print(f"{name}: {array.type}, {len(array)} rows, {array.null_count} of them null, {array.nbytes / 2**20:.1f} MiB")

    # The first 100 windows: only the shards that hold them are decoded.
    few = columns["features"].slice(0, 100)
    channels = schema["columns"]["features"]["channels"]
    tracks = few.flatten().to_numpy().reshape(len(few), -1, len(channels))
    window = numpy.repeat(numpy.arange(len(few)), tracks.shape[1])
    worker = polars.from_arrow(columns["worker"].slice(0, 100)).gather(window)
    positions = polars.DataFrame({"worker": worker, "window": window, **{name: tracks[:, :, number].reshape(-1) for number, name in enumerate(channels)}})
    speeds = positions.group_by("worker", "window").agg(
        polars.len().alias("positions"), polars.col("sog").mean().alias("mean_sog"), (polars.col("dt_seconds").sum() / 3600).alias("hours")
    )
    print(speeds.sort("mean_sog", descending=True).head(5))


if __name__ == "__main__":
    main()
