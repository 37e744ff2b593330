"""The systemd unit: what systemd says of it, what must not be in it, and whether the daemon can work with the rights it leaves."""

import os
import subprocess
from pathlib import Path

import pytest
from installing import ROOT, install, needs, run
from mounting import EPOCHFS, Mount, answers, epochfs, take_away, wait_until

UNIT = ROOT / "systemd/epochfs@.service"
# What gives a service a mount namespace of its own (systemd.exec(5)): the mount would be seen by nobody else.
PRIVATE_NAMESPACE = """
    BindPaths BindReadOnlyPaths DynamicUser ExecPaths ExtensionDirectories ExtensionImages InaccessiblePaths LogNamespace MountAPIVFS MountFlags MountImages
    NoExecPaths PrivateDevices PrivateIPC PrivateMounts PrivateTmp PrivateUsers ProcSubset ProtectControlGroups ProtectHome ProtectHostname ProtectKernelLogs
    ProtectKernelModules ProtectKernelTunables ProtectProc ProtectSystem ReadOnlyDirectories ReadOnlyPaths ReadWriteDirectories ReadWritePaths
    InaccessibleDirectories RootDirectory RootEphemeral RootImage TemporaryFileSystem ImportCredential LoadCredential SetCredential
""".split()


def settings():
    """Every setting of the unit, as lists."""
    found = {}
    for line in UNIT.read_text().splitlines():
        if line and not line.startswith(("#", "[")):
            name, value = line.split("=", 1)
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.skipif(needs("systemd-analyze") is not None, reason=needs("systemd-analyze") or "")
def test_systemd_has_nothing_to_say_against_it(tmp_path):
    install(PREFIX=tmp_path / "opt", HELPERDIR="", SYSCONFDIR=tmp_path / "etc")
    unit = tmp_path / "opt/lib/systemd/system/epochfs@.service"
    result = run("systemd-analyze", "verify", "--man=no", unit)
    assert result.stdout + result.stderr == ""
    # That it would say something.
    unit.write_text(unit.read_text().replace("Restart=on-failure", "Restart=sometimes").replace("MemoryMax", "MemoryMaximum"))
    said = run("systemd-analyze", "verify", "--man=no", unit, check=False).stderr
    assert "sometimes" in said and "MemoryMaximum" in said


def test_nothing_hides_the_mount():
    assert not set(settings()) & set(PRIVATE_NAMESPACE)


def test_what_the_issue_asks_for():
    unit = settings()
    assert unit["Type"] == ["notify"] and unit["Restart"] == ["on-failure"]
    assert unit["ExecStart"] == ["/usr/bin/epochfs mount --foreground /etc/epochfs/%i.yaml /mnt/epochfs/%i -o allow_other"]
    # The dead mount of a killed daemon gives errors until the next start cleans it up (test_unmount.py): nothing makes an empty folder of it before.
    assert "ExecStopPost" not in unit and unit["StartLimitIntervalSec"] == ["0"]
    # `memory: auto` is a quarter of the limit; the program itself takes 128 MiB beside it at most.
    (limit,) = unit["MemoryMax"]
    assert limit.endswith("%") and 25 < int(limit[:-1]) < 100
    assert unit["CapabilityBoundingSet"] == ["CAP_SYS_ADMIN CAP_DAC_READ_SEARCH"] and unit["NoNewPrivileges"] == ["yes"]


@pytest.mark.skipif(os.geteuid() != 0 or needs("setpriv") is not None, reason="for root, with setpriv")
def test_the_capabilities_that_are_left_are_enough(tmp_path):
    """As much passthrough as with all capabilities; shards of somebody else's are read."""
    sample = tmp_path / "ais"
    assert epochfs("sample", sample, "--shards", "1", "--samples-per-shard", "20").returncode == 0
    config = sample / "epochfs.yaml"
    with Mount(tmp_path, config, "--memory", "512MiB") as mount:
        expected, batch = mount.status()["passthrough"], (mount / "train/epoch-0/batch-0000.input.npy").read_bytes()
    for path in [*sample.rglob("*")]:
        os.chown(path, 65534, 65534)
        path.chmod(0o700 if path.is_dir() else 0o600)
    kept = ",".join("+" + name.removeprefix("CAP_").lower() for name in settings()["CapabilityBoundingSet"][0].split())
    point = tmp_path / "bounded"
    point.mkdir()
    command = ["setpriv", "--no-new-privs", f"--bounding-set=-all,{kept}", EPOCHFS, "mount", "-f", config, point, "--memory", "512MiB", "-o", "allow_other"]
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_until(lambda: process.poll() is not None or answers(point))
        assert process.poll() is None, process.stderr.read()
        assert f'"passthrough":{str(expected).lower()}' in (point / ".epochfs/status.json").read_text()
        assert (point / "train/epoch-0/batch-0000.input.npy").read_bytes() == batch
        # What /proc says of it: those two, bits 21 and 2, and no more.
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert f"CapEff:\t{1 << 21 | 1 << 2:016x}" in status
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        take_away(point)
