"""docs/TROUBLESHOOTING.md: each heading is a text of the program, and what the program says when things go wrong is found under a heading."""

import ctypes
import errno
import json
import os
import re
import subprocess

import numpy
import pytest
from documents import ROOT
from mounting import Mount, epochfs, write_config
from shards import CHANNELS, raw, scalar, tracks, write_mds

PAGE = ROOT / "docs/TROUBLESHOOTING.md"
OTHERS = "What other programs say"
ANY = "…"


def headings(of_others):
    section, found = None, []
    for line in PAGE.read_text().splitlines():
        if line.startswith("## "):
            section = line[3:]
        elif line.startswith("### "):
            texts = re.findall(r"`([^`]+)`", line)
            assert texts, f"no text in backticks: {line}"
            found += texts if (section == OTHERS) == of_others else []
    return found


def literals(source):
    """The string literals of a Swift file, with \\(...) cut out: pieces that are next to a value keep no sign of it."""
    pieces, place = [], 0
    while (start := source.find('"', place)) >= 0:
        place, piece = start + 1, ""
        while place < len(source) and source[place] not in '"\n':
            if source.startswith("\\(", place):
                pieces.append(piece)
                piece, depth, place = "", 1, place + 2
                while depth and place < len(source):
                    depth += {"(": 1, ")": -1}.get(source[place], 0)
                    place += 1
            elif source[place] == "\\":
                piece += source[place + 1]
                place += 2
            else:
                piece += source[place]
                place += 1
        pieces.append(piece)
        place += 1
    return pieces


@pytest.fixture(scope="module")
def said():
    """Every piece of text that the program can say."""
    return {piece for path in (ROOT / "Sources").rglob("*.swift") for piece in literals(path.read_text())}


@pytest.mark.parametrize("text", headings(of_others=False))
def test_a_heading_is_a_text_of_the_program(text, said):
    for part in text.split(ANY):
        joints = 0
        while re.search(r"\w", part):
            length = max((length for length in range(1, len(part) + 1) if any(part[:length] in piece for piece in said)), default=0)
            rest = part[length:]
            # Sentences are put together from pieces, but not words.
            cut_in_word = rest and part[length - 1].isalnum() and rest[0].isalnum()
            assert length and not cut_in_word and joints < 4, f"no string of Sources has: {part}"
            part, joints = rest, joints + 1


def test_a_heading_that_is_no_text_is_found(said):
    for text in ("there is no such fyle or folder", "an entirely unheard-of complaint about …", "has no index.jsn"):
        with pytest.raises(AssertionError, match="no string of Sources has"):
            test_a_heading_is_a_text_of_the_program(text, said)


@pytest.mark.parametrize("text", headings(of_others=True))
def test_what_other_programs_say(text):
    """The texts of the C library, or of a shell for a signal."""
    known = {os.strerror(number) for number in errno.errorcode} | {ctypes.CDLL(None)._name or "", "Bus error"}
    assert text in known


def is_documented(message):
    patterns = [".*".join(map(re.escape, text.split(ANY))) for text in headings(of_others=False) + headings(of_others=True)]
    return any(re.search(pattern, message) for pattern in patterns)


def test_what_is_not_documented_is_told_apart():
    assert not is_documented("epochfs: something that nobody has ever seen")
    assert is_documented("a.yaml:3: sources.s.path: /x: there is no such file or folder")


def test_every_error_of_mounting_is_documented():
    """All that `FuseSessionError` can say."""
    source = (ROOT / "Sources/FuseSession/FuseSessionError.swift").read_text()
    sentences = [literal for line in source.split("var description")[1].splitlines() for literal in re.findall(r'"((?:[^"\\]|\\.)+)"', line) if " " in literal]
    assert len(sentences) > 12
    for sentence in sentences:
        said = re.sub(r"\\\((?:[^()]|\([^()]*\))*\)", "something", sentence)
        assert is_documented(said), said


# --- Provoked ------------------------------------------------------------------------------------------------------------

ROWS = tracks(100, 16)


def data(folder, **options):
    return write_mds(folder, {"features": raw(ROWS), "label": scalar(numpy.arange(100, dtype=numpy.int32) * 7)}, [50, 50], **options)


def configuration(path, view=None, source=None, **top):
    declared = {"features": {"dtype": "float32", "shape": [16, 5], "channels": CHANNELS}}
    return {
        "memory": "64MiB",
        "sources": {"s": {"format": "mds", "path": str(path), "columns": declared, **(source or {})}},
        "views": {"v": {"source": "s", "batch_size": 10, **(view or {})}},
        **top,
    }


# name: the view's keys, the source's, those at the top, and words by which the message is known.
REFUSED = {
    "unknown key": ({"batchsize": 3}, {}, {}, "unknown key"),
    "wrong value": ({"batch_size": "many"}, {}, {}, "expected"),
    "no such path": ({}, {"path": "/there/is/nothing"}, {}, "no such file"),
    "pattern": ({}, {"path": "/there/*/nothing"}, {}, "matches no"),
    "variable": ({}, {"path": "${NOT_SET_ANYWHERE}/x"}, {}, "NOT_SET_ANYWHERE"),
    "remote": ({}, {"path": "s3://bucket/x"}, {}, "not supported"),
    "column": ({"tensors": {"x": {"column": "feature"}}}, {}, {}, "no column"),
    "shape": ({}, {"columns": {"features": {"dtype": "float32", "shape": [17, 5]}}}, {}, "data says otherwise"),
    "dtype": ({}, {"columns": {"features": {"shape": [16, 5]}}}, {}, "give its dtype"),
    "undeclared": ({"tensors": {"x": {"column": "features", "slice": ":3"}}}, {"columns": {}}, {}, "declare dtype and shape"),
    "slice": ({"tensors": {"x": {"column": "features", "slice": "20:30"}}}, {}, {}, "reaches beyond"),
    "channel": ({"tensors": {"x": {"column": "features", "transform": {"spd": ["log1p"]}}}}, {}, {}, "unknown channel"),
    "filter": ({"filter": "label >> 3"}, {}, {}, "at character"),
    "memory": ({}, {}, {"memory": "1KiB"}, "cannot hold one shard"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_configuration_is_documented(case, tmp_path):
    view, source, top, words = REFUSED[case]
    path = write_config(tmp_path, configuration(data(tmp_path / "data").path, view, source, **top))
    result = epochfs("check", path)
    message = result.stderr.decode()
    assert result.returncode == 1 and words in message
    assert all(is_documented(line) for line in message.splitlines()), message


def test_other_refusals_are_documented(tmp_path):
    path = write_config(tmp_path, configuration(data(tmp_path / "data").path))
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "broken.yaml").write_text("version: 1\nname: [\n")
    (tmp_path / "no-index").mkdir()
    no_index = write_config(tmp_path / "no-index", configuration(tmp_path / "empty"))
    runs = {
        "no index": epochfs("check", no_index),
        "broken YAML": epochfs("check", tmp_path / "broken.yaml"),
        "no configuration": epochfs("check", tmp_path / "none.yaml"),
        "no mountpoint": epochfs("mount", path, tmp_path / "none"),
        "a file": epochfs("mount", path, tmp_path / "file"),
        "an option": epochfs("mount", path, tmp_path / "empty", "-o", "rw"),
        "an unknown option": epochfs("mount", path, tmp_path / "empty", "-o", "uid=1000"),
        "no mount": epochfs("unmount", tmp_path / "empty"),
        "no folder": epochfs("unmount", tmp_path / "none"),
        "no format": epochfs("inspect", tmp_path / "broken.yaml"),
        "foreign": epochfs("unmount", "/proc"),
    }
    with Mount(tmp_path, path) as mount:
        runs["already"] = epochfs("mount", path, mount.path)
        with open(mount / "v/schema.json"):
            runs["busy"] = epochfs("unmount", mount.path)
    assert b"mkdir" in runs["no mountpoint"].stderr and b"mkdir" not in runs["no folder"].stderr
    for name, result in runs.items():
        message = result.stderr.decode().strip()
        assert result.returncode == 1 and message and is_documented(message), f"{name}: {message}"


def test_warnings_are_documented(tmp_path):
    made = data(tmp_path / "data").path
    for view in ({"filter": "label > 100000"}, {"batch_size": 101, "drop_last": True}):
        result = epochfs("check", write_config(tmp_path, configuration(made, view)))
        warnings = [line for line in result.stderr.decode().splitlines() if "warning" in line]
        assert warnings and all(map(is_documented, warnings)), result.stderr


def cut(path):
    path.write_bytes(path.read_bytes()[:-5])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def blank(path):
    content = bytearray(path.read_bytes())
    content[12:60] = bytes(48)
    path.write_bytes(content)


DAMAGES = {
    "short": (cut, {}, "copy it again"),
    "hash": (flip, {"hashes": ["xxh64"]}, "the data is damaged"),
    "compressed": (blank, {"zstd": True}, "damaged zstd data"),
    "missing": (os.unlink, {}, "open: "),
}


@pytest.mark.parametrize("case", DAMAGES)
def test_damage_is_documented(case, tmp_path):
    damage, options, words = DAMAGES[case]
    made = data(tmp_path / "data", **options)
    damage(made.files[1])
    with Mount(tmp_path, configuration(made.path)) as mount:
        with pytest.raises(OSError, match=os.strerror(errno.EIO)):
            mount.load("v/batch-0009.label.npy")
        messages = [error["message"] for error in mount.errors()]
        assert messages and words in messages[0] and all(map(is_documented, messages)), messages


def test_a_change_and_a_cast_are_documented(tmp_path):
    made = data(tmp_path / "data")
    with Mount(tmp_path, configuration(made.path, {"tensors": {"x": {"column": "label", "dtype": "int8"}}})) as mount:
        for batch, words in ((4, "cannot be cast"), (9, "changed since the mount")):
            if batch == 9:
                os.utime(made.files[1], (1, 1))
            with pytest.raises(OSError, match=os.strerror(errno.EIO)):
                mount.load(f"v/batch-{batch:04d}.npy")
            message = mount.errors()[-1]["message"]
            assert words in message and is_documented(message), json.dumps(mount.errors())


def test_a_dead_mount_is_documented(tmp_path):
    with Mount(tmp_path, configuration(data(tmp_path / "data").path)) as mount:
        mount.process.kill()
        mount.process.wait()
        said = subprocess.run(["ls", mount.path], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}).stderr.strip()
        assert said and is_documented(said), said
