"""The programs of examples/ do what they say; what they print is compared with NumPy's view of the same mount."""

import ast
import re
import subprocess

import numpy
import pyarrow
import pyarrow.parquet
import pytest
from documents import ROOT
from mounting import Mount
from page_running import interpreter

EXAMPLES = ROOT / "examples"


def run(name, *arguments, packages=("numpy",)):
    python = interpreter(*packages)
    if python is None:
        pytest.skip(f"no Python with {', '.join(packages)}; EXAMPLES_PYTHON=... names one")
    result = subprocess.run([python, "-B", EXAMPLES / name, *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_loss_goes_down(sample_mount):
    losses = [float(loss) for loss in re.findall(r"loss (\S+) in 15 batches", run("train_next_position.py", sample_mount.path, 3, packages=("torch", "numpy")))]
    assert len(losses) == 3 and losses[2] < losses[0]
    assert losses[0] < 0.55, "a vessel that stays where it is would have that"


def test_two_ranks_share_an_epoch(sample_mount):
    said = run("two_ranks.py", sample_mount.path)
    epoch = sorted(sample_mount.path.glob("train/epoch-0/batch-*.input.npy"))
    samples = sum(len(numpy.load(path)) for path in epoch)
    for rank in range(2):
        folder = sample_mount / f"train/epoch-0/rank-{rank}-of-2"
        batches = [numpy.load(path) for path in sorted(folder.glob("batch-*.input.npy"))]
        speed = numpy.mean([batch[:, :, 2].mean(dtype=float) for batch in batches]) * 30
        assert f"rank {rank} of 2: {len(batches)} batches, {sum(map(len, batches))} rows, mean speed {speed:.2f} knots" in said
    # 15 batches for two ranks: 8 each, so that one is dealt twice.
    assert f"together: {samples} different rows, 64 of them twice" in said


def test_c_reads_what_numpy_reads(sample_mount, tmp_path):
    program = tmp_path / "read_batches"
    compiled = subprocess.run(["cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O2", "-o", program, EXAMPLES / "read_batches.c", "-lm"], capture_output=True, text=True)
    assert compiled.returncode == 0, compiled.stderr
    paths = [sample_mount / f"train/epoch-0/{name}.npy" for name in ("batch-0000.input", "batch-0014.target")]
    said = subprocess.run([program, *paths], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    for path, line in zip(paths, said.stdout.splitlines(), strict=True):
        batch = numpy.load(path)
        assert line.startswith(f"{path}: {batch.shape}, means")
        means = [float(word) for word in line.split("means")[1].split()]
        assert numpy.allclose(means, batch.mean(axis=(0, 1), dtype=float), atol=1e-6)

    # What is no batch of float32 is told, and nothing is read beyond its end.
    short = tmp_path / "short.npy"
    short.write_bytes(paths[0].read_bytes()[:-4])
    double = tmp_path / "double.npy"
    numpy.save(double, numpy.zeros(3))
    for path in (short, double, tmp_path / "none.npy"):
        refused = subprocess.run([program, path], capture_output=True, text=True)
        assert refused.returncode == 1 and str(path) in refused.stderr


def test_columns_in_polars(sample, tmp_path, monkeypatch):
    """The example as it is: what it prints of every column, and of a query over the first windows."""
    monkeypatch.setenv("AIS_DATA", str(sample))
    with Mount(tmp_path, EXAMPLES / "columns.yaml") as mount:
        said = run("columns_polars.py", mount / "windows", packages=("polars", "pyarrow", "numpy"))
        speeds = mount.load("windows/features.npy", mmap_mode="r")[:100, :, 2].mean(axis=1)
    assert "features: fixed_size_list<item: float>[4640], 960 rows, 0 of them null, 17.0 MiB" in said
    assert "worker: large_string, 960 rows, 0 of them null" in said
    fastest = re.findall(r"│ (\d\d) +┆ (\d+) +┆ 928 +┆ ([\d.]+)", said)
    assert [int(window) for _, window, _ in fastest] == numpy.argsort(-speeds)[:5].tolist()
    assert numpy.allclose([float(speed) for *_, speed in fastest], sorted(speeds)[:-6:-1]) and {worker for worker, *_ in fastest} == {"00"}


COLUMNS = """
import re, sys; from pathlib import Path; from columns_polars import column, polars
view = Path(sys.argv[1])
arrays = {name: column(view, name) for name in sys.argv[2:]}
print(repr({name: polars.from_arrow(array).to_list() for name, array in arrays.items()}))
maps = [(int(begin, 16), int(end, 16), path) for begin, end, path in re.findall(r"^(\\w+)-(\\w+) .*?(/.*npy)$", Path("/proc/self/maps").read_text(), re.MULTILINE)]
def values(array):
    return values(array.values) if hasattr(array, "values") else array.buffers()[-1].address
print(repr({name: next((path for begin, end, path in maps if begin <= values(array) < end), None) for name, array in arrays.items()}))
"""


def test_columns_are_mapped_with_their_nulls(tmp_path):
    """The example's function for columns on every kind of them: its values are those that were written, and lie where the file is mapped."""
    names = [f"vessel {row}" + "é" * (row % 3) if row % 7 else None for row in range(50)]
    numbers = [row * 3 if row % 5 else None for row in range(50)]
    shapes = [[float(row + place) for place in range(6)] if row % 4 else None for row in range(50)]
    lists = [list(range(row % 3)) for row in range(50)]
    table = pyarrow.table({
        "name": pyarrow.array(names), "number": pyarrow.array(numbers, pyarrow.int32()), "shape": pyarrow.array(shapes, pyarrow.list_(pyarrow.float32(), 6)),
        "list": pyarrow.array(lists, pyarrow.list_(pyarrow.int16())),
    })  # fmt: skip
    pyarrow.parquet.write_table(table, tmp_path / "rows.parquet")
    source = {"format": "parquet", "path": str(tmp_path / "rows.parquet")}
    with Mount(tmp_path, {"sources": {"s": source}, "views": {"v": {"source": "s", "layout": "arrays"}}}) as mount:
        python = interpreter("polars", "pyarrow", "numpy")
        result = subprocess.run([python, "-B", "-c", COLUMNS, mount / "v", *table.column_names], cwd=EXAMPLES, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        found, places = map(ast.literal_eval, result.stdout.splitlines())
        assert found == {"name": names, "number": numbers, "shape": shapes, "list": lists}
        files = {"name": "name.values.npy", "number": "number.npy", "shape": "shape.npy", "list": "list.values.npy"}
        assert places == {name: str(mount / "v" / file) for name, file in files.items()}


@pytest.mark.parametrize("name", ["train_next_position.py", "two_ranks.py", "columns_polars.py"])
def test_without_arguments_the_usage_is_said(name):
    python = interpreter(*{"train_next_position.py": ["torch", "numpy"], "columns_polars.py": ["polars", "pyarrow", "numpy"]}.get(name, ["numpy"]))
    if python is None:
        pytest.skip("no Python with its packages")
    result = subprocess.run([python, "-B", EXAMPLES / name], capture_output=True, text=True)
    assert result.returncode == 1 and f"python {name} " in result.stderr and "Traceback" not in result.stderr
