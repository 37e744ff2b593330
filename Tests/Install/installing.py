"""What the tests of the installation share: the staged folder, installing it below a temporary folder, and running things."""

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "Tests/Mounted"))

from mounting import EPOCHFS  # noqa: E402,F401


def run(*command, check=True, **options):
    """Runs a command to its end; what it says is in what is returned, and in the failure."""
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, **options)
    assert not check or result.returncode == 0, f"{command}: {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result


@functools.cache
def staged():
    """The folder that `make install` installs from and `make dist` packs."""
    folder = Path(tempfile.mkdtemp(prefix="epochfs-staged-"))
    atexit.register(shutil.rmtree, folder)
    run(ROOT / "scripts/stage.sh", EPOCHFS, folder / "epochfs")
    return folder / "epochfs"


def install(**variables):
    """Runs install.sh of the staged folder as a user does."""
    return run(staged() / "install.sh", *[f"{name}={value}" for name, value in variables.items()])


def files_below(folder):
    """Relative paths of all that is no folder."""
    return {str(path.relative_to(folder)) for path in Path(folder).rglob("*") if not path.is_dir()}


def needs(*programs):
    """The reason to leave a test out; None where all programs are there."""
    missing = [program for program in programs if shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin") is None]
    return f"needs {', '.join(missing)}" if missing else None
