"""The tarball on a Debian 12 that has nothing but its base: installed as docs/INSTALL.md says, tried by hand and as a service under a systemd of its own.

Takes two minutes, root and the network, so it runs where it is asked for: EPOCHFS_BARE_DEBIAN=1, or =FOLDER with what debootstrap made before (it is copied).
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from installing import EPOCHFS, ROOT, needs, run
from test_dist import NOT_RELEASE

from documents import blocks  # isort: skip (of Tests/Mounted, which `installing` makes known)

WANTED = os.environ.get("EPOCHFS_BARE_DEBIAN", "")
pytestmark = [
    pytest.mark.skipif(not WANTED, reason="only with EPOCHFS_BARE_DEBIAN=1"),
    pytest.mark.skipif(NOT_RELEASE, reason=f"{EPOCHFS} is not built with --static-swift-stdlib"),
]

# The page's own lines; then a data set, every command, and a mount.
BY_HAND = """
set -eux
! command -v swift
printf 'APT::Get::Assume-Yes "true";\\nAPT::Install-Recommends "false";\\n' > /etc/apt/apt.conf.d/unattended
apt-get -qq update
cd /root
THE PAGE
cd /root
epochfs sample /srv/ais
config=/srv/ais/epochfs.yaml
epochfs check --deep $config
epochfs tree $config > /dev/null
epochfs inspect /srv/ais/materialized/validation.parquet > /dev/null
mkdir -p /mnt/hand
epochfs mount $config /mnt/hand --memory 512MiB
for file in train/epoch-0/batch-0003.input.npy val/batch-0000.npy; do
  epochfs cat $config $file | cmp - /mnt/hand/$file
  echo compared
done
epochfs unmount /mnt/hand
# fstab, by the mount(8) of the base system.
echo "$config /mnt/hand epochfs defaults,memory=512MiB 0 0" >> /etc/fstab
mount /mnt/hand
ls /mnt/hand/.epochfs/status.json
umount /mnt/hand
echo ALL DONE
"""

AS_A_SERVICE = """
exec > /root/service.log 2>&1
trap 'systemctl poweroff' EXIT
set -eux
# The line of fstab that was written by hand: mounted at boot.
grep ' /mnt/hand fuse.epochfs ' /proc/mounts
cat /mnt/hand/.epochfs/status.json
umount /mnt/hand
systemd-analyze verify --man=no epochfs@ais.service
mkdir /etc/epochfs/data
ln -s /srv/ais /etc/epochfs/data/ais
THE PAGE
# READY=1 came when it answers, not before.
test -e /mnt/epochfs/ais/.epochfs/status.json
# Others see it: it lies in the namespace of all.
setpriv --reuid 65534 --regid 65534 --clear-groups ls /mnt/epochfs/ais/train/epoch-0 > /dev/null
pid=$(systemctl show -p MainPID --value epochfs@ais)
test $(readlink /proc/$pid/ns/mnt) = $(readlink /proc/1/ns/mnt)
grep -P '^CapEff:\\t0000000000200004$' /proc/$pid/status
epochfs cat /etc/epochfs/ais.yaml train/epoch-1/batch-0001.input.npy | cmp - /mnt/epochfs/ais/train/epoch-1/batch-0001.input.npy
grep '^epochfs_passthrough{' /mnt/epochfs/ais/.epochfs/metrics
# Killed: the dead mount goes away, and the service comes back.
kill -9 $pid
for _ in $(seq 100); do sleep 0.1; if [ -e /mnt/epochfs/ais/.epochfs ]; then break; fi; done
cat /mnt/epochfs/ais/.epochfs/status.json
test $(systemctl show -p MainPID --value epochfs@ais) != $pid
test $(grep -c ' /mnt/epochfs/ais ' /proc/mounts) = 1
systemctl stop epochfs@ais
test $(grep -c ' /mnt/epochfs/ais ' /proc/mounts) = 0
test "$(systemctl show -p Result --value epochfs@ais)" = success
# A wrong configuration is said in the journal, and not tried for ever.
echo 'colour: red' >> /etc/epochfs/ais.yaml
! systemctl start epochfs@ais
for _ in $(seq 300); do sleep 0.1; if systemctl is-failed --quiet epochfs@ais; then break; fi; done
systemctl is-failed epochfs@ais
journalctl --no-pager -u epochfs@ais | grep -q 'ais.yaml:[0-9]*: colour'
cd /root/epochfs-*
./install.sh --uninstall
test ! -e /usr/local/bin/epochfs
echo ALL DONE
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A bare Debian 12 with the tarball in /root."""
    if reason := needs("debootstrap", "systemd-nspawn"):
        pytest.fail(reason)
    folder = tmp_path_factory.mktemp("bare")
    path = folder / "root"
    if Path(WANTED).is_dir():
        run("cp", "-a", WANTED, path)
    else:
        run("debootstrap", "--variant=minbase", "bookworm", path)
    tarball = run(ROOT / "scripts/dist.sh", EPOCHFS, folder).stdout.split()[-1]
    shutil.copy(tarball, path / "root")
    yield path
    shutil.rmtree(path, ignore_errors=True)


def container(root, *words):
    # A TERM shuts the container down; what is killed outright leaves it behind.
    command = ["timeout", "--kill-after=30", "200", "systemd-nspawn", "--quiet", "--directory", root, "--register=no", "--keep-unit", "--bind=/dev/fuse", *words]
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)


def page(command):
    """The block of docs/INSTALL.md that has the command, to be run as it stands."""
    (found,) = [block.text for block in blocks(ROOT / "docs/INSTALL.md") if f"\n{command}" in block.text]
    return found


def test_by_hand(root):
    script = BY_HAND.replace("THE PAGE", page("./install.sh "))
    result = container(root, "--pipe", "sh", "-c", script)
    assert result.stdout.endswith("ALL DONE\n"), result.stdout + result.stderr
    assert "compared" in result.stdout


def test_as_a_service(root):
    """After `test_by_hand`, which installs."""
    result = container(root, "--pipe", "sh", "-c", "apt-get -qq install -y --no-install-recommends systemd systemd-sysv >/dev/null && echo ok")
    assert result.stdout.endswith("ok\n"), result.stderr
    system = root / "etc/systemd/system"
    (root / "root/service.sh").write_text(AS_A_SERVICE.replace("THE PAGE", page("systemctl enable")))
    (system / "try.service").write_text("[Unit]\nAfter=multi-user.target\n[Service]\nType=oneshot\nExecStart=/bin/sh /root/service.sh\n")
    (system / "graphical.target.wants").mkdir(exist_ok=True)
    (system / "graphical.target.wants/try.service").symlink_to("../try.service")
    container(root, "--boot")
    assert (root / "root/service.log").exists(), "systemd did not come so far"
    log = (root / "root/service.log").read_text()
    assert "\nALL DONE\n" in log, log[-4000:]
