"""What the pages say is true: every example runs, every link leads somewhere, every command and option exists."""

import re
import shlex
import shutil

import pytest
from documents import PAGES, ROOT, anchors, blocks, links, shell_commands, title
from mounting import epochfs
from page_running import PageRun

LANGUAGES = {"yaml", "json", "python", "pycon", "sh", "console", "text", "swift", "promql"}


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_every_example_runs(page, sample, tmp_path):
    with PageRun(page, tmp_path, sample) as run:
        run.all()
    if run.skipped:
        pytest.skip("; ".join(run.skipped))


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_every_block_says_what_it_is(page):
    """`text` is for what nobody runs; a block without a language would be left out in silence."""
    for block in blocks(page):
        assert block.language in LANGUAGES, f"{title(page)}:{block.line}: '{block.language}' is none of {', '.join(sorted(LANGUAGES))}"


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_every_link_leads_somewhere(page):
    for target in links(page):
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{title(page)}: {target}"
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found), f"{title(page)}: {target}; there are {sorted(anchors(found))}"


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_every_page_that_is_named_is_there(page):
    for name in re.findall(r"(?<![\w/.-])((?:docs|scripts|examples|mount-configs|Tests|Sources)/[\w./+-]*[\w/])", page.read_text()):
        if "NAME" in name:  # of a file to be made
            continue
        assert (ROOT / name).exists() or (page.parent / name).exists(), f"{title(page)}: {name}"


def words(command):
    """The words of a command line up to the first that is not the command's own; none where it is no shell's."""
    try:
        found = shlex.split(command, comments=True)
    except ValueError:
        return []
    while found and re.fullmatch(r"\w+=.*", found[0]):
        found.pop(0)
    ends = [place for place, word in enumerate(found) if word in ("&&", "|", ";", ">", "||")]
    return found[: ends[0]] if ends else found


def test_every_command_and_option_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    help_of = {}
    for page in PAGES:
        for command in shell_commands(page):
            program, *rest = words(command) or [""]
            if program == "make":
                for target in (word for word in rest if "=" not in word and not word.startswith("-")):
                    assert target in targets, f"{title(page)}: make {target}"
            elif program.startswith("scripts/"):
                assert (ROOT / program).exists(), f"{title(page)}: {program}"
            elif program.split("/")[-1] == "epochfs" and rest and re.fullmatch("[a-z]+", rest[0]):
                name = rest[0]
                if name not in help_of:
                    result = epochfs(name, "--help")
                    assert result.returncode == 0 and f"epochfs {name}".encode() in result.stdout, f"{title(page)}: there is no `epochfs {name}`"
                    help_of[name] = result.stdout.decode()
                for option in (word.partition("=")[0] for word in rest[1:] if re.match("--?[a-z]", word)):
                    assert re.search(rf"(?<![\w-]){option}(?![\w-])", help_of[name]), f"{title(page)}: epochfs {name} {option}"


def test_the_readme_lists_every_page():
    readme = (ROOT / "README.md").read_text()
    for page in PAGES[1:]:
        assert f"]({title(page)})" in readme, f"README.md does not list {title(page)}"


def test_a_page_that_is_wrong_is_found(sample, tmp_path):
    """The harness itself: each of these pages has to be refused."""
    wrong = {
        "yaml": "```yaml\nversion: 1\nname: a\nsources: {s: {format: mds, pth: ./mds}}\nviews: {v: {source: s}}\n```\n",
        "console": "```console\n$ python3 -c 'print(1)'\n2\n```\n",
        "python": "```python\nimport numpy\nnumpy.load('/mnt/ais/there-is-no-mount')\n```\n",
        "pycon": "```pycon\n>>> 1 + 1\n3\n```\n",
        "sh": "```sh\nls /there/is/nothing\n```\n",
        "json": "```json\n{1}\n```\n",
    }
    for name, text in wrong.items():
        folder = tmp_path / name
        folder.mkdir()
        page = ROOT / f"docs/{name}-that-is-wrong.md"

        class Page(type(page)):
            def read_text(self, *_, **__):
                return text

        with PageRun(Page(page), folder, sample) as run, pytest.raises((AssertionError, ValueError)):
            run.all()
        shutil.rmtree(folder)
