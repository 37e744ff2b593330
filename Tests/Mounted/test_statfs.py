"""What `df` and `findmnt` say."""

import os
from pathlib import Path


def test_statvfs(mount):
    status = os.statvfs(mount.path)
    assert status.f_bavail == 0 and status.f_bfree == 0
    assert status.f_blocks * status.f_frsize > 0
    assert status.f_namemax == 255
    assert status.f_flag & os.ST_RDONLY and status.f_flag & os.ST_NOSUID and status.f_flag & os.ST_NODEV


def test_mount_table(mount):
    line = next(line.split() for line in Path("/proc/self/mounts").read_text().splitlines() if line.split()[1] == str(mount.path))
    assert line[2] == "fuse.epochfs"
    assert {"ro", "nosuid", "nodev"} <= set(line[3].split(","))
