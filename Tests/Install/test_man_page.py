"""The manual pages against what the program and the helper say of themselves."""

import re

import pytest
from installing import EPOCHFS, ROOT, needs, run

PAGE = (ROOT / "man/epochfs.1").read_text()
HELPER_PAGE = (ROOT / "man/mount.epochfs.8").read_text()
# On every command; said once, below all of them.
EVERYWHERE = {"--help", "-h", "--version"}


def help_text(*words):
    return run(EPOCHFS, "help", *words).stdout


def commands():
    """The subcommands, as the program lists them."""
    listed = help_text().split("SUBCOMMANDS:\n", 1)[1]
    return re.findall(r"^  (\w+)  ", listed, re.MULTILINE)


def section(command):
    """What the page says of one command."""
    parts = re.split(r"^\.S[sh] ", PAGE, flags=re.MULTILINE)
    found = [part for part in parts if part.startswith(f"epochfs {command} ")]
    assert len(found) == 1, f"man/epochfs.1 has {len(found)} sections `.Ss epochfs {command} ...`"
    return found[0]


def options_said(text):
    """-f, --foreground and the like of a help text: at the beginnings of the lines below OPTIONS."""
    lines = text.split("OPTIONS:\n", 1)[1].splitlines()
    return {word for line in lines if (match := re.match(r"  (-[\w-]+(?:, -[\w-]+)*)", line)) for word in re.findall(r"--?[\w-]+", match[1])}


def options_written(text):
    """The same of a section: `.It Fl f , -foreground Ar X`."""
    found = set()
    for line in re.findall(r"^\.It Fl (.*)$", text, re.MULTILINE):
        for part in line.split(" , "):
            found.add("-" + part.split()[0])
    return found


def test_every_command_has_its_section():
    assert set(commands()) == set(re.findall(r"^\.Ss epochfs (\w+)", PAGE, re.MULTILINE))
    synopsis = PAGE.split(".Sh SYNOPSIS")[1].split(".Sh ")[0]
    assert commands() == re.findall(r"^\.Cm (\w+)", synopsis, re.MULTILINE)


@pytest.mark.parametrize("command", commands())
def test_options_and_arguments(command):
    said = help_text(command)
    assert options_said(said) >= EVERYWHERE
    assert options_written(section(command)) == options_said(said) - EVERYWHERE
    arguments = re.findall(r"^  <([\w-]+)>", said.split("ARGUMENTS:\n", 1)[1].split("OPTIONS:")[0], re.MULTILINE)
    assert section(command).splitlines()[0].split()[3:] == arguments


def test_options_of_every_command_are_said():
    assert "\n.Fl h , -help\nand\n.Fl -version ." in PAGE


def test_exit_statuses():
    """Of the page: 0, 1 and 64, as the program has them."""
    assert re.findall(r"^\.It (\d+)$", PAGE.split(".Sh EXIT STATUS")[1], re.MULTILINE) == ["0", "1", "64"]
    assert run(EPOCHFS, "check", "/nonexistent.yaml", check=False).returncode == 1
    assert run(EPOCHFS, "fly", check=False).returncode == 64


def test_the_examples_run(tmp_path):
    """As they stand, in another folder."""
    blocks = re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", PAGE.split(".Sh EXAMPLES")[1], re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    text = "\n".join(blocks).replace("\\e\n", "\\\n").replace("/tmp/", f"{tmp_path}/")
    # The second one needs no mount; the first one is the README's, which is mounted by the tests of the sample.
    without_mount = "\n".join(line for line in text.splitlines() if not re.match(r"(mkdir|ls|epochfs (un)?mount) ", line))
    run("bash", "-euc", f'epochfs() {{ "{EPOCHFS}" "$@"; }}\ncd "{tmp_path}"\n{without_mount}')
    assert (tmp_path / "batch.npy").read_bytes().startswith(b"\x93NUMPY\x01")


def test_the_helpers_page_names_what_the_helper_takes():
    script = (ROOT / "scripts/mount.epochfs").read_text()
    letters = set(re.search(r"getopts (\S+)", script)[1].replace(":", ""))
    flags = set(re.search(r"^\.Op Fl (\w+)$", HELPER_PAGE, re.MULTILINE)[1]) | {"o", "t"}
    # -N is understood only to be refused.
    assert letters == flags | {"N"}
    for word in ("memory=", "set=", "allow_other", "_netdev", "nofail"):
        assert f"Cm {word} " in HELPER_PAGE or f"Cm {word}\n" in HELPER_PAGE, word
    assert re.findall(r"^\.It (\d+)$", HELPER_PAGE.split(".Sh EXIT STATUS")[1], re.MULTILINE) == ["0", "1", "32"]


@pytest.mark.skipif(needs("mandoc") is not None and needs("groff") is not None, reason="needs mandoc or groff")
@pytest.mark.parametrize("page", ["epochfs.1", "mount.epochfs.8"])
def test_they_are_well_formed(page):
    path = ROOT / "man" / page
    if needs("mandoc") is None:
        run("mandoc", "-Tlint", "-Wwarning", path)
    if needs("groff") is None:
        assert run("groff", "-ww", "-mandoc", "-Tascii", path).stderr == ""
