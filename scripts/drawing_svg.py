"""A scene of draw_demo.py as an SVG: a map of the track, its channels as stored and as read, and batches as strips in the colours of their shards."""

from xml.sax.saxutils import escape

import drawing_colours
import drawing_text
import numpy

WIDTH, MARGIN = 960, 30
TEXT = "#333"
STORED, SERVED = "#888", "#0a6ebd"


def fill(rgb):
    return "#%02x%02x%02x" % rgb


def text(x, y, content, size=12, anchor="start", colour=TEXT):
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{escape(content)}</text>'


def placed(values, low, high, start, end):
    """Values of low ... high as coordinates from start to end."""
    span = high - low or 1
    return start + (numpy.asarray(values, float) - low) / span * (end - start)


def line(xs, ys, stroke, width=1.5):
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
    return f'<polyline points="{points}" fill="none" stroke="{stroke}" stroke-width="{width}" stroke-linejoin="round"/>'


def box(x, y, width, height):
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="white" stroke="#ccc"/>'


def track(scene, x, y, width, height):
    lon, lat = scene.stored["lon"], scene.stored["lat"]
    xs = placed(lon, lon.min(), lon.max(), x + 15, x + width - 15)
    ys = placed(lat, lat.min(), lat.max(), y + height - 15, y + 15)
    yield box(x, y, width, height)
    yield line(xs, ys, STORED, 2)
    yield f'<circle cx="{xs[0]:.1f}" cy="{ys[0]:.1f}" r="4" fill="white" stroke="{STORED}" stroke-width="2"/><circle cx="{xs[-1]:.1f}" cy="{ys[-1]:.1f}" r="4" fill="{STORED}"/>'
    yield text(x, y + height + 15, f"{drawing_text.degrees(lat, 'north', 'south')}, {drawing_text.degrees(lon, 'east', 'west')}", 11)


def panel(channels, stroke, x, y, width, height):
    """One chart a channel, one above the other, each in the range that stands beside it."""
    each = height / len(channels)
    for number, (name, values) in enumerate(channels.items()):
        top = y + number * each
        low, high = float(values.min()), float(values.max())
        yield box(x + 75, f"{top:g}", width - 145, f"{each - 6:g}")
        yield line(placed(range(len(values)), 0, len(values) - 1, x + 77, x + width - 72), placed(values, low, high, top + each - 9, top + 3), stroke)
        yield text(x + 70, top + each / 2 + 1, name, 11, "end")
        yield text(x + width - 66, top + 11, f"{high:.4g}", 9)
        yield text(x + width - 66, top + each - 8, f"{low:.4g}", 9)


def strips(scene, x, y, width):
    for number, (name, shards) in enumerate(scene.mixes):
        top, cell = y + number * 26, (width - 110) / len(shards)
        yield text(x + 95, top + 14, name, 12, "end")
        for place, shard in enumerate(shards):
            rgb, left = drawing_colours.colour(shard, scene.shards), x + 105 + place * cell
            yield f'<rect x="{left:.2f}" y="{top}" width="{cell + 0.3:.2f}" height="18" fill="{fill(rgb)}"><title>{escape(name)}, row {place}: shard {shard}</title></rect>'
            # Colours alone are not told apart by everybody.
            if len(str(shard)) * 6 < cell:
                yield text(left + cell / 2, top + 12.5, str(shard), 9, "middle", "white" if drawing_colours.is_dark(rgb) else "black")


def draw(scene):
    inner, third = WIDTH - 2 * MARGIN, (WIDTH - 2 * MARGIN - 40) / 3
    middle, right = MARGIN + third + 20, MARGIN + 2 * (third + 20)
    below = 400
    height = below + 30 + 26 * len(scene.mixes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fafafa"/>',
        text(MARGIN, 35, "One vessel's track", 14),
        *track(scene, MARGIN, 50, third, 300),
        text(middle, 35, "as it is stored: units of all sizes", 14),
        *panel(scene.stored, STORED, middle, 50, third, 300),
        text(right, 35, "as it is read: numbers near -1 to 1", 14),
        *panel(scene.served, SERVED, right, 50, third, 300),
        text(MARGIN, below, f"From which of {scene.shards} shards the rows of a batch are (0 is the first)", 14),
        *strips(scene, MARGIN, below + 15, inner),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
