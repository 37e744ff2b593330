"""Footers and pages that promise what is not there are refused with what they promise: no trap, no memory beyond the cap, no waiting."""

import os
import subprocess
import tempfile
import time

import pytest
from hostile_parquet import BYTE_ARRAY, DELTA_LENGTHS, FIXED, column, varint, write, zigzag
from mounting import EPOCHFS, Mount, epochfs, write_config

MIB = 1 << 20


def config(folder, path, view=None, **more):
    return write_config(
        folder, {"memory": "64MiB", "sources": {"s": {"format": "parquet", "path": str(path)}}, "views": {"v": {"source": "s", "batch_size": 4, **(view or {})}}, **more}
    )


def run(*arguments, seconds=20):
    """The status of a run of the program, what it said, and its largest memory in bytes.

    Looked at while it runs: what wait4(2) says has the memory of the process that it was forked from in it, which is this one's.
    """
    begin, largest = time.monotonic(), 0
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen([EPOCHFS, *map(str, arguments)], stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL) as process:
            while process.poll() is None:
                with open(f"/proc/{process.pid}/status") as status:
                    largest = max([largest, *(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))])
                time.sleep(0.001)
        said.seek(0)
        text = said.read().decode(errors="replace")
    assert time.monotonic() - begin < seconds
    return process.returncode, text, largest


@pytest.mark.parametrize("rows", [1 << 45, 1 << 52, 1 << 62, ((1 << 63) - 1) // 5])
@pytest.mark.parametrize("command", [["check"], ["check", "--deep"], ["tree"]])
def test_rows_beyond_counting(tmp_path, rows, command):
    path = write(tmp_path / "x.parquet", [(b"x", column(b"x"))], rows)
    status, text, memory = run(*command, config(tmp_path, path))
    assert status == 1 and "274877906944 rows" in text and "x.parquet" in text, text
    assert memory < 128 * MIB
    assert epochfs("inspect", path).returncode == 1


@pytest.mark.parametrize("groups", [1, 1000])
def test_more_runs_of_rows_than_can_be_kept(tmp_path, groups):
    """Rows of 40 MB each, as the footer has it: every row would be a run."""
    path = write(tmp_path / "x.parquet", [(b"x", column(b"x", FIXED, length=40_000_000))], (1 << 33) // groups, kind=FIXED, groups=groups)
    status, text, memory = run("check", config(tmp_path, path))
    assert status == 1 and "runs of rows" in text and "16777216" in text, text
    assert memory < 128 * MIB


def test_many_rows_are_no_reason_to_refuse(tmp_path):
    """Ten thousand million rows of a byte's worth are cut into few runs; that they are not there is an error of their pages."""
    path = write(tmp_path / "x.parquet", [(b"x", column(b"x"))], 10**10)
    status, text, memory = run("check", config(tmp_path, path))
    assert status == 0, text
    assert memory < 256 * MIB


def test_no_columns(tmp_path):
    path = write(tmp_path / "none.parquet", [], 10)
    good = write(tmp_path / "good.parquet", [(b"x", column(b"x"))], 10)
    sources = {"s": {"format": "parquet", "path": str(good)}, "u": {"format": "parquet", "path": str(path)}}
    for command in [["check"], ["check", "--deep"]]:
        status, text, _ = run(*command, config(tmp_path, good, sources=sources))
        assert status == 1 and "none.parquet" in text and "no columns" in text, text


def test_a_check_takes_no_memory_for_rows_it_does_not_keep(tmp_path):
    """A row group of 4 GB as the footer has it: deep checks go page by page."""
    path = write(tmp_path / "x.parquet", [(b"x", column(b"x"))], 10**9)
    status, text, memory = run("check", "--deep", config(tmp_path, path))
    assert status == 1 and "expected 1000000000 values" in text, text
    assert memory < 128 * MIB


@pytest.mark.parametrize("name, files", [(b"n" * 61_000, ["npz"]), (b"n" * 300, ["npz"]), (b"n" * 300, ["npy"])])
def test_names_beyond_those_of_files(tmp_path, name, files):
    """Every name that is listed can be opened; a tensor's name is shortened as a folder's is."""
    path = write(tmp_path / "x.parquet", [(name, column(name)), (b"y", column(b"y"))], 10)
    view = {"files": files}
    with Mount(tmp_path, config(tmp_path, path, view)) as mount:
        names = mount.batches("v")
        assert len(names) == 3 * (1 if files == ["npz"] else 2)
        for name in names:
            assert len(name) <= 255
            loaded = mount.load(f"v/{name}")
            if files == ["npz"]:
                assert len(loaded.files) == 2 and "y" in loaded.files


def test_more_members_than_an_archive_has(tmp_path):
    columns = [(b"c%d" % number, column(b"c%d" % number)) for number in range(65_536)]
    path = write(tmp_path / "x.parquet", columns, 10)
    status, text, _ = run("check", config(tmp_path, path, {"files": ["npz"]}), seconds=60)
    assert status == 1 and "65536 tensors" in text and "65535" in text and "v" in text, text


@pytest.mark.parametrize("view", [{"tensors": {"x": {"column": "a"}}}, {"layout": "arrays"}])
def test_equal_names(tmp_path, view):
    """Each is found its number at once."""
    path = write(tmp_path / "x.parquet", [(b"a", column(b"a"))] * 40_000, 10)
    body = {"source": "s", **view}
    if "layout" not in view:
        body["batch_size"] = 4
    path = write_config(tmp_path, {"memory": "1GiB", "sources": {"s": {"format": "parquet", "path": str(path)}}, "views": {"v": body}})
    status, text, _ = run("check", path, seconds=20)
    assert status == 0, text


def test_many_columns_in_another_order(tmp_path):
    columns = [(b"c%d" % number, column(b"c%d" % number)) for number in range(40_000)]
    write(tmp_path / "a.parquet", columns, 10)
    write(tmp_path / "b.parquet", columns[::-1], 10)
    status, text, _ = run("check", config(tmp_path, tmp_path / "*.parquet", {"tensors": {"x": {"column": "c7"}}}), seconds=10)
    assert status == 0, text


def test_a_page_of_millions_of_values_in_a_few_bytes(tmp_path):
    """Decimals in byte arrays are found their places first: eight bytes for each value, of the cap."""
    count = 8_000_000
    # One block of deltas, all 0: every decimal has no bytes.
    body = varint(1 << 30) + varint(1) + varint(count) + zigzag(0) + zigzag(0) + b"\0"
    path = write(tmp_path / "x.parquet", [(b"x", column(b"x", BYTE_ARRAY, decimal=9))], count, kind=BYTE_ARRAY, body=body, encoding=DELTA_LENGTHS)
    status, text, memory = run("check", "--deep", config(tmp_path, path, memory="100MiB"))
    assert status == 1 and "memory" in text, text
    assert memory < 128 * MIB
    assert run("check", "--deep", config(tmp_path, path, memory="256MiB"))[0] == 0
