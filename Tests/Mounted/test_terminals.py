"""Bars and screens fit the terminal: nothing wraps, so that what is drawn again is drawn in its place."""

import os
import re
import time

import pyarrow
import pyarrow.parquet
import pytest
from conftest import BATCH, FEATURES
from mounting import Mount, epochfs, take_away, write_config
from terminals import Terminal, lines

WIDTHS = [40, 60, 80]


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    """A configuration that takes a while to open: many footers of many columns."""
    folder = tmp_path_factory.mktemp("slow")
    (folder / "many").mkdir()
    first = folder / "many/0000.parquet"
    pyarrow.parquet.write_table(pyarrow.table({f"column_{number}": pyarrow.array([1, 2], pyarrow.int32()) for number in range(800)}), first)
    for number in range(1, 800):
        os.link(first, folder / f"many/{number:04d}.parquet")
    tensors = {"x": {"column": "column_0"}}
    return write_config(
        folder, {"memory": "64MiB", "sources": {"observations": {"format": "parquet", "path": str(folder / "many")}}, "views": {"v": {"source": "observations", "batch_size": 2, "tensors": tensors}}}
    )


def bars(terminal, label):
    """The states of the bar of one work, each shorter than a line."""
    states = [state for line in lines(terminal.read()) for state in line.split("\r") if state.startswith(label[:20]) and "%" in state]
    assert terminal.process.wait(20) == 0, terminal.drawn
    assert states and max(map(len, states)) < terminal.columns, terminal.drawn
    assert all(re.search(r" \d+%", state) for state in states), states
    return states


@pytest.mark.parametrize("columns", WIDTHS)
def test_sampling_fits(columns, tmp_path):
    with Terminal(columns, 24, "sample", tmp_path / "data", "--shards", 6) as terminal:
        states = bars(terminal, "Sampling")
    assert all("[" in state for state in states)
    assert any("windows/s" in state for state in states) == (columns > 40)


@pytest.mark.parametrize("columns", WIDTHS)
def test_checking_fits(columns, slow):
    with Terminal(columns, 24, "check", "--deep", slow) as terminal:
        opening = bars(terminal, "source observations: opening")
        assert any("[" in state for state in opening) == (columns > 40)
        assert columns == 60 or any("files" in state for state in opening) == (columns > 60)
        bars(terminal, "Checking")


@pytest.mark.parametrize("columns", WIDTHS)
def test_mounting_fits(columns, slow, tmp_path):
    """The bar is drawn by the daemon, whose standard error is no terminal."""
    try:
        with Terminal(columns, 24, "mount", slow, tmp_path) as terminal:
            bars(terminal, "source observations: opening")
        assert os.path.ismount(tmp_path)
    finally:
        epochfs("unmount", tmp_path)
        take_away(tmp_path)


@pytest.mark.parametrize("columns, rows", [(40, 12), (60, 24), (80, 24), (200, 50), (30, 5)])
def test_top_fits(columns, rows, tmp_path, stored):
    folder = tmp_path / "a-folder-with-a-rather-long-name"
    folder.mkdir()
    with Mount(folder, stored.config({"train": {"source": "windows", "batch_size": BATCH, "epochs": 2, "tensors": FEATURES}})) as mount:
        mount.load("train/epoch-0/batch-0000.npy")
        with Terminal(columns, rows, "top", mount.path, "--interval", 0.1) as terminal:
            terminal.read(lambda drawn: drawn.count("\x1b[H") > 2)
            terminal.type("q")
            terminal.read()
            assert terminal.process.wait(20) == 0
    screens = [lines(screen) for screen in terminal.drawn.split("\x1b[H")[1:-1]]
    assert screens
    for screen in screens:
        assert len(screen) <= rows and max(map(len, screen)) < columns, screen
        assert screen[0].startswith("EpochFS ") and str(mount.path)[-12:] in screen[0]
        # Facts stand there whole or not at all.
        assert re.fullmatch(r"EpochFS \S+(   up [\d.]+ s(   (passthrough|replies)(   last [\d.]+ s)?)?)?", screen[0])
        if rows >= 12:
            assert [line.split()[0] for line in screen if line][-2:] == ["memory", "errors"]
            memory = next(line for line in screen if line.startswith("memory"))
            assert "of 64.0 MiB" in memory and ("at most" in memory) == (columns > 40)


def test_top_follows_the_size(mount):
    """A terminal that becomes narrower while it is watched."""
    with Terminal(100, 30, "top", mount.path, "--interval", 0.1) as terminal:
        terminal.read(lambda drawn: drawn.count("\x1b[H") > 1)
        terminal.resize(40, 12)
        time.sleep(0.3)
        before = len(terminal.drawn)
        terminal.read(lambda drawn: drawn.count("\x1b[H", before) > 4)
        last = lines(terminal.drawn.split("\x1b[H")[-2])
        assert len(last) <= 12 and max(map(len, last)) < 40
