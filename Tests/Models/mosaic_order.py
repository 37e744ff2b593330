"""A model of mosaicml-streaming's orders as docs/ORDER.md describes them: no tensors of all samples, but NumPy's own generator. Not for large data."""

from dataclasses import dataclass, field

import numpy


@dataclass
class Order:
    algorithm: str
    seed: int = 9176
    block: int = 1 << 18
    canonical_nodes: int = 1
    nodes: int = 1
    batching: str = "random"
    sampling: str = "balanced"
    granularity: int = 1
    epoch_size: int | None = None
    batch_size: int = 1
    drop_last: bool = False
    # Of each stream the sample counts of its shards; and its weight: {}, {"proportion": 0.5}, {"repeat": 2} or {"choose": 10}.
    streams: list = field(default_factory=list)
    weights: list = field(default_factory=list)


# MARK: - How many samples of each stream and shard


def chosen_of_streams(order):
    """(samples that an epoch takes of each stream, their shares)"""
    stored = numpy.array([sum(counts) for counts in order.streams])
    relative = any("proportion" in weight for weight in order.weights)
    if relative or (order.epoch_size and not any(order.weights)):
        total = order.epoch_size or int(stored.sum())
        shares = numpy.array([weight["proportion"] for weight in order.weights], float) if relative else stored.astype(float)
        shares = shares / shares.sum()
        chosen = (total * shares).astype(int)
        chosen[numpy.random.default_rng(order.seed).choice(len(chosen), total - chosen.sum(), False)] += 1
        return chosen.tolist(), shares.tolist()
    chosen = [int(w["repeat"] * n) if "repeat" in w else w.get("choose", n) for w, n in zip(order.weights, stored.tolist())]
    return chosen, [count / sum(chosen) for count in chosen]


def chosen_of_shards(counts, chosen, granularity, seed):
    times, rest = divmod(chosen, sum(counts))
    result = [count * times for count in counts]
    picks = [(shard, min(granularity, count - first)) for shard, count in enumerate(counts) for first in range(0, count, granularity)]
    for pick in numpy.random.default_rng(seed).permutation(len(picks)) if rest else []:
        shard, size = picks[pick]
        taken = min(size, rest)
        result[shard] += taken
        rest -= taken
        if not rest:
            break
    return result


def units_of(order, streams, chosen, epoch):
    """The pieces that are shuffled: lists of stored sample numbers."""
    begins = numpy.cumsum([0] + [sum(counts) for counts in order.streams]).tolist()
    seed = order.seed + (epoch if order.sampling == "balanced" else 0)
    rng, units = numpy.random.default_rng(seed), []
    for stream in streams:
        counts, first = order.streams[stream], begins[stream]
        for count, taken in zip(counts, chosen_of_shards(counts, chosen[stream], order.granularity, seed)):
            if count:
                units += [list(range(first, first + count))] * (taken // count)
                if taken % count:
                    units.append([first + row for row in sorted(rng.choice(count, taken % count, False).tolist())])
            first += count
    return units


# MARK: - Shuffles


def shuffled(order, units, epoch, block):
    """Stored sample numbers in the epoch's order."""
    epoch_rng, run_rng = numpy.random.default_rng(order.seed + epoch), numpy.random.default_rng(order.seed)
    count = sum(map(len, units))
    if order.algorithm == "naive":
        flat = [sample for unit in units for sample in unit]
        return [flat[place] for place in epoch_rng.permutation(count)]
    units = [numpy.array(unit) for unit in units]
    permutation = list(range(len(units)))
    run_rng.shuffle(permutation)
    units = [units[number].copy() for number in permutation]
    if order.algorithm == "py2s":
        for unit in units:
            run_rng.shuffle(unit)
    # Cut at the ends of the canonical nodes.
    parts, place = [[]], 0
    ends = [count * (node + 1) // order.canonical_nodes for node in range(order.canonical_nodes)]
    for unit in units:
        while len(unit):
            while place == ends[len(parts) - 1]:
                parts.append([])
            size = min(len(unit), ends[len(parts) - 1] - place)
            parts[-1].append(unit[:size].copy())
            unit, place = unit[size:], place + size
    parts += [[] for _ in range(order.canonical_nodes - len(parts))]
    if order.algorithm == "py2s":
        for part in parts:
            epoch_rng.shuffle(part)
            for span in part:
                epoch_rng.shuffle(span)
        return [sample for part in parts for span in part for sample in span.tolist()]
    for part in parts:
        epoch_rng.shuffle(part)
    least, most = int(0.75 * block), int(1.25 * block)
    if order.algorithm == "py1s":
        for part in parts:
            for span in part:
                epoch_rng.shuffle(span)
        return [sample for part in parts for span in part for sample in span.tolist()]
    result = []
    staggers = epoch_rng.integers(0, least, order.canonical_nodes).tolist() if order.algorithm == "py1br" else []
    for node, part in enumerate(parts):
        if order.algorithm == "py1e":
            for span in part:
                epoch_rng.shuffle(span)
        line = numpy.concatenate(part) if part else numpy.array([], int)
        if order.algorithm == "py1e":
            targets, first = [], 0
            for span in part:
                distance = max(0, (epoch_rng.integers(least, most) - len(span)) / 2)
                low, high = max(-distance, -first), min(distance, len(line) - first - len(span))
                targets += (numpy.arange(first, first + len(span)) + epoch_rng.uniform(low, high, len(span))).tolist()
                first += len(span)
            line = line[numpy.argsort(targets, kind="stable")]
        else:
            blocks, end = [], 0
            while end < len(line):
                length = epoch_rng.integers(least, most)
                blocks.append((max(end - staggers[node], 0), min(end + length - staggers[node], len(line))))
                end += blocks[-1][1] - blocks[-1][0]
            for first, last in blocks:
                epoch_rng.shuffle(line[first:last])
        result += line.tolist()
    return result


# MARK: - Ranks and batches


def dealt(order, samples, nodes, ranks):
    """For each node the samples that its ranks take in turn, in closed form."""
    count, canonical = len(samples), order.canonical_nodes
    whole = -(-count // canonical)
    ratio = max(1, nodes // canonical)
    padding = -whole % ratio
    width = whole + padding

    def sample(place):
        index, node = divmod(place, canonical)
        if not (count > canonical or (count == canonical and canonical >= nodes)):
            return samples[(node * width + index) % count]
        if index >= whole:
            index -= padding + ratio - 1
        first, last = node * count // canonical, (node + 1) * count // canonical
        return samples[first + min(index, last - first - 1)]

    own = canonical * width // nodes
    missing = -own % ranks
    begin = own - ranks - missing + 1
    made_up = [begin + extra if begin >= 0 else extra % own for extra in range(missing)]
    return [[sample(position * nodes + node) for position in [*range(own), *made_up]] for node in range(nodes)]


def rank_batches(order, epoch, world=1):
    """For each rank its batches, as lists of stored sample numbers."""
    size, nodes = order.batch_size, order.nodes if world > 1 else 1
    ranks = world // nodes
    chosen, shares = chosen_of_streams(order)
    if order.batching == "random":
        line = shuffled(order, units_of(order, range(len(chosen)), chosen, epoch), epoch, order.block)
        lists = [[node[rank::ranks] for rank in range(ranks)] for node in dealt(order, line, nodes, ranks)]
        batches = [[own[first : first + size] for first in range(0, len(own), size)] for node in lists for own in node]
        return [[batch for batch in own if len(batch) == size or not order.drop_last] for own in batches]
    lines = [shuffled(order, units_of(order, [s], chosen, epoch), epoch, int(order.block * shares[s])) for s in range(len(chosen))]
    rng = numpy.random.default_rng(order.seed + (epoch if order.sampling == "balanced" else 0))
    if order.batching == "stratified":
        portions = [int(share * size * world) for share in shares]
        rests = numpy.array([size * world * share - portion for share, portion in zip(shares, portions)])
        for stream in numpy.flip(numpy.argsort(rests, kind="stable"))[: size * world - sum(portions)]:
            portions[stream] += 1
        sequences = [dealt(order, line, 1, ranks)[0] for line in lines]
        count = min(len(sequence) // portion for sequence, portion in zip(sequences, portions))
        globals_ = [[x for s, n in zip(sequences, portions) for x in s[t * n : t * n + n]] for t in range(count)]
        return [[batch[rank * size : (rank + 1) * size] for batch in globals_] for rank in range(world)]
    if order.batching == "per_stream":
        own = [[node[rank::ranks] for node in dealt(order, line, nodes, ranks) for rank in range(ranks)] for line in lines]
        origins = origins_of([len(stream[0]) // size for stream in own], rng)
        return [[own[stream][rank][n * size : (n + 1) * size] for stream, n in origins] for rank in range(world)]
    per_node, device_batches = order.canonical_nodes // nodes, []
    for node in range(nodes):
        sequences = []
        for line in lines:
            parts = dealt(order, line, order.canonical_nodes, ranks)[node * per_node : (node + 1) * per_node]
            rounds = range(0, len(parts[0]), ranks)
            sequences.append([x for first in rounds for part in parts for x in part[first : first + ranks]])
        origins = origins_of([len(sequence) // size for sequence in sequences], rng)
        device_batches.append([sequences[stream][n * size : (n + 1) * size] for stream, n in origins])
    in_turn = [batch for turn in zip(*device_batches) for batch in turn]
    return [in_turn[rank::world] for rank in range(world)]


def origins_of(counts, rng):
    """For each batch its stream, and which of that stream's batches it is."""
    streams = numpy.repeat(numpy.arange(len(counts)), counts)
    rng.shuffle(streams)
    return [(stream, (streams[:place] == stream).sum()) for place, stream in enumerate(streams.tolist())]
