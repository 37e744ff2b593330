"""Mounting without root, by fusermount3. Where the tests run as a user, all others show the same."""

import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest
from mounting import EPOCHFS, write_config
from shards import raw, tracks, write_mds

NOBODY = 65534
needed = ["fusermount3", "setpriv", "unshare"]
pytestmark = pytest.mark.skipif(os.geteuid() != 0 or not all(map(shutil.which, needed)), reason=f"for root, with {', '.join(needed)}")

# In a mount namespace of its own, with the device as a distribution has it: for everybody.
AS_ROOT = """
set -e
mount --make-rprivate /
mknod -m 666 fuse c 10 229
chmod 666 fuse
mount --bind fuse /dev/fuse
exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all sh as_nobody
"""
AS_NOBODY = """
epochfs=$PWD/epochfs
"$epochfs" mount config.yaml mnt || exit 1
cp -r mnt/v out/v && cp mnt/.epochfs/status.json out
stat -c '%u %g' mnt/v/batch-0000.npy > out/owner
grep " $PWD/mnt " /proc/mounts > out/mount
"$epochfs" unmount mnt && echo unmounted > out/unmounted

"$epochfs" mount -f config.yaml mnt 2> out/log &
daemon=$!
for _ in $(seq 500); do [ -e mnt/.epochfs ] && break; sleep 0.02; done
kill -9 $daemon; wait $daemon
ls mnt 2> out/dead
"$epochfs" mount config.yaml mnt && cp mnt/v/batch-0001.npy out/again.npy
"$epochfs" unmount mnt && echo unmounted > out/unmounted-again

"$epochfs" mount -f config.yaml mnt -o allow_other 2> out/allow_other; echo $? >> out/allow_other
"$epochfs" mount -f config.yaml mnt --set serve=passthrough 2> out/passthrough; echo $? >> out/passthrough
grep -c " $PWD/mnt " /proc/mounts > out/left
true
"""


@pytest.fixture
def folder():
    """Not below pytest's own folder, which is root's alone."""
    path = Path(tempfile.mkdtemp(prefix="epochfs-nobody-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def test_a_user_mounts_reads_and_unmounts(folder):
    rows = tracks(40, 8)
    data = write_mds(folder / "data", {"features": raw(rows)}, [15, 25])
    source = {"format": "mds", "path": str(data.path), "columns": {"features": {"dtype": "float32", "shape": [8, 5]}}}
    write_config(folder, {"memory": "64MiB", "sources": {"s": source}, "views": {"v": {"source": "s", "batch_size": 16}}})
    for name in ("mnt", "out"):
        (folder / name).mkdir()
        os.chown(folder / name, NOBODY, NOBODY)
    shutil.copy(EPOCHFS, folder / "epochfs")
    (folder / "epochfs").chmod(0o755)
    (folder / "as_nobody").write_text(AS_NOBODY)
    run = subprocess.run(["unshare", "--mount", "sh", "-c", AS_ROOT], cwd=folder, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert run.returncode == 0, run.stderr

    out = folder / "out"
    expected = [rows[0:16], rows[16:32], rows[32:40]]
    for number, batch in enumerate(expected):
        assert (out / f"v/batch-{number:04d}.npy").read_bytes()[128:] == batch.tobytes()
    assert (out / "again.npy").read_bytes()[128:] == expected[1].tobytes()
    assert (out / "owner").read_text() == f"{NOBODY} {NOBODY}\n"
    assert '"passthrough":false' in (out / "status.json").read_text()
    assert {"ro", "nosuid", "nodev", f"user_id={NOBODY}"} <= set((out / "mount").read_text().split()[3].split(","))
    assert "not connected" in (out / "dead").read_text()
    assert (out / "unmounted").exists() and (out / "unmounted-again").exists()
    if not any(line.strip() == "user_allow_other" for line in fuse_conf()):
        assert "user_allow_other" in (out / "allow_other").read_text().splitlines()[-2]
        assert (out / "allow_other").read_text().endswith("\n1\n")
    assert "CAP_SYS_ADMIN" in (out / "passthrough").read_text() and (out / "passthrough").read_text().endswith("\n1\n")
    assert (out / "left").read_text() == "0\n"
    assert stat.S_IMODE(os.stat("/dev/fuse").st_mode) == DEVICE_MODE


DEVICE_MODE = stat.S_IMODE(os.stat("/dev/fuse").st_mode) if os.path.exists("/dev/fuse") else None


def fuse_conf():
    try:
        return Path("/etc/fuse.conf").read_text().splitlines()
    except OSError:
        return []


@pytest.mark.skipif(DEVICE_MODE is None or DEVICE_MODE & 0o006 == 0o006, reason="every user may open /dev/fuse here")
@pytest.mark.parametrize("options", [[], ["-o", "allow_other"]])
def test_a_device_that_a_user_may_not_open(folder, options):
    data = write_mds(folder / "data", {"features": raw(tracks(4, 8))}, [4])
    source = {"format": "mds", "path": str(data.path), "columns": {"features": {"dtype": "float32", "shape": [8, 5]}}}
    write_config(folder, {"memory": "64MiB", "sources": {"s": source}, "views": {"v": {"source": "s", "batch_size": 2}}})
    (folder / "mnt").mkdir()
    os.chown(folder / "mnt", NOBODY, NOBODY)
    shutil.copy(EPOCHFS, folder / "epochfs")
    command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "./epochfs", "mount", "config.yaml", "mnt", *options]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    owner = f"{Path('/dev/fuse').owner()}:{Path('/dev/fuse').group()}"
    said = f"/dev/fuse cannot be opened by the user nobody: its mode is 0{DEVICE_MODE:o}, its owner {owner}; "
    assert result.returncode == 1 and said in result.stderr, result.stderr
    assert "as root" in result.stderr and "fuse.conf" not in result.stderr
