"""A scene of draw_demo.py as an SVG: a map of the track, its channels as stored and as read, and batches as strips in the colours of their shards."""

from xml.sax.saxutils import escape

import numpy

WIDTH, MARGIN = 960, 30
TEXT = "#333"
STORED, SERVED = "#888", "#0a6ebd"


def colour(shard, shards):
    """Hues all around the circle, so that neighbours in stored order differ."""
    return f"hsl({360 * shard / shards:.0f} 65% {45 + 20 * (shard % 2)}%)"


def text(x, y, content, size=12, anchor="start"):
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" text-anchor="{anchor}" fill="{TEXT}">{escape(content)}</text>'


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
    yield text(x, y + height + 15, f"{lat.min():.2f} to {lat.max():.2f} degrees north, {lon.min():.2f} to {lon.max():.2f} east")


def panel(channels, bounds, stroke, x, y, width, height):
    """One chart a channel, one above the other; `bounds` are theirs together, or None where each has its own."""
    each = height / len(channels)
    for number, (name, values) in enumerate(channels.items()):
        top = y + number * each
        low, high = bounds or (float(values.min()), float(values.max()))
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
            yield f'<rect x="{x + 105 + place * cell:.2f}" y="{top}" width="{cell + 0.3:.2f}" height="18" fill="{colour(shard, scene.shards)}"><title>{escape(name)}, row {place}: shard {shard}</title></rect>'


def legend(scene, x, y):
    for shard in range(min(scene.shards, 24)):
        yield f'<rect x="{x + shard * 34}" y="{y}" width="12" height="12" fill="{colour(shard, scene.shards)}"/>' + text(x + shard * 34 + 15, y + 10, str(shard), 10)


def draw(scene):
    inner, third = WIDTH - 2 * MARGIN, (WIDTH - 2 * MARGIN - 40) / 3
    middle, right = MARGIN + third + 20, MARGIN + 2 * (third + 20)
    below = 400
    height = below + 30 + 26 * len(scene.mixes) + 40
    # What is read has one scale, which is what normalising is for.
    served = numpy.concatenate(list(scene.served.values()))
    bounds = (min(-1.0, float(served.min())), max(1.0, float(served.max())))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fafafa"/>',
        text(MARGIN, 35, "One vessel's track", 14),
        *track(scene, MARGIN, 50, third, 300),
        text(middle, 35, "as it is stored, scales of their own", 14),
        *panel(scene.stored, None, STORED, middle, 50, third, 300),
        text(right, 35, "as it is read, all on one scale", 14),
        *panel(scene.served, bounds, SERVED, right, 50, third, 300),
        text(MARGIN, below, f"From which of {scene.shards} shards the rows of a batch are", 14),
        *strips(scene, MARGIN, below + 15, inner),
        *legend(scene, MARGIN + 105, height - 30),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
