"""The tarball of `make dist`: what is in it, that it installs, and that the packages docs/INSTALL.md asks for are those it needs."""

import hashlib
import os
import re
import tarfile
from pathlib import Path

import pytest
from installing import EPOCHFS, ROOT, files_below, needs, run, staged


@pytest.fixture(scope="module")
def tarball(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    path = Path(run(ROOT / "scripts/dist.sh", EPOCHFS, folder).stdout.split()[-1])
    assert {path.name, path.name + ".sha256"} == set(os.listdir(folder))
    return path


# A program built for tests may need the toolchain's libraries; only a release build is packed.
NOT_RELEASE = "swift" in run("ldd", EPOCHFS, check=False).stdout
for_release = pytest.mark.skipif(NOT_RELEASE, reason=f"{EPOCHFS} is not built with --static-swift-stdlib")


@pytest.mark.skipif(not NOT_RELEASE, reason="the program has all of Swift in it")
def test_a_program_that_needs_a_toolchain_is_not_packed(tmp_path):
    result = run(ROOT / "scripts/dist.sh", EPOCHFS, tmp_path, check=False)
    assert result.returncode == 1 and "scripts/build.sh" in result.stderr and os.listdir(tmp_path) == []


@for_release
def test_one_folder_with_all_that_is_installed(tarball):
    version = run(EPOCHFS, "--version").stdout.strip()
    name = f"epochfs-{version}-linux-{os.uname().machine}"
    assert tarball.name == f"{name}.tar.gz"
    assert hashlib.sha256(tarball.read_bytes()).hexdigest() in Path(f"{tarball}.sha256").read_text()
    with tarfile.open(tarball) as archive:
        members = archive.getmembers()
    assert {member.name.removeprefix(name + "/") for member in members if member.isfile()} == files_below(staged())
    # Nothing of the machine it was packed on: one time, no owner.
    assert {member.name.split("/")[0] for member in members} == {name}
    assert {(member.uid, member.gid, member.uname) for member in members} == {(0, 0, "")} and len({member.mtime for member in members}) == 1


@for_release
def test_it_installs_from_where_it_was_unpacked(tarball, tmp_path):
    run("tar", "-xzf", tarball, "-C", tmp_path)
    folder = tmp_path / tarball.name.removesuffix(".tar.gz")
    # Called as INSTALL.md says, from within.
    run("./install.sh", f"PREFIX={tmp_path}/opt", f"HELPERDIR={tmp_path}/sbin", f"SYSCONFDIR={tmp_path}/etc", cwd=folder)
    assert run(tmp_path / "opt/bin/epochfs", "--version").stdout == run(EPOCHFS, "--version").stdout
    run("./install.sh", "--uninstall", f"PREFIX={tmp_path}/opt", f"HELPERDIR={tmp_path}/sbin", f"SYSCONFDIR={tmp_path}/etc", cwd=folder)
    assert not (tmp_path / "opt").exists()


def debian_packages(release):
    """What docs/INSTALL.md has apt-get install on one release."""
    text = (ROOT / "docs/INSTALL.md").read_text()
    return set(re.search(rf"^apt-get install (.*?) +# {release}$", text, re.MULTILINE)[1].split())


def on_debian_12():
    path = Path("/etc/os-release")
    return path.exists() and 'VERSION_ID="12"' in path.read_text() and "ID=debian" in path.read_text()


@for_release
@pytest.mark.skipif(not on_debian_12() or needs("dpkg-query", "ldd") is not None, reason="names of Debian 12's packages")
def test_the_packages_of_the_documents_are_those_it_needs():
    libraries = [line.split()[2] for line in run("ldd", EPOCHFS).stdout.splitlines() if "=> /" in line]
    needed = set()
    for path in libraries:
        # dpkg may know a file by the name it has without the merged /usr.
        for name in (path, os.path.realpath(path), path.removeprefix("/usr"), "/usr" + path):
            found = run("dpkg-query", "-S", name, check=False)
            if found.returncode == 0:
                needed.add(found.stdout.split(":")[0])
                break
        else:
            pytest.fail(f"no package has {path}")
    # libc is on every system; fusermount3 is for users other than root.
    assert debian_packages("Debian 12") - {"fuse3"} == needed - {"libc6"}
