"""What `make demo` draws: the SVG and the text say from which shard each row is, and show the values that NumPy has."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import xml.etree.ElementTree

import numpy
import pytest
import zstandard
from documents import ROOT

ROWS = 64


@pytest.fixture(scope="module")
def drawn(sample, sample_mount, tmp_path_factory):
    svg = tmp_path_factory.mktemp("drawn") / "demo.svg"
    result = subprocess.run([sys.executable, "-B", ROOT / "scripts/draw_demo.py", sample_mount.path, sample, svg], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return result.stdout, svg.read_text()


@pytest.fixture(scope="module")
def shard_of(sample):
    """The shard of each window by its target's bytes, from the shards themselves: the last bytes of a sample are the window."""
    found, shard = {}, 0
    for index in sorted(sample.glob("mds/*/index.json")):
        for entry in json.loads(index.read_text())["shards"]:
            stored = zstandard.ZstdDecompressor().decompress((index.parent / entry["zip_data"]["basename"]).read_bytes(), max_output_size=entry["raw_data"]["bytes"])
            (count,) = struct.unpack_from("<I", stored)
            ends = numpy.frombuffer(stored, "<u4", count + 1, 4)[1:]
            for end in ends:
                window = numpy.frombuffer(stored[end - 928 * 5 * 4 : end], "<f4").reshape(928, 5)
                found[window[128:, :2].tobytes()] = shard
            shard += 1
    return found


def shards_of(mount, batch, shard_of):
    return [shard_of[target.tobytes()] for target in numpy.load(mount / f"train/epoch-0/{batch}.target.npy")]


@pytest.mark.parametrize("batch", ["batch-0000", "batch-0003"])
def test_rows_are_drawn_as_their_shards(drawn, sample_mount, shard_of, batch):
    said, svg = drawn
    expected = shards_of(sample_mount, batch, shard_of)
    assert len(expected) == ROWS and len(set(expected)) > 4
    assert re.search(rf"^  {batch} +(\w+)$", said, re.MULTILINE)[1] == "".join(map(str, expected))
    titles = re.findall(rf"<title>{batch}, row (\d+): shard (\d+)</title>", svg)
    assert titles == [(str(row), str(shard)) for row, shard in enumerate(expected)]


def test_the_stored_order_is_one_shard(drawn):
    assert re.search(r"^  stored order +(\w+)$", drawn[0], re.MULTILINE)[1] == "0" * ROWS


def test_the_channels_are_those_of_one_row(drawn, sample_mount):
    """The ranges that stand beside the curves belong to one row of the first batch, before and after its transform."""
    said = drawn[0]
    ranges = {name: (float(low), float(high)) for name, low, high in re.findall(r"^  (\w+) +[▁-█]+ +(\S+) +(\S+)$", said.split("As it is read")[1], re.MULTILINE)}
    assert list(ranges) == ["lat", "lon", "sog", "cog_sin", "cog_cos", "dt_seconds"]
    batch = numpy.load(sample_mount / "train/epoch-0/batch-0000.input.npy")
    same = [row for row in batch if all(numpy.allclose((row[:, c].min(), row[:, c].max()), ranges[name], rtol=2e-3, atol=1e-4) for c, name in enumerate(ranges))]
    assert len(same) == 1
    sides = "north|south|east|west"
    latitude, longitude = re.findall(rf"([\d.]+)(?: ({sides}))? to ([\d.]+) ({sides})", said)
    for (low, low_side, high, high_side), channel, unit in ((latitude, 0, 90), (longitude, 1, 180)):
        ends = [float(end) * (-1 if side in ("south", "west") else 1) / unit for end, side in ((low, low_side or high_side), (high, high_side))]
        assert numpy.allclose(ends, (same[0][:, channel].min(), same[0][:, channel].max()), atol=0.006 / unit)


def test_the_svg_is_one(drawn):
    root = xml.etree.ElementTree.fromstring(drawn[1])
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    width, height = float(root.get("width")), float(root.get("height"))
    lines = root.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 1 + 5 + 6, "the track, what is stored, what is read"
    for line in lines:
        points = [tuple(map(float, point.split(","))) for point in line.get("points").split()]
        assert len(points) == 128 and all(0 <= x <= width and 0 <= y <= height for x, y in points)
        # Of every curve there is something to see.
        assert numpy.ptp([y for _, y in points]) > 20
    for text in root.findall("{http://www.w3.org/2000/svg}text"):
        # Letters are little wider than half their height. What begins on the left ends with the map's box, but for the titles above and below it.
        length, x = len(text.text) * float(text.get("font-size")) * 0.55, float(text.get("x"))
        begin = x - length * {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor")]
        assert 0 <= begin and begin + length <= width, text.text
        if x == 30 and text.get("font-size") != "14":
            assert length < 287, text.text


def test_no_escapes_where_it_is_no_terminal(drawn):
    assert "\033" not in drawn[0]


def on_terminal(sample, sample_mount, folder, columns):
    control, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
    with subprocess.Popen([sys.executable, "-B", ROOT / "scripts/draw_demo.py", sample_mount.path, sample, folder / "demo.svg"], stdout=terminal) as process:
        os.close(terminal)
        said = b""
        while True:
            try:
                said += os.read(control, 65536)
            except OSError:
                break
    os.close(control)
    assert process.returncode == 0
    return said.decode()


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_lines_fit_the_terminal(sample, sample_mount, tmp_path, columns):
    said = on_terminal(sample, sample_mount, tmp_path, columns)
    assert "\033[48;5;" in said
    lines = re.sub(r"\033\[[0-9;]*m", "", said).split("\r\n")
    drawn = [line for line in lines if not line.startswith("The same as a picture")]
    assert len(drawn) > 30 and max(map(len, drawn)) <= columns


def test_lines_fit_where_there_is_no_terminal(drawn):
    assert max(len(line) for line in drawn[0].splitlines() if not line.startswith("The same as a picture")) <= 80


@pytest.fixture(scope="module")
def scripts():
    sys.path.append(str(ROOT / "scripts"))
    yield
    sys.path.remove(str(ROOT / "scripts"))


@pytest.mark.parametrize(
    "values, said",
    [([38.6, 38.56], "38.56 to 38.60 east"), ([-9.59, -9.6], "9.60 to 9.59 west"), ([-0.2, 0.1], "0.20 west to 0.10 east")],
)
def test_degrees_have_a_side_and_no_sign(scripts, values, said):
    import drawing_text

    assert drawing_text.degrees(values, "east", "west") == said


# What people without working red or green cones see, in linear light (Machado, Oliveira, Fernandes 2009, severity 1).
DICHROMATS = [
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
]


@pytest.mark.parametrize("shards, least", [(8, 40), (24, 4)])
def test_colours_differ_for_everybody(scripts, shards, least):
    import drawing_colours

    colours = numpy.array([drawing_colours.colour(shard, shards) for shard in range(shards)]) / 255
    for matrix in [numpy.eye(3), *DICHROMATS]:
        seen = 255 * (colours**2.2 @ numpy.transpose(matrix)).clip(0, 1) ** (1 / 2.2)
        distances = numpy.linalg.norm(seen[:, None] - seen[None], axis=2) + 1000 * numpy.eye(shards)
        assert distances.min() > least, distances.round()


def test_the_map_has_north_at_the_top(scripts):
    import drawing_text

    rows = drawing_text.track(numpy.array([0.0, 1.0]), numpy.array([0.0, 1.0]), width=4, height=2)
    assert rows == ["⠀⠀⠀⠈", "⡀⠀⠀⠀"]
    assert drawing_text.curve(numpy.arange(8.0), width=8) == "▁▂▃▄▅▆▇█"
    assert drawing_text.curve(numpy.zeros(8), width=4) == "▁▁▁▁"
