"""Writes MDS data sets for the tests, from the format's description alone; nothing here is shared with the program."""

import hashlib
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy

CHANNELS = ["lat", "lon", "sog", "cog", "dt_seconds"]


@dataclass
class Column:
    """A column of an MDS shard: its encoding, and the values of all samples."""

    encoding: str
    values: object
    # Bytes of every value, or None where each has its own length in front.
    size: int | None = None

    def encoded(self, row):
        value = self.values[row]
        return value.encode() if isinstance(value, str) else value if isinstance(value, bytes) else value.tobytes()


def raw(values):
    """Rows of an array as `bytes`: what they mean stands in the configuration."""
    return Column("bytes", values)


def scalar(values):
    return Column(str(values.dtype), values, values.dtype.itemsize)


def fixed_array(values):
    shape = ",".join(str(length) for length in values.shape[1:])
    return Column(f"ndarray:{values.dtype}:{shape}", values, values[0].nbytes)


def text(values):
    return Column("str", values)


@dataclass
class DataSet:
    """A written data set: where it lies and how many samples each shard has, in stored order."""

    path: Path
    counts: list = field(default_factory=list)
    files: list = field(default_factory=list)  # the stored file of each shard
    raw_bytes: int = 0

    @property
    def samples(self):
        return sum(self.counts)

    def starts(self):
        return [sum(self.counts[:shard]) for shard in range(len(self.counts))]


def write_mds(path, columns, counts, *, folders=1, zstd=False, hashes=()):
    """Writes a data set.

    `counts` are the samples of each shard; the shards are dealt to `folders` folders worker_00 ..., in turn by
    whole runs, or all lie in `path` itself when there is one folder.
    """
    path = Path(path)
    out = DataSet(path)
    names = sorted(columns)
    header = {
        "column_encodings": [columns[name].encoding for name in names],
        "column_names": names,
        "column_sizes": [columns[name].size for name in names],
        "compression": "zstd" if zstd else None,
        "format": "mds",
        "hashes": sorted(hashes),
        "size_limit": 1 << 26,
        "version": 2,
    }
    per_folder = -(-len(counts) // folders)
    first = 0
    for number in range(folders):
        folder = path if folders == 1 else path / f"worker_{number:02d}"
        folder.mkdir(parents=True, exist_ok=True)
        shards = []
        for ordinal, count in enumerate(counts[number * per_folder : (number + 1) * per_folder]):
            data = shard_bytes(header, [columns[name] for name in names], range(first, first + count))
            first += count
            name = f"shard.{ordinal:05d}.mds"
            shard = {**header, "samples": count, "raw_data": file_entry(name, data, hashes), "zip_data": None}
            stored_name, stored = name, data
            if zstd:
                stored_name, stored = name + ".zstd", compress(data)
                shard["zip_data"] = file_entry(stored_name, stored, hashes)
            (folder / stored_name).write_bytes(stored)
            shards.append(shard)
            out.counts.append(count)
            out.files.append(folder / stored_name)
            out.raw_bytes += len(data)
        (folder / "index.json").write_text(json.dumps({"shards": shards, "version": 2}, sort_keys=True))
    return out


def shard_bytes(header, columns, rows):
    config = json.dumps(header, sort_keys=True).encode()
    samples = []
    for row in rows:
        values = [column.encoded(row) for column in columns]
        lengths = b"".join(struct.pack("<I", len(value)) for column, value in zip(columns, values) if column.size is None)
        samples.append(lengths + b"".join(values))
    begin = 4 + 4 * (len(samples) + 1) + len(config)
    offsets = begin + numpy.cumsum([0] + [len(sample) for sample in samples])
    return struct.pack("<I", len(samples)) + offsets.astype("<u4").tobytes() + config + b"".join(samples)


def compress(data):
    import zstandard

    return zstandard.ZstdCompressor(level=3).compress(data)


def file_entry(name, data, hashes):
    return {"basename": name, "bytes": len(data), "hashes": {kind: digest(kind, data) for kind in hashes}}


def digest(kind, data):
    return f"{xxh64(data):016x}" if kind == "xxh64" else hashlib.new(kind, data).hexdigest()


def xxh64(data):
    """XXH64 with seed 0, from its specification; for small inputs."""
    word = (1 << 64) - 1
    p1, p2, p3, p4, p5 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5

    def rotate(x, bits):
        return ((x << bits) | (x >> (64 - bits))) & word

    def step(lane, value):
        return rotate((lane + value * p2) & word, 31) * p1 & word

    whole = len(data) // 32 * 32
    if whole:
        lanes = [(p1 + p2) & word, p2, 0, -p1 & word]
        for stripe in struct.iter_unpack("<4Q", data[:whole]):
            lanes = [step(lane, value) for lane, value in zip(lanes, stripe)]
        h = sum(rotate(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18))) & word
        for lane in lanes:
            h = ((h ^ step(0, lane)) * p1 + p4) & word
    else:
        h = p5
    h = (h + len(data)) & word
    rest = data[whole:]
    while len(rest) >= 8:
        h = (rotate(h ^ step(0, struct.unpack_from("<Q", rest)[0]), 27) * p1 + p4) & word
        rest = rest[8:]
    if len(rest) >= 4:
        h = (rotate(h ^ struct.unpack_from("<I", rest)[0] * p1 & word, 23) * p2 + p3) & word
        rest = rest[4:]
    for byte in rest:
        h = rotate(h ^ byte * p5 & word, 11) * p1 & word
    h = (h ^ (h >> 33)) * p2 & word
    h = (h ^ (h >> 29)) * p3 & word
    return h ^ (h >> 32)


def tracks(count, length, seed=0):
    """Rows of moving vessels: (count, length, 5) float32, every row different from every other."""
    random = numpy.random.default_rng(seed)
    position = numpy.arange(length)
    lat = random.uniform(-60, 60, (count, 1)) + 0.001 * position
    lon = random.uniform(-170, 170, (count, 1)) - 0.002 * position
    sog = random.uniform(-2, 45, (count, length)).round(1)
    cog = random.uniform(0, 360, (count, length)).round(1)
    seconds = random.choice([0, 9, 10, 60, 14400], (count, length))
    return numpy.stack([lat, lon, sog, cog, seconds], -1).astype(numpy.float32)
