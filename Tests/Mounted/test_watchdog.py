"""The watchdog: a daemon whose mount answers says so to its manager, which is this test; one whose mount does not says nothing."""

import ctypes
import os
import socket
import time
from pathlib import Path

import pytest
from conftest import BATCH, FEATURES
from mounting import Mount

LIMIT = 0.4
PTRACE_SEIZE, PTRACE_INTERRUPT = 0x4206, 0x4207
libc = ctypes.CDLL(None, use_errno=True)


@pytest.fixture
def manager(tmp_path, monkeypatch):
    """The socket that messages arrive at."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", str(int(LIMIT * 1e6)))
        yield receiver


def heard(receiver, seconds):
    """The messages that arrive within some seconds."""
    messages, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        receiver.settimeout(left)
        try:
            messages += receiver.recv(1000).decode().splitlines()
        except TimeoutError:
            break
    return messages


def hold_all_but_the_watchdog(process):
    """Stops the threads of a process: they are traced by this one, until it ends."""
    for task in Path(f"/proc/{process}/task").iterdir():
        if (task / "comm").read_text().strip() == "epochfs-watch":
            continue
        for request in (PTRACE_SEIZE, PTRACE_INTERRUPT):
            if libc.ptrace(request, int(task.name), None, None) != 0:
                pytest.fail(f"ptrace: {os.strerror(ctypes.get_errno())}")


def test_a_mount_that_answers_says_so(tmp_path, stored, manager):
    with Mount(tmp_path, stored.config({"plain": {"source": "windows", "batch_size": BATCH, "tensors": FEATURES}})) as mount:
        messages = heard(manager, 5 * LIMIT)
        assert "READY=1" in messages
        assert messages.count("WATCHDOG=1") >= 5
        # All threads that serve are held: the one that would speak waits for them.
        hold_all_but_the_watchdog(mount.process.pid)
        heard(manager, LIMIT)
        assert heard(manager, 4 * LIMIT) == []
        mount.kill()


def test_a_mount_that_nobody_watches_says_nothing(tmp_path, stored, manager, monkeypatch):
    monkeypatch.setenv("WATCHDOG_PID", "1")
    with Mount(tmp_path, stored.config({"plain": {"source": "windows", "batch_size": BATCH, "tensors": FEATURES}})):
        messages = heard(manager, 3 * LIMIT)
        assert "READY=1" in messages and "WATCHDOG=1" not in messages
