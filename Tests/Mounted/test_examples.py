"""The programs of examples/ do what they say; what they print is compared with NumPy's view of the same mount."""

import ast
import re
import subprocess

import numpy
import pytest
from documents import ROOT
from mounting import Mount
from page_running import interpreter
from shards import raw, scalar, text, write_mds

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
    """The example as it is, and its function for columns on text, scalars and fixed shapes."""
    monkeypatch.setenv("AIS_DATA", str(sample))
    (tmp_path / "example").mkdir()
    with Mount(tmp_path / "example", EXAMPLES / "columns.yaml") as mount:
        said = run("columns_polars.py", mount / "windows", packages=("polars", "pyarrow", "numpy"))
        assert "windows: 960 windows; features (960, 928, 5), 16 MiB, mapped" in said and "mean_sog" in said

    names = [f"vessel {row}" + "é" * (row % 3) for row in range(50)]
    numbers = numpy.arange(50, dtype=numpy.int32) * 3
    shapes = numpy.arange(50 * 6, dtype=numpy.float32).reshape(50, 2, 3)
    data = write_mds(tmp_path / "data", {"name": text(names), "number": scalar(numbers), "shape": raw(shapes)}, [20, 30])
    source = {"format": "mds", "path": str(data.path), "columns": {"shape": {"dtype": "float32", "shape": [2, 3]}}}
    with Mount(tmp_path, {"sources": {"s": source}, "views": {"v": {"source": "s", "layout": "arrays"}}}) as mount:
        code = """
import sys; from pathlib import Path; from columns_polars import column, polars
view = Path(sys.argv[1])
frame = polars.DataFrame({name: polars.from_arrow(column(view, name)) for name in ("name", "number", "shape")})
print(repr((frame["name"].to_list(), frame["number"].to_list(), frame["shape"].to_list())))
"""
        python = interpreter("polars", "pyarrow", "numpy")
        result = subprocess.run([python, "-B", "-c", code, mount / "v"], cwd=EXAMPLES, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr
        assert ast.literal_eval(result.stdout) == (names, numbers.tolist(), shapes.reshape(50, 6).tolist())
