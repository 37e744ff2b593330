"""Writes what the model of docs/ORDER.md says to Tests/SampleOrderTests/Golden.swift; with --check, compares instead, and runs the vectors of docs/ORDER.md."""

import doctest
import pathlib
import random
import sys

import window_order as model

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "Tests" / "SampleOrderTests" / "Golden.swift"
HEADER = """// What the Python model of docs/ORDER.md says. Written by Tests/Models/write_golden.py; do not edit.

/// One vector a line: a kind, then `name=value` fields; lists are joined by commas. Read by `GoldenVector`.
let goldenVectors = \"\"\"
"""


def fnv(words):
    """FNV-1a, 64 bits, over 64-bit little-endian words."""
    h = 0xCBF29CE484222325
    for word in words:
        for byte in word.to_bytes(8, "little"):
            h = (h ^ byte) * 0x100000001B3 % 2**64
    return h


def joined(values):
    return ",".join(str(value) for value in values)


def vectors():
    rng = random.Random(20260501)
    for value in [0, 1, model.G, 2**63, 2**64 - 1]:
        yield f"mix value={value} result={model.mix(value)}"
    for seed, epoch, purpose, ordinal in [
        (0, 0, 1, 0), (0, 0, 2, 0), (0, 0, 2, 1), (42, 0, 1, 0), (42, 3, 2, 17), (0, 42, 1, 0), (2**64 - 1, 999_999, 2, 10**12),
    ]:
        yield f"key seed={seed} epoch={epoch} purpose={purpose} ordinal={ordinal} result={model.key(seed, epoch, purpose, ordinal)}"

    whole = [*range(1, 41), 63, 64, 65, 99, 100, 101, 255, 256, 257, 1000, 1023, 1024, 1025, 1089, 4096, 9999, 20000]
    for n in whole:
        key = rng.getrandbits(64)
        permutation = model.Permutation(n, key)
        images = permutation.images()
        assert sorted(images) == list(range(n)) and all(permutation.preimage(y) == x for x, y in enumerate(images))
        yield (f"permutation count={n} key={key} left={permutation.a} right={permutation.b} rounds={permutation.rounds} "
               f"first={joined(images[:12])} hash={fnv(images)}")
    sparse = [10**6, 10**6 + 1, 2**31 - 1, 2**32, 2**32 + 1, 10**10, 10**12, 2**40 - 1, 2**40, 2**40 + 1, 2**52 + 1, 2**53 - 1, 2**53 + 1,
              (2**26 + 1) ** 2 - 1, (2**26 + 1) ** 2, (2**26 + 2) ** 2, (2**26 + 2) ** 2 + 1, 2**62, 3037000498**2, 3037000498**2 + 1, 3037000499**2, 2**63 - 2, 2**63 - 1]
    for n in sparse:
        key = rng.getrandbits(64)
        permutation = model.Permutation(n, key)
        values = sorted({0, 1, permutation.b - 1, permutation.b, n // 2, n - 2, n - 1} | {rng.randrange(n) for _ in range(8)})
        images = [permutation.image(value) for value in values]
        assert all(permutation.preimage(image) == value for value, image in zip(values, images))
        yield (f"images count={n} key={key} left={permutation.a} right={permutation.b} rounds={permutation.rounds} "
               f"values={joined(values)} images={joined(images)}")

    tables = [
        [], [0], [0, 0, 0], [1], [7], [3, 2], [10, 7, 10, 3], [0, 5, 0, 0, 4, 0], [1] * 20, [100, 1, 1, 1],
        [rng.randrange(0, 30) for _ in range(40)], [64] * 33, [rng.choice([0, 1, 500]) for _ in range(25)], [3000, 2000],
    ]
    for counts in tables:
        samples = model.sequential(counts)
        yield order("sequential", counts, 0, 0, 1, list(range(len(counts))), samples)
        total = len(samples)
        for block in sorted({1, 2, 7, max(1, total // 3), max(1, total), total + 1, 2**62}):
            for seed, epoch in [(0, 0), (0, 1), (42, 0), (rng.getrandbits(64), rng.randrange(1_000_000))]:
                if (seed, epoch) != (0, 0) and block in (2, total):
                    continue
                samples = model.window(counts, seed, epoch, block)
                assert sorted(samples) == model.sequential(counts)
                yield order("window", counts, seed, epoch, block, model.line_shards(counts, seed, epoch), samples)

    for block_bytes, samples, raw in [(512 << 20, 108_700_000, 2_017_472_000_000), (1, 10, 1000), (0, 5, 5), (2**62, 2**62, 2**62), (512 << 20, 7, 0), (100, 0, 0), (10, 3, 4)]:
        yield f"block bytes={block_bytes} samples={samples} raw={raw} result={model.block_samples(block_bytes, samples, raw)}"


def order(algorithm, counts, seed, epoch, block, shards, samples):
    first = joined(f"{shard}:{row}" for shard, row in samples[:10])
    whole = fnv(word for sample in samples for word in sample)
    return f"order algorithm={algorithm} counts={joined(counts)} seed={seed} epoch={epoch} block={block} shards={joined(shards)} first={first} hash={whole}"


def main():
    text = HEADER + "".join("  " + vector + "\n" for vector in vectors()) + '  """\n'
    if sys.argv[1:] == ["--check"]:
        failures, _ = doctest.testfile(str(ROOT / "docs" / "ORDER.md"), module_relative=False)
        if GOLDEN.read_text() != text:
            print(f"{GOLDEN.relative_to(ROOT)} is not what the model says: run Tests/Models/write_golden.py and see what changed")
            failures += 1
        return 1 if failures else 0
    GOLDEN.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
