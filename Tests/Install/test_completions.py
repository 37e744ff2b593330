"""The completions that are installed: the shells take them, and offer what there is."""

import pytest
from installing import needs, run, staged
from test_man_page import commands

FILES = {"bash": "epochfs", "zsh": "_epochfs", "fish": "epochfs.fish"}


@pytest.mark.parametrize("shell", FILES)
def test_they_know_every_command(shell):
    text = (staged() / "completions" / FILES[shell]).read_text()
    assert all(command in text for command in commands()) and "foreground" in text


@pytest.mark.parametrize("shell", FILES)
def test_the_shell_can_parse_them(shell):
    if reason := needs(shell):
        pytest.skip(reason)
    run(shell, "-n", staged() / "completions" / FILES[shell])


COMPLETE = """
source "$1"
shift
COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_TYPE=9; COMP_KEY=9
function=$(complete -p epochfs | sed -E 's/.*-F (\\S+).*/\\1/')
"$function" epochfs "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}" >/dev/null 2>&1
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize("typed, offered", [("mo", {"mount"}), ("un", {"unmount"}), ("s", {"sample"})])
def test_bash_offers_commands(typed, offered):
    result = run("bash", "-O", "extglob", "-c", COMPLETE, "bash", staged() / "completions/epochfs", "epochfs", typed)
    assert {line.strip() for line in result.stdout.splitlines()} == offered


def test_bash_offers_options():
    result = run("bash", "-O", "extglob", "-c", COMPLETE, "bash", staged() / "completions/epochfs", "epochfs", "mount", "--f")
    assert result.stdout.split() == ["--foreground"]
