"""How a mount comes and goes: foreground, background, signals, the command, a dead daemon, somebody else's umount."""

import errno
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy
import pytest
from conftest import BATCH, FEATURES
from mounting import EPOCHFS, Mount, answers, epochfs, take_away, wait_until, write_config

PLAIN = {"plain": {"source": "windows", "batch_size": BATCH, "tensors": FEATURES}}


@pytest.fixture
def config(tmp_path, stored):
    return write_config(tmp_path, stored.config(PLAIN))


@pytest.fixture
def background(tmp_path, config):
    """A mount in the background; whatever is left of it is taken away."""
    point = tmp_path / "background"
    point.mkdir()
    result = epochfs("mount", config, point)
    assert result.returncode == 0, result.stderr
    yield point
    take_away(point)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_unmounts(tmp_path, config, number):
    with Mount(tmp_path, config) as mount:
        mount.load("plain/batch-0000.npy")
        assert mount.stop(number) == 0, mount.messages()
        assert not os.path.ismount(mount.path)
        assert os.listdir(mount.path) == []


def test_a_signal_unmounts_while_a_file_is_open(tmp_path, config, stored):
    with Mount(tmp_path, config) as mount:
        with open(mount / "plain/batch-0000.npy", "rb") as file:
            file.read(1000)
            begin = time.monotonic()
            assert mount.stop(signal.SIGTERM) == 0, mount.messages()
            assert time.monotonic() - begin < 15
        assert not os.path.ismount(mount.path)


def test_the_background_mount_answers_when_the_command_returns(background, stored):
    assert os.path.ismount(background)
    assert numpy.array_equal(numpy.load(background / "plain/batch-0000.npy"), stored.features[:BATCH])


def test_the_background_daemon_holds_nothing_of_the_caller(tmp_path, config):
    """A pipe of the caller's reaches its end although the daemon goes on."""
    point = tmp_path / "piped"
    point.mkdir()
    process = subprocess.Popen([EPOCHFS, "mount", config, point], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = process.communicate(timeout=20)
        assert process.returncode == 0, err
        assert os.path.ismount(point)
    finally:
        process.kill()
        epochfs("unmount", point)
        take_away(point)


def command_line(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_the_background_daemon_leaves_the_folder_it_was_started_in(tmp_path, stored):
    """All that is relative was found before: the folder's file system can be unmounted, and what is read late is found all the same."""
    folder = tmp_path / "work"
    (folder / "below").mkdir(parents=True)
    shutil.copytree(stored.data.path, folder / "data")
    config = stored.config(PLAIN)
    config["sources"]["windows"]["path"] = "../data"
    # A name by which the daemon's process is found.
    name = f"below/{os.getpid()}-{time.monotonic_ns()}.yaml"
    write_config(folder / "below", config).rename(folder / name)
    point = folder / "mnt"
    point.mkdir()
    try:
        caller = subprocess.run([EPOCHFS, "mount", name, "mnt"], cwd=folder, capture_output=True, timeout=30, stdin=subprocess.DEVNULL)
        assert caller.returncode == 0, caller.stderr
        (process,) = [path.parent.name for path in Path("/proc").glob("[0-9]*/cmdline") if name.encode() in command_line(path)]
        assert os.readlink(f"/proc/{process}/cwd") == "/"
        assert numpy.array_equal(numpy.load(point / "plain/batch-0000.npy"), stored.features[:BATCH])
        last = (len(stored.features) - 1) // BATCH
        assert numpy.array_equal(numpy.load(point / f"plain/batch-{last:04d}.npy"), stored.features[last * BATCH :])
        assert f"path: {folder}/below/../data" in (point / ".epochfs/config.yaml").read_text()
        result = subprocess.run([EPOCHFS, "unmount", "mnt"], cwd=folder, capture_output=True, timeout=30)
        assert result.returncode == 0 and not os.path.ismount(point), result.stderr
        wait_until(lambda: not os.path.exists(f"/proc/{process}"))
    finally:
        take_away(point)


def test_the_unmount_command(background):
    result = epochfs("unmount", background)
    assert result.returncode == 0, result.stderr
    assert not os.path.ismount(background) and os.listdir(background) == []


def test_unmount_refuses_what_is_not_a_mount_of_its_own(tmp_path):
    for point in (tmp_path, tmp_path / "nothing", "/proc"):
        result = epochfs("unmount", point)
        assert result.returncode == 1 and str(point).encode() in result.stderr, (point, result)
    assert os.path.ismount("/proc")


def test_somebody_elses_umount_ends_the_daemon(tmp_path, config):
    with Mount(tmp_path, config) as mount:
        mount.load("plain/batch-0001.npy")
        command = ["umount"] if os.getuid() == 0 else ["fusermount3", "-u"]
        subprocess.run([*command, mount.path], check=True)
        assert mount.process.wait(20) == 0, mount.messages()


def test_a_dead_mount_is_mounted_over(tmp_path, config, stored):
    dead = Mount(tmp_path, config)
    dead.__enter__()
    expected = dead.load("plain/batch-0002.npy")
    dead.process.kill()
    dead.process.wait()
    with pytest.raises(OSError) as error:
        os.listdir(dead.path)
    assert error.value.errno == errno.ENOTCONN
    # `Mount` itself would trip over the dead folder: only the program is to clean it.
    with subprocess.Popen([EPOCHFS, "mount", "--foreground", config, dead.path], stderr=subprocess.PIPE) as process:
        try:
            wait_until(lambda: process.poll() is not None or answers(dead.path))
            assert process.poll() is None, process.stderr.read()
            assert numpy.array_equal(numpy.load(dead.path / "plain/batch-0002.npy"), expected)
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
            take_away(dead.path)
    assert not os.path.ismount(dead.path)


def daemon(point):
    """The process that serves a mount in the background."""
    return next(int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid() and str(point).encode() in _command_line(name))


def _command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def test_a_dead_mount_is_unmounted(background, tmp_path):
    pid = daemon(background)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not answers(background))
    assert epochfs("unmount", background).returncode == 0
    assert os.listdir(background) == []


def test_mounting_twice_is_refused(background, config):
    result = epochfs("mount", config, background)
    assert result.returncode == 1 and str(background).encode() in result.stderr
    assert len(numpy.load(background / "plain/batch-0000.npy")) == BATCH


def test_a_mountpoint_that_is_not_there_is_refused(config, tmp_path):
    result = epochfs("mount", config, tmp_path / "nothing")
    assert result.returncode == 1 and b"nothing" in result.stderr


def test_the_memory_option_overrides_the_file(tmp_path, stored):
    with Mount(tmp_path, stored.config(PLAIN), "--memory", "48MiB") as mount:
        assert mount.status()["memory"]["cap_bytes"] == 48 << 20


def test_set_overrides_the_file(tmp_path, stored):
    with Mount(tmp_path, stored.config(PLAIN), "--set", "views.plain.batch_size=7") as mount:
        assert json.loads((mount / "plain/schema.json").read_text())["batch_size"] == 7
        assert len(mount.load("plain/batch-0000.npy")) == 7


def test_a_daemon_does_not_end_with_a_hangup(background):
    """What daemons are sent for a new configuration; a mount has none."""
    pid = daemon(background)
    assert Path(f"/proc/{pid}/comm").read_text() == "epochfs\n"
    os.kill(pid, signal.SIGHUP)
    time.sleep(0.3)
    assert answers(background)
    assert epochfs("unmount", background).returncode == 0


def test_a_mount_in_the_foreground_ends_with_its_terminal(tmp_path, config):
    with Mount(tmp_path, config) as mount:
        assert mount.stop(signal.SIGHUP) == 0
        assert not os.path.ismount(mount.path) and "SIGHUP" in mount.messages()


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)], ids=str)
def test_whose_standard_descriptors_are_closed_may_mount(tmp_path, config, closed):
    point = tmp_path / "background"
    point.mkdir()

    def close():
        for descriptor in closed:
            os.close(descriptor)

    try:
        assert subprocess.run([EPOCHFS, "mount", config, point], preexec_fn=close, timeout=30).returncode == 0
        assert answers(point)
    finally:
        take_away(point)


def test_warnings_of_a_mount_in_the_background_are_said_to_the_caller(tmp_path, stored):
    point = tmp_path / "background"
    point.mkdir()
    view = {"source": "windows", "batch_size": BATCH, "tensors": FEATURES, "ranks": 2}
    result = epochfs("mount", write_config(tmp_path, stored.config({"plain": view})), point)
    try:
        assert result.returncode == 0 and b"warning: " in result.stderr and b"has no effect without epochs" in result.stderr
    finally:
        take_away(point)
