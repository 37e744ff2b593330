"""The colours of shards in what draw_demo.py draws: told apart by colour-blind people too, and readable with a number on them."""

# Okabe and Ito, "Color Universal Design" (2008), with a grey for its black.
FEW = ((230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66), (0, 114, 178), (213, 94, 0), (204, 121, 167), (60, 60, 60))
# Of more shards: points of the scale "cividis" (Nunez and others, 2018), which has the same order of brightness for everybody.
MANY = ((0, 34, 78), (53, 69, 108), (102, 105, 112), (148, 142, 119), (200, 184, 102), (254, 232, 56))


def colour(shard, shards):
    """Red, green and blue, 0 to 255."""
    if shards <= len(FEW):
        return FEW[shard]
    place = shard / (shards - 1) * (len(MANY) - 1)
    low = min(int(place), len(MANY) - 2)
    return tuple(round(a + (b - a) * (place - low)) for a, b in zip(MANY[low], MANY[low + 1], strict=True))


def is_dark(rgb):
    """Whether a sign on it has to be white."""
    return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2] < 128
