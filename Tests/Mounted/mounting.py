"""A mount under test: starts the program, waits until the mount answers, and takes it away again whatever happened."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import numpy

EPOCHFS = os.environ.get("EPOCHFS", str(Path(__file__).parents[2] / ".build/release/epochfs"))


def epochfs(*arguments, timeout=30, environment=None):
    """Runs the program to its end."""
    return subprocess.run(
        [EPOCHFS, *map(str, arguments)], capture_output=True, timeout=timeout, stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})}
    )


def write_config(folder, config):
    """JSON is YAML too; `.json` would be the honest name, `.yaml` is what people have."""
    path = Path(folder) / "config.yaml"
    path.write_text(json.dumps({"version": 1, "name": "test", **config}, indent=1))
    return path


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.005)


def answers(point):
    """Whether a living daemon answers there. Of a dead one names and attributes may still be cached, but never those of `.epochfs`."""
    try:
        return os.path.ismount(point) and len(os.listdir(Path(point) / ".epochfs")) > 0
    except OSError:
        return False


def take_away(point):
    """Unmounts whatever is there, dead or alive."""
    for command in (["umount", "-l", point], ["fusermount3", "-uz", point]):
        if subprocess.run(command, capture_output=True).returncode == 0:
            return


class Mount:
    """`with Mount(folder, config) as mount`: a foreground daemon; `folder` is for its files."""

    def __init__(self, folder, config, *arguments):
        folder = Path(folder)
        self.config = config if isinstance(config, Path) else write_config(folder, config)
        self.path = folder / "mnt"
        self.path.mkdir(exist_ok=True)
        self.log = folder / "log"
        self.arguments = arguments

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [EPOCHFS, "mount", "--foreground", self.config, self.path, *self.arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            wait_until(lambda: self.process.poll() is not None or self.answers())
            assert self.process.poll() is None, f"mount ended with {self.process.returncode}: {self.messages()}"
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is not None or kind is not None:
            self.kill()
            return
        assert self.stop(signal.SIGTERM) == 0, self.messages()
        assert not os.path.ismount(self.path)

    def answers(self):
        return answers(self.path)

    def stop(self, number):
        """Sends a signal; returns the exit status."""
        self.process.send_signal(number)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still there 20 s after signal {number}") from None

    def kill(self):
        self.process.kill()
        self.process.wait()
        take_away(self.path)

    def messages(self):
        return self.log.read_text(errors="replace")[-2000:]

    def __truediv__(self, name):
        return self.path / name

    def load(self, name, **options):
        return numpy.load(self.path / name, **options)

    def batches(self, folder):
        """The names of a folder's batches, in order."""
        return sorted(name for name in os.listdir(self.path / folder) if name.startswith("batch-"))

    def status(self):
        return json.loads((self.path / ".epochfs/status.json").read_text())

    def metric(self, name):
        match = re.search(rf"^{name}\{{mount=\"[^\"]*\"\}} (\S+)$", (self.path / ".epochfs/metrics").read_text(), re.MULTILINE)
        assert match, f"no metric {name}"
        return float(match[1])

    def errors(self):
        return [json.loads(line) for line in (self.path / ".epochfs/errors.jsonl").read_text().splitlines()]
