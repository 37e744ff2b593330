"""mount.epochfs: what it makes of what mount(8) gives it, and lines of fstab that really mount."""

import json
import os
import subprocess
import sys

import pytest
from installing import ROOT, install, needs, run
from mounting import epochfs

CONFIG, POINT = "/etc/epochfs/my data.yaml", "/mnt/my data"


@pytest.fixture
def helper(tmp_path):
    """The helper with a program that writes down what it is called with, and exits as it is told."""
    program = tmp_path / "program"
    program.write_text(f'#!{sys.executable}\nimport json, os, sys\njson.dump(sys.argv[1:], open("{tmp_path}/called", "w"))\nsys.exit(int(os.environ.get("STATUS", "0")))\n')
    program.chmod(0o755)
    path = tmp_path / "mount.epochfs"
    path.write_text((ROOT / "scripts/mount.epochfs").read_text().replace("program=/usr/bin/epochfs", f"program={program}"))
    path.chmod(0o755)
    return path


def called(helper):
    path = helper.parent / "called"
    return json.loads(path.read_text()) if path.exists() else None


@pytest.mark.parametrize(
    "arguments, options, further",
    [
        ([], "", []),
        (["-o", "rw"], "", []),
        (["-o", "ro,defaults,noauto,nofail,_netdev,user=joe,x-systemd.automount,x-systemd.requires=a.service,comment=x,nosuid,nodev"], "", []),
        (["-o", "rw,allow_other,noatime"], ",allow_other,noatime", []),
        (["-o", "allow_other", "-o", "noatime"], ",allow_other,noatime", []),
        (["-o", "memory=8GiB,allow_other"], ",allow_other", ["--memory", "8GiB"]),
        (["-o", "set=views.train.batch_size=32,set=name=a b"], "", ["--set", "views.train.batch_size=32", "--set", "name=a b"]),
        (["-n", "-s", "-r", "-w", "-t", "epochfs", "-o", "*,allow_other"], ",*,allow_other", []),
        (["-v"], "", []),
    ],
)
def test_options(helper, arguments, options, further, tmp_path):
    (tmp_path / "a file").touch()
    result = run(helper, CONFIG, POINT, *arguments, cwd=tmp_path)
    assert called(helper) == ["mount", CONFIG, POINT, *further, "-o", f"fsname={CONFIG}{options}"]
    assert ("mount.epochfs:" in result.stderr) == ("-v" in arguments)


@pytest.mark.parametrize("config", ["/etc/a,b.yaml", "/etc/a\\b.yaml"])
def test_a_name_that_is_no_option(helper, config):
    run(helper, config, POINT, "-o", "rw,allow_other")
    assert called(helper) == ["mount", config, POINT, "-o", "allow_other"]
    run(helper, config, POINT, "-o", "rw")
    assert called(helper) == ["mount", config, POINT]


def test_a_fake_mount_mounts_nothing(helper):
    run(helper, CONFIG, POINT, "-f", "-o", "rw")
    assert called(helper) is None


@pytest.mark.parametrize(
    "arguments, said",
    [
        ([], "usage"),
        ([CONFIG], "usage"),
        ([CONFIG, POINT, "-q"], "usage"),
        ([CONFIG, POINT, "more"], "usage"),
        ([CONFIG, POINT, "-t", "ext4"], "ext4"),
        ([CONFIG, POINT, "-N", "7"], "namespace"),
        ([CONFIG, POINT, "-o", 'set="a=b'], "quotation"),
        ([CONFIG, POINT, "-o", "memory"], "memory=SIZE"),
        ([CONFIG, POINT, "-o", "set=a"], "set=KEY=VALUE"),
    ],
)
def test_wrong_usage(helper, arguments, said):
    result = run(helper, *arguments, check=False)
    assert result.returncode == 1 and said in result.stderr and called(helper) is None


@pytest.mark.parametrize("status, expected", [(0, 0), (1, 32), (64, 1), (137, 32)])
def test_exit_statuses_are_those_of_mount(helper, status, expected):
    assert run(helper, CONFIG, POINT, check=False, env={**os.environ, "STATUS": str(status)}).returncode == expected


# In a mount namespace of its own, where the helper lies in /sbin.
FSTAB = """
set -eux
mount --make-rprivate /
mount --bind sbin "$(readlink -f /sbin)"
mount -T fstab -a
findmnt -n -o SOURCE,FSTYPE,OPTIONS mnt | tee mounted
cp mnt/val/batch-0000.npy batch.npy
setpriv --reuid=65534 --regid=65534 --clear-groups cat "$PWD/mnt/val/schema.json" > schema.json
mount -T fstab -a                    # nothing left to do
test $(grep -c " $PWD/mnt " /proc/mounts) = 1
umount mnt
mount -T fstab mnt                   # a single line of it
umount config.yaml                   # by its first word
test $(grep -c " $PWD/mnt " /proc/mounts) = 0
mount -t epochfs config.yaml mnt -o memory=1B && exit 9 || echo $? > refused
mount -t epochfs -o rw,memory=256MiB config.yaml mnt
cat mnt/.epochfs/status.json > status.json
umount mnt
"""


@pytest.mark.skipif(os.geteuid() != 0 or needs("unshare", "setpriv", "findmnt") is not None, reason="for root, with unshare, setpriv and findmnt")
def test_fstab(tmp_path):
    install(PREFIX=tmp_path / "opt", HELPERDIR=tmp_path / "sbin", SYSCONFDIR=tmp_path / "etc")
    sample = tmp_path / "ais"
    assert epochfs("sample", sample, "--shards", "1", "--samples-per-shard", "10", "--validation", "10").returncode == 0
    config = sample / "epochfs.yaml"
    (tmp_path / "config.yaml").symlink_to(config)
    point = tmp_path / "mnt"
    point.mkdir()
    (tmp_path / "fstab").write_text(f"# the issue's line, and who may read\n{config} {point} epochfs defaults,allow_other,memory=512MiB,nofail 0 0\n")
    # pytest's own folders are root's alone.
    for folder in [tmp_path, *tmp_path.parents][:3]:
        folder.chmod(0o755)
    result = subprocess.run(["unshare", "--mount", "sh", "-c", FSTAB], cwd=tmp_path, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert result.returncode == 0, result.stdout + result.stderr
    source, kind, options = (tmp_path / "mounted").read_text().split()
    assert (source, kind) == (str(config), "fuse.epochfs") and {"ro", "nosuid", "nodev", "allow_other"} <= set(options.split(","))
    assert (tmp_path / "batch.npy").read_bytes() == epochfs("cat", config, "val/batch-0000.npy").stdout
    assert '"view":"val"' in (tmp_path / "schema.json").read_text().replace(": ", ":")
    assert (tmp_path / "refused").read_text() == "32\n" and "memory" in result.stderr
    assert f'"cap_bytes":{256 << 20}' in (tmp_path / "status.json").read_text()
