"""Every attempt to change anything is EROFS."""

import errno
import os

import pytest

BATCH = "train/epoch-0/batch-0000.npy"

ATTEMPTS = {
    "open for writing": lambda root: open(root / BATCH, "r+b"),
    "append": lambda root: open(root / BATCH, "ab"),
    "create": lambda root: open(root / "new", "wb"),
    "create among batches": lambda root: open(root / "train/epoch-0/batch-0000.npy.tmp", "xb"),
    "truncate": lambda root: os.truncate(root / BATCH, 0),
    "mkdir": lambda root: os.mkdir(root / "folder"),
    "rmdir": lambda root: os.rmdir(root / "train"),
    "unlink": lambda root: os.unlink(root / BATCH),
    "rename": lambda root: os.rename(root / BATCH, root / "train/epoch-0/other.npy"),
    "symlink": lambda root: os.symlink("train", root / "link"),
    "link": lambda root: os.link(root / BATCH, root / "link"),
    "chmod": lambda root: os.chmod(root / BATCH, 0o644),
    "chown": lambda root: os.chown(root / BATCH, os.getuid(), os.getgid()),
    "utime": lambda root: os.utime(root / BATCH),
    "mkfifo": lambda root: os.mkfifo(root / "fifo"),
    "setxattr": lambda root: os.setxattr(root / BATCH, "user.note", b"x"),
    "control file": lambda root: open(root / ".epochfs/status.json", "r+b"),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_refused(mount, attempt):
    before = (mount / BATCH).read_bytes()
    with pytest.raises(OSError) as error:
        ATTEMPTS[attempt](mount.path)
    assert error.value.errno == errno.EROFS, errno.errorcode[error.value.errno]
    assert (mount / BATCH).read_bytes() == before
