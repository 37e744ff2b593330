"""Standard output that does not take all: half of an answer is said to be one."""

import os
import subprocess

import pytest
from conftest import BATCH, FEATURES
from mounting import EPOCHFS, write_config

FULL = "/dev/full"


@pytest.mark.parametrize("command", ["cat plain/batch-0000.npy", "check", "tree", "inspect --json", "--help", "--generate-completion-script bash"])
def test_a_full_disk_is_an_error(tmp_path, stored, command):
    config = write_config(tmp_path, stored.config({"plain": {"source": "windows", "batch_size": BATCH, "tensors": FEATURES}}))
    words = command.split()
    subject = [] if words[0].startswith("-") else [stored.data.path if words[0] == "inspect" else config]
    arguments = [words[0], *subject, *words[1:]]
    whole = subprocess.run([EPOCHFS, *map(str, arguments)], capture_output=True, timeout=60)
    assert whole.returncode == 0 and whole.stdout
    with open(FULL, "wb") as full:
        done = subprocess.run([EPOCHFS, *map(str, arguments)], stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 1 and b"No space left on device" in done.stderr, done


def test_who_reads_no_further_is_no_error(tmp_path, stored):
    config = write_config(tmp_path, stored.config({"plain": {"source": "windows", "batch_size": BATCH, "tensors": FEATURES}}))
    reading, writing = os.pipe()
    process = subprocess.Popen([EPOCHFS, "cat", str(config), "plain/batch-0000.npy"], stdout=writing, stderr=subprocess.PIPE, restore_signals=False)
    os.close(writing)
    assert os.read(reading, 6) == b"\x93NUMPY"
    os.close(reading)
    assert process.wait(60) in (0, -13) and process.stderr.read() == b""
