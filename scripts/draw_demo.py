"""Draws what a mount does to a data set of `epochfs sample`: python draw_demo.py MOUNTPOINT DATA-FOLDER SVG-FILE.

One vessel's track as it is stored and as the model receives it, and from which shards the rows of a batch come; as text on standard output and as an SVG.
Everything is read through the mount; of the data folder only the index files, which say how many samples each shard has.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import drawing_svg
import drawing_text
import numpy

BATCHES = 4


@dataclass
class Scene:
    """What is drawn: of one track the stored and the served channels, and for rows of batches the shard they come from."""

    stored: dict  # channel: its 128 values as they lie in the shard
    served: dict  # the same positions, as train/epoch-0 has them
    mixes: list  # (name of a batch, the shard of each of its rows)
    shards: int


def shard_of_rows(data):
    """For every sample in stored order the number of its shard: folders by name, shards as their indexes list them."""
    counts = [shard["samples"] for index in sorted(data.glob("mds/*/index.json")) for shard in json.loads(index.read_text())["shards"]]
    return numpy.repeat(numpy.arange(len(counts)), counts), len(counts)


def channels(view, tensor):
    return json.loads((view / "schema.json").read_text())["tensors"][tensor]["channels"]


def fields(positions):
    """How many fields of a coarse map of its own a track touches: the more, the more there is to see."""
    low, span = positions.min(axis=0), numpy.maximum(numpy.ptp(positions, axis=0), 1e-6)
    return len({tuple(field) for field in ((positions - low) / span * 15).astype(int)})


def scene(mount, data):
    """A row of a batch is found among the stored windows by its target: positions that no transform touches."""
    shards, shard_count = shard_of_rows(data)
    windows = numpy.concatenate([numpy.load(path) for path in sorted((mount / "windows").glob("batch-*.npy"))])
    row_of = {window[128:, :2].tobytes(): row for row, window in enumerate(windows)}

    def rows(name):
        return [row_of[target.tobytes()] for target in numpy.load(mount / f"train/epoch-0/{name}.target.npy")]

    size = len(rows("batch-0000"))
    mixes = [("stored order", shards[:size])]
    mixes += [(name, shards[rows(name)]) for name in (f"batch-{number:04d}" for number in range(BATCHES))]

    first = rows("batch-0000")
    place = max(range(size), key=lambda place: fields(windows[first[place], :128, :2]))
    served = numpy.load(mount / "train/epoch-0/batch-0000.input.npy")[place]
    stored = windows[first[place], :128]
    return Scene(
        stored=dict(zip(channels(mount / "windows", "features"), stored.T, strict=True)),
        served=dict(zip(channels(mount / "train", "input"), served.T, strict=True)),
        mixes=mixes,
        shards=shard_count,
    )


def main():
    mount, data, svg = map(Path, sys.argv[1:4])
    drawn = scene(mount, data)
    is_terminal = sys.stdout.isatty()
    print(drawing_text.draw(drawn, colour=is_terminal, columns=os.get_terminal_size(sys.stdout.fileno()).columns if is_terminal else 80))
    svg.write_text(drawing_svg.draw(drawn))
    print(f"\nThe same as a picture: {svg}")


if __name__ == "__main__":
    main()
