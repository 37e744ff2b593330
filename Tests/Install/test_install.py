"""`make install`, install.sh and `make uninstall`: what goes where, and that all of it goes away again."""

import os
import stat

import pytest
from installing import EPOCHFS, ROOT, files_below, install, run, staged

PROGRAMS = {"usr/bin/epochfs", "usr/sbin/mount.epochfs"}
FILES = PROGRAMS | {
    "usr/lib/systemd/system/epochfs@.service",
    "usr/share/man/man1/epochfs.1",
    "usr/share/man/man8/mount.epochfs.8",
    "usr/share/bash-completion/completions/epochfs",
    "usr/share/zsh/site-functions/_epochfs",
    "usr/share/fish/vendor_completions.d/epochfs.fish",
}
DOCUMENTS = "usr/share/doc/epochfs/"


def test_everything_is_where_distributions_expect_it(tmp_path):
    install(DESTDIR=tmp_path, PREFIX="/usr")
    found = files_below(tmp_path)
    assert {path for path in found if not path.startswith(DOCUMENTS)} == FILES
    examples = {path.name for pattern in ("mount-configs/*.yaml", "examples/*.*") for path in ROOT.glob(pattern)}
    assert examples and examples == {path.removeprefix(DOCUMENTS + "examples/") for path in found if "/examples/" in path}
    pages = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert {f"{DOCUMENTS}docs/{name}" for name in pages} | {DOCUMENTS + name for name in ("README.md", "CHANGELOG.md", "LICENSE")} <= found
    for path in found:
        assert stat.S_IMODE(os.stat(tmp_path / path).st_mode) == (0o755 if path in PROGRAMS or path.endswith(".sh") else 0o644), path
    assert (tmp_path / "etc/epochfs").is_dir()


def test_with_the_prefix_of_distributions_unit_and_helper_are_the_repositorys(tmp_path):
    install(DESTDIR=tmp_path, PREFIX="/usr")
    assert (tmp_path / "usr/lib/systemd/system/epochfs@.service").read_text() == (ROOT / "systemd/epochfs@.service").read_text()
    assert (tmp_path / "usr/sbin/mount.epochfs").read_text() == (ROOT / "scripts/mount.epochfs").read_text()


def test_another_prefix_is_written_into_unit_and_helper(tmp_path):
    install(PREFIX=tmp_path / "opt", HELPERDIR=tmp_path / "sbin", SYSCONFDIR=tmp_path / "etc")
    program = tmp_path / "opt/bin/epochfs"
    unit = (tmp_path / "opt/lib/systemd/system/epochfs@.service").read_text()
    assert f"ExecStart={program} mount --foreground {tmp_path}/etc/epochfs/%i.yaml /mnt/epochfs/%i" in unit
    assert f"EnvironmentFile=-{tmp_path}/etc/epochfs/%i.env" in unit and "/usr/bin/epochfs" not in unit
    assert f"\nprogram={program}\n" in (tmp_path / "sbin/mount.epochfs").read_text()
    assert run(program, "--version").stdout == run(EPOCHFS, "--version").stdout


def test_installing_again_replaces_what_is_there(tmp_path):
    install(DESTDIR=tmp_path, PREFIX="/usr")
    first = files_below(tmp_path)
    stale = tmp_path / "usr/share/doc/epochfs/docs/GONE.md"
    stale.write_text("of an older version")
    program = tmp_path / "usr/bin/epochfs"
    before = program.stat().st_ino
    install(DESTDIR=tmp_path, PREFIX="/usr")
    assert files_below(tmp_path) == first
    # A new file, since the old one may be running.
    assert program.stat().st_ino != before


def test_make_install_and_uninstall(tmp_path):
    # As in a shell of one's own: not as a part of the `make test` that may run this.
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    words = [f"DESTDIR={tmp_path}", "PREFIX=/usr", f"PROGRAM={EPOCHFS}"]
    run("make", "-C", ROOT, "install", *words, env=environment)
    assert FILES <= files_below(tmp_path)
    # Beside the files of others, and with a configuration of the user's.
    others = tmp_path / "usr/share/man/man1/other.1"
    others.touch()
    mine = tmp_path / "etc/epochfs/mine.yaml"
    mine.touch()
    assert "your configurations" in run("make", "-C", ROOT, "uninstall", *words, env=environment).stdout
    assert files_below(tmp_path) == {"usr/share/man/man1/other.1", "etc/epochfs/mine.yaml"}
    mine.unlink()
    run("make", "-C", ROOT, "uninstall", *words, env=environment)
    assert not mine.parent.exists()


def test_uninstalling_from_a_folder_of_its_own_leaves_nothing(tmp_path):
    where = {"PREFIX": tmp_path / "opt", "HELPERDIR": "", "SYSCONFDIR": tmp_path / "etc"}
    install(**where)
    assert not (tmp_path / "opt/share/man/man8").exists()
    run(staged() / "install.sh", "--uninstall", *[f"{name}={value}" for name, value in where.items()])
    assert list(tmp_path.rglob("*")) == [tmp_path / "etc"]


@pytest.mark.parametrize(
    "word, said",
    [("PREFIX=opt", "not an absolute path"), ("PREFIX=/opt/a|b", "characters"), ("PREFIX=/opt/my files", "characters"), ("PREFIX=/", "PREFIX=/usr"), ("--purge", "--purge")],
)
def test_what_cannot_be_is_refused(word, said, tmp_path):
    result = run(staged() / "install.sh", f"DESTDIR={tmp_path}", word, check=False)
    assert result.returncode == 1 and said in result.stderr
    assert files_below(tmp_path) == set()


def test_without_a_program_it_says_what_to_do(tmp_path):
    result = run(ROOT / "scripts/stage.sh", tmp_path / "none", tmp_path / "folder", check=False)
    assert result.returncode == 1 and "make build" in result.stderr
    result = run(ROOT / "scripts/install.sh", f"DESTDIR={tmp_path}", check=False)
    assert result.returncode == 1 and "make install" in result.stderr
