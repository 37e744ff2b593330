"""A scene of draw_demo.py in characters: the track in Braille dots, channels as small curves, rows of batches as the signs of their shards."""

import numpy

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BARS = "▁▂▃▄▅▆▇█"
# The bit of each dot of a Braille sign, by row and column.
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


def scaled(values, count):
    """`values` as integers from 0 to count - 1; all 0 where they are all the same."""
    low, span = float(numpy.min(values)), float(numpy.ptp(values))
    return numpy.minimum(((values - low) / span * count).astype(int), count - 1) if span > 0 else numpy.zeros(len(values), int)


def track(lon, lat, width=48, height=12):
    """A map, north at the top."""
    cells = numpy.zeros((height, width), int)
    for x, y in zip(scaled(lon, 2 * width), 4 * height - 1 - scaled(lat, 4 * height), strict=True):
        cells[y // 4, x // 2] |= DOTS[y % 4][x % 2]
    return ["".join(chr(0x2800 + cell) for cell in row) for row in cells]


def curve(values, width=32):
    """A line of bars, each the mean of some values, and the range they are drawn in."""
    means = numpy.array([part.mean() for part in numpy.array_split(values, width)])
    return "".join(BARS[level] for level in scaled(means, len(BARS)))


def strip(shards, colour):
    """One sign a row of the batch: its shard."""
    signs = (DIGITS[shard % len(DIGITS)] for shard in shards)
    if not colour:
        return "".join(signs)
    return "".join(f"\033[48;5;{16 + 37 * (shard + 1) % 216}m\033[38;5;15m{sign}" for shard, sign in zip(shards, signs, strict=True)) + "\033[0m"


def channel_lines(title, channels):
    yield f"{title:15} {'':32}  {'least':>10} {'most':>10}"
    for name, values in channels.items():
        yield f"  {name:13} {curve(values)}  {values.min():10.4g} {values.max():10.4g}"


def draw(scene, colour=False):
    lon, lat = scene.stored["lon"], scene.stored["lat"]
    lines = [f"One vessel's track, 128 positions: {lat.min():.2f} to {lat.max():.2f} degrees north, {lon.min():.2f} to {lon.max():.2f} east", ""]
    lines += [f"    {row}" for row in track(lon, lat)]
    lines += ["", *channel_lines("As it is stored", scene.stored), "", *channel_lines("As it is read", scene.served)]
    lines += ["", f"From which of {scene.shards} shards the rows of a batch are (0 is the first):"]
    lines += [f"  {name:13} {strip(shards, colour)}" for name, shards in scene.mixes]
    return "\n".join(lines)
