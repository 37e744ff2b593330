"""What `make demo` draws: the SVG and the text say from which shard each row is, and show the values that NumPy has."""

import json
import re
import struct
import subprocess
import sys
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
    north, east = (re.search(rf"(-?[\d.]+) to (-?[\d.]+) {what}", said).groups() for what in ("degrees north", "east"))
    assert numpy.allclose([float(word) / 90 for word in north], (same[0][:, 0].min(), same[0][:, 0].max()), atol=0.006 / 90)
    assert numpy.allclose([float(word) / 180 for word in east], (same[0][:, 1].min(), same[0][:, 1].max()), atol=0.006 / 180)


def test_the_svg_is_one(drawn):
    root = xml.etree.ElementTree.fromstring(drawn[1])
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    width, height = float(root.get("width")), float(root.get("height"))
    lines = root.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 1 + 5 + 6, "the track, what is stored, what is read"
    for line in lines:
        points = [tuple(map(float, point.split(","))) for point in line.get("points").split()]
        assert len(points) == 128 and all(0 <= x <= width and 0 <= y <= height for x, y in points)


def test_no_escapes_where_it_is_no_terminal(drawn):
    assert "\033" not in drawn[0]


def test_the_map_has_north_at_the_top():
    sys.path.append(str(ROOT / "scripts"))
    import drawing_text

    rows = drawing_text.track(numpy.array([0.0, 1.0]), numpy.array([0.0, 1.0]), width=4, height=2)
    assert rows == ["⠀⠀⠀⠈", "⡀⠀⠀⠀"]
    assert drawing_text.curve(numpy.arange(8.0), width=8) == "▁▂▃▄▅▆▇█"
    assert drawing_text.curve(numpy.zeros(8), width=4) == "▁▁▁▁"
