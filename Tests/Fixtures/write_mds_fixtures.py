"""Writes the small MDS data sets of this folder, independently of the Swift code: the layout is spelled out here from the format's description.

    python Tests/Fixtures/write_mds_fixtures.py        needs numpy, pyarrow (zstd), brotli, python-snappy and xxhash; the files it writes are committed

Everything is deterministic. Next to the data sets, expected/ holds what a reader must find: one .npy a column, samples in stored order.
"""
import bz2
import gzip
import hashlib
import json
import pathlib
import shutil
import struct

import brotli
import numpy as np
import pyarrow
import snappy
import xxhash

ROOT = pathlib.Path(__file__).parent / "mds"
SCALARS = ["uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]
CODES = {"uint8": 8, "int8": 9, "uint16": 16, "int16": 17, "float16": 18, "uint32": 32, "int32": 33, "float32": 34, "uint64": 64, "int64": 65, "float64": 66}
HASHES = {"sha1": lambda b: hashlib.sha1(b).hexdigest(), "xxh64": lambda b: xxhash.xxh64(b).hexdigest()}
COMPRESSIONS = {"zstd": lambda b, level=3: pyarrow.Codec("zstd", compression_level=level).compress(b).to_pybytes(), "gz": lambda b, level=9: gzip.compress(b, level, mtime=0),
                "bz2": bz2.compress, "br": lambda b, level=11: brotli.compress(b, quality=level), "snappy": snappy.compress}


def column_size(encoding):
    """The bytes of every value, None where they vary."""
    parts = encoding.split(":")
    if encoding == "int": return 8
    if encoding in SCALARS: return np.dtype(encoding).itemsize
    if parts[0] == "ndarray" and len(parts) == 3: return int(np.prod([int(d) for d in parts[2].split(",")])) * np.dtype(parts[1]).itemsize
    return None


def encode(encoding, value):
    if encoding in ("bytes", "complex128"): return bytes(value)
    if encoding == "str": return value.encode()
    if encoding == "int": return np.int64(value).tobytes()
    if encoding in SCALARS: return np.dtype(encoding).type(value).tobytes()
    parts = encoding.split(":")
    assert parts[0] == "ndarray"
    if len(parts) == 3: return np.ascontiguousarray(value).tobytes()
    width = next(w for w in range(4) if max(value.shape) < 1 << (8 << w))
    shape = bytes([value.ndim << 2 | width]) + np.array(value.shape, f"<u{1 << width}").tobytes()
    return (bytes([CODES[value.dtype.name]]) if len(parts) == 1 else b"") + shape + np.ascontiguousarray(value).tobytes()


def write_dataset(folder, columns, samples, compression=None, hashes=("sha1", "xxh64"), size_limit=8192):
    """`columns`: {name: encoding}; `samples`: dictionaries. Shards as full as `size_limit` allows, then index.json."""
    folder.mkdir(parents=True)
    names = sorted(columns)
    encodings, sizes = [columns[n] for n in names], [column_size(columns[n]) for n in names]
    about = {"column_encodings": encodings, "column_names": names, "column_sizes": sizes, "compression": compression, "format": "mds",
             "hashes": sorted(hashes), "size_limit": size_limit, "version": 2}
    text = json.dumps(about, sort_keys=True).encode()
    shards, batch = [], []

    def info(name, data):
        (folder / name).write_bytes(data)
        return {"basename": name, "bytes": len(data), "hashes": {h: HASHES[h](data) for h in hashes}}

    def flush():
        start = 4 + 4 * (len(batch) + 1) + len(text)
        offsets = np.cumsum([start] + [len(b) for b in batch]).astype("<u4")
        raw = struct.pack("<I", len(batch)) + offsets.tobytes() + text + b"".join(batch)
        name = f"shard.{len(shards):05}.mds"
        entry = about | {"samples": len(batch), "raw_data": info(name, raw), "zip_data": None}
        if compression:
            (folder / name).unlink()
            algorithm, *level = compression.split(":")
            entry["zip_data"] = info(f"{name}.{algorithm}", COMPRESSIONS[algorithm](raw, *map(int, level)))
        shards.append(entry)
        batch.clear()

    for sample in samples:
        fields = [encode(e, sample[n]) for n, e in zip(names, encodings)]
        data = b"".join(struct.pack("<I", len(f)) for f, size in zip(fields, sizes) if size is None) + b"".join(fields)
        if batch and 8 + len(text) + sum(4 + len(b) for b in batch) + 4 + len(data) > size_limit: flush()
        batch.append(data)
    if batch: flush()
    (folder / "index.json").write_text(json.dumps({"version": 2, "shards": shards}, sort_keys=True))


def expect(name, values): np.save(ROOT / "expected" / f"{name}.npy", np.ascontiguousarray(values))


def tracks(count, seed):
    """Float32 windows (16, 5) like those of ship tracks, a text and a number each."""
    random = np.random.default_rng(seed)
    walk = np.cumsum(random.normal(0, 0.25, (count, 16, 5)), axis=1)
    return [{"features": np.round(walk[i], 3).astype("<f4").tobytes(), "name": f"track-{seed}-{i}" + "é" * (i % 3), "id": i} for i in range(count)]


def features(samples): return np.stack([np.frombuffer(s["features"], "<f4").reshape(16, 5) for s in samples])


def main():
    if ROOT.exists(): shutil.rmtree(ROOT)
    (ROOT / "expected").mkdir(parents=True)
    columns = {"features": "bytes", "name": "str", "id": "int"}

    samples = tracks(40, seed=1)
    write_dataset(ROOT / "raw", columns, samples)
    write_dataset(ROOT / "zstd", columns, samples, compression="zstd:7")
    for compression in ["gz:6", "bz2", "br:5", "snappy"]: write_dataset(ROOT / compression.split(":")[0], columns, samples, compression=compression)
    expect("features", features(samples))
    expect("id", np.arange(40, dtype="<i8"))

    # One column of every type of fixed shape, and arrays that carry their shape; the extremes of every type are among the values.
    random, rows = np.random.default_rng(2), 9
    values = {}
    for name in SCALARS:
        info = np.iinfo(name) if name.startswith(("int", "uint")) else np.finfo(name)
        values[name] = np.concatenate([np.array([info.min, info.max, 0], name), random.integers(0, 100, rows - 3).astype(name)])
    values["int"] = np.array([np.iinfo("int64").min, np.iinfo("int64").max] + list(range(rows - 2)), "<i8")
    values["fixed"] = random.integers(-1000, 1000, (rows, 2, 3)).astype("<i2")
    values["typed"] = random.normal(size=(rows, 4)).astype("<f4")
    values["bare"] = random.integers(0, 9, (rows, 300, 1)).astype("u1")
    values["unknown"] = random.integers(0, 256, (rows, 16)).astype("u1")
    encodings = {name: name for name in SCALARS} | {"int": "int", "fixed": "ndarray:int16:2,3", "typed": "ndarray:float32", "bare": "ndarray", "unknown": "complex128"}
    ragged = [np.arange(n, dtype="<u2") for n in [3, 1, 2, 3, 3, 7, 1, 1, 2]]
    write_dataset(ROOT / "columns", encodings | {"ragged": "ndarray:uint16"}, [{n: values[n][i] for n in encodings} | {"ragged": ragged[i]} for i in range(rows)], size_limit=4096)
    for name, column in values.items(): expect(f"columns.{name}", column)

    # Two workers' folders without an index above them, and a manifest whose addresses lead elsewhere.
    workers = [tracks(17, seed=3), tracks(12, seed=4)]
    for place, part in enumerate(workers): write_dataset(ROOT / "workers" / f"worker_{place:02}", {"features": "bytes"}, part, compression="zstd", hashes=["xxh64"], size_limit=4096)
    manifest = {"num_workers": 2, "total_samples": 29, "worker_dirs": [f"s3://elsewhere/mds/worker_{place:02}" for place in range(2)]}
    (ROOT / "workers" / "manifest.json").write_text(json.dumps(manifest, indent=2))
    expect("workers.features", np.concatenate([features(part) for part in workers]))


main()
