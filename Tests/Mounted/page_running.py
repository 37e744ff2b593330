"""Runs the blocks of a page, in order, in a folder of its own with the data that the page speaks of."""

import contextlib
import doctest
import functools
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
from documents import ROOT, blocks, title
from mounting import EPOCHFS, epochfs, take_away
from shards import scalar, write_mds
from shards import text as text_column

# What is run of blocks for the shell. All others build, install or administrate; their words are checked instead.
RUN = {"epochfs", "python3", "cc", "mkdir", "ls", "cat", "head", "export"}
# What `python3` is in a page: an interpreter that has what the script imports.
PYTHON3 = """#!{python} -B
import os, sys
sys.path.append({tests!r})
from page_running import imported, interpreter
code = open(sys.argv[1]).read() if os.path.exists(sys.argv[1]) else ""
python = interpreter(*imported(code)) if imported(code) else None
os.execv(python or sys.executable, [python or sys.executable, "-B", *sys.argv[1:]])
"""
# Told by an interpreter that lacks a package, before anything else of the block is done.
MISSING = re.compile(r"ModuleNotFoundError: No module named '([\w.]+)'")

NO_DATA = re.compile("there is no such file or folder$|matches no file( or folder)?$")


@functools.cache
def interpreter(*packages):
    """A Python with these packages: the tests' own, or the one that EXAMPLES_PYTHON or STREAMING_PYTHON names; None where there is none."""
    for python in (sys.executable, os.environ.get("EXAMPLES_PYTHON"), os.environ.get("STREAMING_PYTHON")):
        if python and subprocess.run([python, "-c", f"import {','.join(packages)}"], capture_output=True).returncode == 0:
            return python
    return None


def imported(code):
    """The packages that a block begins with."""
    names = [name for line in re.findall(r"^import (.+)$", code, re.MULTILINE) for name in re.split(r",\s*", line)]
    return names + re.findall(r"^from ([\w.]+) import", code, re.MULTILINE)


class PageRun:
    """`with PageRun(page, folder, sample) as run: run.all()`; `skipped` says what could not be run here, and why."""

    def __init__(self, page, folder, sample):
        self.page, self.folder, self.skipped = page, Path(folder), []
        (self.folder / "mds").symlink_to(sample / "mds")
        # One folder with a column of fixed shape and one of text: what StreamingDataset reads too.
        columns = {"label": scalar(numpy.arange(1000, dtype=numpy.int32)), "name": text_column([f"vessel {row}" for row in range(1000)])}
        write_mds(self.folder / "streaming", columns, [250] * 4, zstd=True)
        shutil.copytree(ROOT / "examples", self.folder / "examples")
        # Paths of the pages, and what stands for them; longest first.
        self.places = {
            "/tmp/ais-columns": self.folder / "columns",
            "/tmp/ais-data": self.folder / "sample",
            "/tmp/ais": self.folder / "mnt",
            "/tmp/read_batches": self.folder / "read_batches",
            "/mnt/ais": self.folder / "mnt",
            "/data/mds": self.folder / "streaming",
        }
        self.path = self.folder / "bin"
        self.path.mkdir()
        (self.path / "epochfs").symlink_to(EPOCHFS)
        (self.path / "python3").write_text(PYTHON3.format(python=sys.executable, tests=str(Path(__file__).parent)))
        (self.path / "python3").chmod(0o755)
        (self.folder / "mnt").mkdir()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for line in Path("/proc/self/mounts").read_text().splitlines():
            if Path(line.split()[1]).is_relative_to(self.folder):
                take_away(line.split()[1])

    def all(self):
        for block in blocks(self.page):
            run = getattr(self, f"run_{block.language}", None)
            if run is not None:
                run(block, self.placed(block.text))

    def placed(self, text):
        for place, meant in self.places.items():
            text = re.sub(rf"(?<![\w/]){place}(?![\w-])", str(meant), text)
        return text

    def fail(self, block, what):
        raise AssertionError(f"{title(self.page)}:{block.line}: {what}")

    def call(self, command, text=None):
        environment = {**os.environ, "PATH": f"{self.path}:{os.environ['PATH']}"}
        return subprocess.run(command, cwd=self.folder, env=environment, input=text or "", text=True, capture_output=True, timeout=300)

    def run_yaml(self, block, text):
        """A configuration is accepted. One that has a name lies beside `mds`, for the commands that follow; of all others all that may be missing is their data."""
        if not re.search(r"^version:", text, re.MULTILINE):
            return
        path = self.folder / (block.file_name or "elsewhere/page.yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        result = epochfs("check", path, timeout=60)
        complaints = result.stderr.decode().splitlines()
        if result.returncode != 0 and not (complaints and all(NO_DATA.search(line) for line in complaints)):
            self.fail(block, f"refused: {result.stderr.decode()}")

    def run_json(self, block, text):
        json.loads(text)

    def run_pycon(self, block, text):
        """A session: what it says is what comes out."""
        test = doctest.DocTestParser().get_doctest(text, {}, title(self.page), title(self.page), block.line)
        # The blocks of a page go on from one another.
        self.names = getattr(self, "names", {})
        test.globs = self.names
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            failures, _ = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, clear_globs=False)
        if failures:
            self.fail(block, said.getvalue())

    def run_python(self, block, text):
        python = interpreter(*imported(text)) if imported(text) else sys.executable
        if python is None:
            self.skipped.append(f"line {block.line}: no Python with {', '.join(imported(text))}")
            return
        path = self.folder / "block.py"
        path.write_text(text)
        result = self.call([python, "-B", path])
        if result.returncode != 0:
            self.fail(block, result.stderr)

    def run_sh(self, block, text):
        commands = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        if not all(re.sub(r"^(\w+=\S* )*", "", command).split()[0] in RUN for command in commands):
            return
        result = self.call(["bash", "-e"], text)
        missing = MISSING.search(result.stderr)
        if missing and interpreter(missing[1]) is None:
            self.skipped.append(f"line {block.line}: no Python with {missing[1]}")
        elif result.returncode != 0:
            self.fail(block, result.stdout + result.stderr)

    def run_console(self, block, text):
        """Lines `$ command`, and what each says; a command without lines after it may say anything."""
        for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
            result = self.call(["bash", "-e"], command)
            if result.returncode != 0 and not expected:
                self.fail(block, f"{command}: {result.stdout + result.stderr}")
            if expected and not doctest.OutputChecker().check_output(expected, result.stdout + result.stderr, doctest.ELLIPSIS):
                self.fail(block, f"{command} says:\n{result.stdout + result.stderr}\ninstead of:\n{expected}")
