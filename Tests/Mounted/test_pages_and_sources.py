"""Pages that list what the sources know: nothing is left out of them."""

import re

import pytest
from documents import ROOT

SOURCES = ROOT / "Sources"


def page(name):
    return (ROOT / name).read_text()


def source(name):
    return (SOURCES / name).read_text()


def names_in(function, text):
    """The strings of the `case "a", "b":` of one function."""
    body = text[text.index(function) :]
    body = body[: re.search(r"^  }$", body, re.MULTILINE).start()]
    return [name for line in re.findall(r'case ((?:"[^"]+"(?:, )?)+):', body) for name in re.findall(r'"([^"]+)"', line)]


def test_every_encoding_of_mds_is_listed():
    names = names_in("init(name: String)", source("MDSFormat/MDSEncoding.swift"))
    assert {"bytes", "str", "pkl", "jpegarray", "json"} <= set(names)
    formats = page("docs/FORMATS.md")
    for name in names + ["ndarray"]:
        assert f"`{name}`" in formats, f"docs/FORMATS.md says nothing of the encoding {name}"


def test_every_codec_is_listed():
    text = source("Compression/Codec.swift")
    names = names_in("init(mdsName: String)", text)
    assert {"zstd", "gz"} <= set(names)
    formats, readme = page("docs/FORMATS.md"), page("README.md")
    for name in names:
        assert f"`{name}`" in formats and re.search(rf"\b{name}\b", readme), name


def test_every_hash_is_listed():
    text = source("Checksums/HashAlgorithm.swift")
    names = set(re.findall(r'"((?:xxh|md5|sha|blake|crc)\w*)"', text))
    assert "xxh64" in names
    formats = page("docs/FORMATS.md")
    ranges = [("sha224", "sha512"), ("sha3_224", "sha3_512")]
    for low, high in ranges:
        assert f"`{low}` to `{high}`" in formats
    written = {"sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512", "crc32"}
    for name in names - written:
        assert f"`{name}`" in formats, name


def test_every_format_of_a_configuration_is_told():
    cases = re.search(r"case (mds[\w, ]+)", source("MountConfiguration/SourceConfiguration.swift"))[1].split(", ")
    waiting = re.search(r'"format": \[([^\]]*)\]', source("MountConfiguration/SupportedFeatures.swift"))
    waiting = re.findall(r'"(\w+)"', waiting[1]) if waiting else []
    formats = page("docs/FORMATS.md")
    for name in set(cases) - set(waiting):
        assert f"(`format: {name}`)" in formats, f"docs/FORMATS.md has no section on `format: {name}`"


def test_every_errno_is_in_the_table():
    names = set(re.findall(r"\b(E[A-Z]{2,})\b", source("FileTree/FileError.swift").split("public var errno")[1]))
    assert {"EIO", "ENOENT"} <= names
    rows = [line for line in page("docs/SEMANTICS.md").splitlines() if line.startswith("| E")]
    for name in names:
        assert any(re.search(rf"\b{name}\b", row.split("|")[1]) for row in rows), f"{name} is not in the table of docs/SEMANTICS.md"


# How-to in CONTRIBUTING.md: the signs by which one example of its kind is found in the sources, and files that only mention it.
KINDS = {
    "transform": (r"nanTo|nan_to|replaceNaN", set()),
    "codec": (r"[bB]rotli", {"Compression/BrotliDecoder.swift", "CBrotli/module.modulemap", "CBrotli/shim.h"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_how_to_names_every_file(kind):
    pattern, own = KINDS[kind]
    text = page("CONTRIBUTING.md").split(f"## How to add a {kind}")[1].split("\n## ")[0]
    used = {str(path.relative_to(SOURCES)) for path in SOURCES.rglob("*") if path.is_file() and re.search(pattern, path.read_text(errors="replace"))}
    assert len(used) > 5
    for name in used - own:
        # An entry in the data of tests or samples is no place to add a kind at.
        assert f"Sources/{name}" in text, f"CONTRIBUTING.md, How to add a {kind}: Sources/{name} is left out"
