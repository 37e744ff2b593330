"""A scene of draw_demo.py in characters: the track in Braille dots, channels as small curves, rows of batches as the signs of their shards."""

import drawing_colours
import numpy

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BARS = "▁▂▃▄▅▆▇█"
# The bit of each dot of a Braille sign, by row and column.
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


def scaled(values, count):
    """`values` as integers from 0 to count - 1; all 0 where they are all the same."""
    low, span = float(numpy.min(values)), float(numpy.ptp(values))
    return numpy.minimum(((values - low) / span * count).astype(int), count - 1) if span > 0 else numpy.zeros(len(values), int)


def degrees(values, positive, negative):
    """`38.56 to 38.60 north`, `9.60 to 9.59 west`, `0.20 west to 0.10 east`: from south to north, from west to east."""
    ends = [(f"{abs(value):.2f}", positive if value >= 0 else negative) for value in (numpy.min(values), numpy.max(values))]
    (low, low_side), (high, high_side) = ends
    return f"{low}{'' if low_side == high_side else ' ' + low_side} to {high} {high_side}"


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


def painted(shard, shards, sign):
    """A sign on its shard's colour, of the 216 that terminals have."""
    rgb = drawing_colours.colour(shard, shards)
    red, green, blue = (round(part / 51) for part in rgb)
    return f"\033[48;5;{16 + 36 * red + 6 * green + blue}m\033[38;5;{15 if drawing_colours.is_dark(rgb) else 16}m{sign}"


def strip(shards, count, colour):
    """One sign a row of the batch: its shard."""
    signs = [DIGITS[shard % len(DIGITS)] for shard in shards]
    return "".join(painted(shard, count, sign) for shard, sign in zip(shards, signs, strict=True)) + "\033[0m" if colour else "".join(signs)


def channel_lines(title, channels, width):
    yield f"{title:15} {'':{width}}  {'least':>10} {'most':>10}"
    for name, values in channels.items():
        yield f"  {name:13} {curve(values, width)}  {values.min():10.4g} {values.max():10.4g}"


def draw(scene, colour=False, columns=80):
    """Lines of less than `columns` characters, where these are 56 or more."""
    lon, lat = scene.stored["lon"], scene.stored["lat"]
    width = max(16, min(32, columns - 40))
    lines = [f"One vessel's track: {degrees(lat, 'north', 'south')}, {degrees(lon, 'east', 'west')}", ""]
    lines += [f"    {row}" for row in track(lon, lat, min(48, columns - 5))]
    lines += ["", *channel_lines("As it is stored", scene.stored, width), "", *channel_lines("As it is read", scene.served, width)]
    rows = min(len(scene.mixes[0][1]), columns - 16)
    lines += ["", f"From which of {scene.shards} shards the{'' if rows == len(scene.mixes[0][1]) else ' first'} rows of a batch are:"]
    lines += [f"  {name:12} {strip(shards[:rows], scene.shards, colour)}" for name, shards in scene.mixes]
    return "\n".join(lines)
