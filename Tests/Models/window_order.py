"""A plain model of docs/ORDER.md, written from its text. It is slow, and right by being obvious."""

from math import isqrt

WORD = 2**64
G = 0x9E3779B97F4A7C15
SHARDS, BLOCK = 1, 2


def mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % WORD
    return z ^ (z >> 31)


def key(seed, epoch, purpose, ordinal):
    h = 0
    for word in (seed, epoch, purpose, ordinal):
        h = mix(((h ^ word) + G) % WORD)
    return h


class Permutation:
    """The permutation of 0 ... n-1 with a key."""

    def __init__(self, n, key):
        assert 1 <= n < 2**63
        self.n, self.key = n, key
        root = isqrt(n)
        self.a = next(a for a in range(max(2, root), root + 4) if a % 2 == 0 and a * a >= n)
        self.b = -(-n // self.a)
        self.rounds = 32 if n < 1024 else 8

    def noise(self, i, half, radix):
        return mix(half ^ ((self.key + i * G) % WORD)) * radix // WORD

    def a_pass(self, x):
        left, right = divmod(x, self.b)
        for i in range(1, self.rounds + 1):
            if i % 2 == 1:
                left = (left + self.noise(i, right, self.a)) % self.a
            else:
                right = (right + self.noise(i, left, self.b)) % self.b
        return left * self.b + right

    def a_pass_back(self, x):
        left, right = divmod(x, self.b)
        for i in range(self.rounds, 0, -1):
            if i % 2 == 1:
                left = (left - self.noise(i, right, self.a)) % self.a
            else:
                right = (right - self.noise(i, left, self.b)) % self.b
        return left * self.b + right

    def image(self, x):
        x = self.a_pass(x)
        while x >= self.n:
            x = self.a_pass(x)
        return x

    def preimage(self, x):
        x = self.a_pass_back(x)
        while x >= self.n:
            x = self.a_pass_back(x)
        return x

    def images(self):
        return [self.image(x) for x in range(self.n)]


def block_samples(block_bytes, all_samples, raw_bytes):
    if raw_bytes == 0:
        return max(1, all_samples)
    return max(1, block_bytes * all_samples // raw_bytes)


def line_shards(counts, seed, epoch):
    """The stored ordinals of the shards, in the order of the line."""
    return Permutation(len(counts), key(seed, epoch, SHARDS, 0)).images() if counts else []


def sequential(counts):
    """The samples of an epoch as pairs (shard, row), by position."""
    return [(shard, row) for shard, count in enumerate(counts) for row in range(count)]


def window(counts, seed, epoch, block):
    """The samples of an epoch as pairs (shard, row), by position."""
    line = [(shard, row) for shard in line_shards(counts, seed, epoch) for row in range(counts[shard])]
    positions = []
    for k in range(-(-len(line) // block)):
        places = line[k * block : (k + 1) * block]
        positions += [places[i] for i in Permutation(len(places), key(seed, epoch, BLOCK, k)).images()]
    return positions


def batches(n, size, drop_last):
    """The positions of each batch."""
    positions = list(range(n))
    cut = [positions[start : start + size] for start in range(0, n, size)]
    return [batch for batch in cut if len(batch) == size or not drop_last]


def rank_batches(n, size, drop_last, rank, world):
    """The positions of each batch of one rank."""
    step = size * world
    count = n // step if drop_last else -(-n // step)
    return [[((t * world + rank) * size + j) % n for j in range(size)] for t in range(count)]


def number_digits(batch_count):
    return max(4, len(str(max(0, batch_count - 1))))
