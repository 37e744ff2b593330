"""The project's pages as the tests see them: their blocks of code, their headings and their links."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "examples/README.md"]


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the line of the page it begins in, and the text line before it."""

    language: str
    line: int
    text: str
    before: str

    @property
    def file_name(self):
        """What the line before calls it: "... (`ais.yaml`):" """
        found = re.search(r"\(`([\w.-]+)`\):?\s*$", self.before)
        return found[1] if found else None


def title(page):
    return str(page.relative_to(ROOT))


def blocks(page):
    found, opened, before = [], None, ""
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if line.startswith("```"):
            if opened is None:
                opened, content = (line[3:].strip(), number), []
            else:
                found.append(Block(opened[0], opened[1], "\n".join(content) + "\n", before))
                opened = None
        elif opened is not None:
            content.append(line)
        elif line.strip():
            before = line
    assert opened is None, f"{title(page)}:{opened[1]}: the block is not closed"
    return found


def prose(page):
    """The page without its blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def anchors(page):
    """What `#...` can name, as GitHub makes it from headings."""
    headings = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page):
    """Targets of links, without those to other hosts."""
    without_code = re.sub(r"`[^`\n]*`", "", prose(page))
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", without_code) if "://" not in target]


def shell_commands(page):
    """The command lines of a page: those of its blocks for shells, and what its prose has in backticks that begins as one."""
    for block in blocks(page):
        if block.language in ("sh", "console"):
            lines = block.text.splitlines()
            yield from (line.removeprefix("$ ") for line in lines if block.language == "sh" or line.startswith("$ "))
    yield from (code for code in re.findall(r"`([^`\n]+)`", prose(page)) if re.match(r"(epochfs|make|scripts/\S+) ", code))
