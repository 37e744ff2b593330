"""Writes what mosaicml-streaming itself says (pip install mosaicml-streaming==0.13.0) to Tests/SampleOrderTests/MosaicGolden.swift.

With --check, needs NumPy only: compares the model of docs/ORDER.md, mosaic_order.py, with what was written.
"""

import logging
import pathlib
import random
import sys
import types
import warnings

import mosaic_order
import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "Tests" / "SampleOrderTests" / "MosaicGolden.swift"
HEADER = """// What mosaicml-streaming 0.13 and NumPy 2 say. Written by Tests/Models/write_mosaic_golden.py; do not edit.

/// One vector a line, as those of `goldenVectors`.
let mosaicVectors = \"\"\"
"""
KEYS = ["algorithm", "seed", "block", "canonical_nodes", "nodes", "batching", "sampling", "granularity", "epoch_size", "batch_size", "drop_last"]


def fnv(words):
    """FNV-1a, 64 bits, over 64-bit little-endian words."""
    h = 0xCBF29CE484222325
    for word in words:
        for byte in word.to_bytes(8, "little"):
            h = (h ^ byte) * 0x100000001B3 % 2**64
    return h


def summary(ranks):
    """Everything about the batches of all ranks in one number: how many, how long, which samples."""
    words = [len(ranks)]
    for batches in ranks:
        words.append(len(batches))
        for batch in batches:
            words += [len(batch), *batch]
    return fnv([int(word) for word in words])


def case(rng):
    kind, streams, weights = rng.choice(["none", "none", "proportion", "absolute"]), [], []
    for _ in range(rng.choice([1, 1, 2, 3])):
        counts = [rng.randint(1, rng.choice([5, 40, 150])) for _ in range(rng.randint(1, 7))]
        streams.append(counts)
        absolute = [{}, {"repeat": rng.choice([0.5, 1, 2.25])}, {"choose": rng.randint(1, 2 * sum(counts))}]
        weights.append({"proportion": rng.choice([1, 2, 0.5, 0.3])} if kind == "proportion" else rng.choice(absolute) if kind == "absolute" else {})
    nodes = rng.choice([1, 1, 2, 3])
    world = rng.choice([1, nodes, 2 * nodes, 4 * nodes])
    order = mosaic_order.Order(
        algorithm=rng.choice(["naive", "py1s", "py2s", "py1br", "py1e"]), seed=rng.choice([9176, 0, rng.getrandbits(63)]), block=rng.choice([16, 64, 300, 1 << 18]),
        canonical_nodes=rng.choice([1, nodes, 2 * nodes, 2, 64]), nodes=nodes, batching=rng.choice(["random", "random", "stratified", "per_stream", "device_per_stream"]),
        sampling=rng.choice(["balanced", "fixed"]), granularity=rng.choice([1, 1, 5]),
        epoch_size=rng.choice([None, rng.randint(1, 400)]) if kind != "absolute" else None, batch_size=rng.choice([1, 4, 7, 16]), drop_last=rng.random() < 0.2,
        streams=streams, weights=weights)
    return order, rng.choice([0, 1, 5]), world


def library(order, epoch, world):
    """The batches that mosaicml-streaming deals out; raises where it does."""
    from streaming.base.batching import generate_work
    from streaming.base.dataset import StreamingDataset
    from streaming.base.stream import Stream

    streams = [types.SimpleNamespace(**weight) for weight in order.weights]
    counts = numpy.array([count for stream in order.streams for count in stream], numpy.int64)
    shards = numpy.array([len(stream) for stream in order.streams], numpy.int64)
    data = types.SimpleNamespace(
        streams=streams, num_streams=len(streams), shards_per_stream=shards, shard_offset_per_stream=shards.cumsum() - shards, samples_per_shard=counts,
        sample_offset_per_shard=counts.cumsum() - counts, samples_per_stream=numpy.array([sum(stream) for stream in order.streams], numpy.int64),
        shuffle_seed=order.seed, sampling_method=order.sampling, sampling_granularity=order.granularity, shuffle=True,
        epoch_seed_change=order.sampling == "balanced", partition_algo="relaxed", num_canonical_nodes=order.canonical_nodes, initial_physical_nodes=None,
        batch_size=order.batch_size, shuffle_algo=order.algorithm, shuffle_block_size=order.block, batching_method=order.batching)
    data.epoch_size = Stream.apply_weights(streams, data.samples_per_stream, order.epoch_size, order.seed)
    data.resample_streams = types.MethodType(StreamingDataset.resample_streams, data)
    nodes = order.nodes if world > 1 else 1
    tensor = generate_work(order.batching, data, types.SimpleNamespace(num_nodes=nodes, ranks_per_node=world // nodes, workers_per_rank=2), epoch, 0)
    ranks = []
    for own in tensor.reshape(world, *tensor.shape[2:]):
        in_order = own.transpose(1, 0, 2).reshape(-1, order.batch_size)
        batches = [[sample for sample in batch if sample >= 0] for batch in in_order.tolist()]
        ranks.append([batch for batch in batches if batch and not (order.drop_last and len(batch) < order.batch_size)])
    return ranks


def numpy_vectors():
    for seed in [0, 1, 9176, 2**32, 2**63, 2**64 - 1, 2**64 + 999]:
        rng = numpy.random.default_rng(seed)
        raw = [int(x) for x in rng.bit_generator.random_raw(3)]
        integers = [int(rng.integers(0, bound)) for bound in (1, 3, 1000, 2**32, 2**33 + 1, 7)]
        values = list(range(40))
        rng.shuffle(values)
        doubles = [float(x).hex() for x in rng.uniform(-3, 8, 2)]
        choices = ["/".join(map(str, rng.choice(n, k, False).tolist())) for n, k in ((5, 5), (30, 7), (10_001, 3))] + [str(fnv(rng.choice(10_001, 250, False).tolist()))]
        permutation = fnv(rng.permutation(5000).tolist())
        text = lambda values: ",".join(map(str, values))
        yield (f"numpy seed={seed} raw={text(raw)} integers={text(integers)} shuffled={text(values)} doubles={text(doubles)} choices={text(choices)} "
               f"permutation={permutation}")
    rng = numpy.random.default_rng(3)
    for count in [1, 5, 8, 9, 63, 128, 129, 300]:
        values = rng.random(count)
        yield f"sum bits={','.join(str(int(value.view(numpy.uint64))) for value in values)} result={int(values.sum().view(numpy.uint64))}" if count < 70 else (
            f"randomsum count={count} seed={count} result={int(numpy.random.default_rng(count).random(count).sum().view(numpy.uint64))}")


def line(order, epoch, world, result):
    fields = [f"{key}={getattr(order, key)}" for key in KEYS] + [f"epoch={epoch}", f"world={world}"]
    fields.append("streams=" + "/".join(",".join(map(str, counts)) for counts in order.streams))
    fields.append("weights=" + "/".join(next((f"{kind}:{value}" for kind, value in weight.items()), "none") for weight in order.weights))
    return "mosaic " + " ".join(fields) + " " + result


def vectors():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    # Where streams are equally close to one more sample the library's choice depends on the processor.
    import streaming.base.batching.stratified as stratified

    stratified.np = types.SimpleNamespace(**{**vars(numpy), "argsort": lambda values: numpy.argsort(values, kind="stable")})
    yield from numpy_vectors()
    rng, kept, refused = random.Random(20261121), 0, 0
    while kept < 150 or refused < 30:
        order, epoch, world = case(rng)
        try:
            ranks = library(order, epoch, world)
        except ValueError:
            if refused < 30:
                refused += 1
                yield line(order, epoch, world, "refused=1")
            continue
        if kept < 150:
            kept += 1
            yield line(order, epoch, world, f"batches={'/'.join(str(len(batches)) for batches in ranks)} hash={summary(ranks)}")


def parsed(text):
    fields = dict(word.split("=", 1) for word in text.split()[1:])
    number = lambda value: float(value) if "." in value else int(value)
    order = mosaic_order.Order(
        algorithm=fields["algorithm"], batching=fields["batching"], sampling=fields["sampling"], drop_last=fields["drop_last"] == "True",
        epoch_size=None if fields["epoch_size"] == "None" else int(fields["epoch_size"]),
        streams=[[int(count) for count in counts.split(",")] for counts in fields["streams"].split("/")],
        weights=[{} if weight == "none" else {weight.split(":")[0]: number(weight.split(":")[1])} for weight in fields["weights"].split("/")],
        **{key: int(fields[key]) for key in ("seed", "block", "canonical_nodes", "nodes", "granularity", "batch_size")})
    return order, int(fields["epoch"]), int(fields["world"]), fields


def check():
    lines = [text.strip() for text in GOLDEN.read_text().split("\n") if text.strip().startswith("mosaic ")]
    compared = 0
    for text in lines:
        order, epoch, world, fields = parsed(text)
        if "hash" in fields:
            compared += 1
            assert summary(mosaic_order.rank_batches(order, epoch, world)) == int(fields["hash"]), text
    assert compared >= 150
    # NumPy's streams are not promised for ever: those that were written must still be what it says.
    for text in numpy_vectors():
        assert text in GOLDEN.read_text(), f"this NumPy has other random streams: {text[:60]}"
    print(f"{compared} orders are as written")


if __name__ == "__main__":
    if "--check" in sys.argv:
        check()
    else:
        GOLDEN.write_text(HEADER + "".join(f"  {text}\n" for text in vectors()) + '  """\n')
