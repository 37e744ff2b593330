"""Random data sets of mosaicml-streaming's own writers, mounted: every value of every column, as arrays, as batches and as JSON lines."""

import base64
import importlib.util
import json
import math
import os
import random
import string
from decimal import Decimal

import numpy
import pytest

from mounting import Mount

if importlib.util.find_spec("streaming") is None and os.environ.get("CI") != "true":
    pytest.skip("mosaicml-streaming is not installed: scripts/setup.sh --streaming", allow_module_level=True)

from PIL import Image  # noqa: E402
from streaming_writers import CSVWriter, JSONWriter, MDSWriter, TSVWriter, XSVWriter, mds_encode  # noqa: E402

SCALARS = ["uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]
COMPRESSIONS = [None, "br:1", "br:11", "bz2:1", "bz2:9", "gz:0", "gz:9", "snappy", "zstd:1", "zstd:22", "zstd"]
HASHES = [
    "blake2b", "blake2s", "md5", "sha1", "sha224", "sha256", "sha384", "sha3_224", "sha3_256", "sha3_384", "sha3_512", "sha512", "xxh128", "xxh32", "xxh3_128",
    "xxh3_64", "xxh64",
]  # fmt: skip


def words(rng, limit=12):
    alphabet = string.printable + "é€😀\u0301\x00"
    return "".join(rng.choice(alphabet) for _ in range(rng.randrange(limit)))


def number(rng):
    return rng.choice([0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, 1e308, rng.gauss(0, 1), float(rng.randrange(10**9)), rng.uniform(-1, 1) * 10.0 ** rng.randrange(-300, 300)])


def image(rng):
    data = numpy.frombuffer(rng.randbytes(rng.randrange(1, 6) * 4 * 3), "u1").reshape(-1, 4, 3)
    return Image.fromarray(data).convert(rng.choice(["RGB", "L", "1"]))


def array(rng, dtype, shape):
    dtype = numpy.dtype(dtype)
    return numpy.frombuffer(rng.randbytes(max(1, dtype.itemsize * math.prod(shape))), "u1")[: dtype.itemsize * math.prod(shape)].view(dtype).reshape(shape)


def shape(rng):
    return [rng.randrange(1, 5) for _ in range(rng.randrange(1, 4))] if rng.random() < 0.8 else [rng.choice([255, 256, 300])]


def value(rng, encoding):
    """A random value that the writer takes for this encoding."""
    parts = encoding.split(":")
    if encoding in SCALARS:
        return array(rng, encoding, [1])[0]
    if parts[0] == "ndarray":
        return array(rng, parts[1] if len(parts) > 1 else rng.choice(SCALARS), [int(d) for d in parts[2].split(",")] if len(parts) > 2 else shape(rng))
    return {
        "bytes": lambda: rng.randbytes(rng.randrange(20)),
        "str": lambda: words(rng),
        "int": lambda: rng.choice([0, -1, 2**63 - 1, -(2**63), rng.randrange(10**6)]),
        "str_int": lambda: rng.choice([0, -(10**30), rng.randrange(10**9)]),
        "str_float": lambda: number(rng),
        "str_decimal": lambda: Decimal(rng.choice(["4E+15", "-0.1", str(rng.randrange(100))])),
        "pil": lambda: image(rng),
        "png": lambda: image(rng),
        "jpeg": lambda: image(rng).convert("RGB"),
        "jpegarray": lambda: [mds_encode("jpeg", image(rng).convert("RGB")) for _ in range(rng.randrange(1, 3))],
        "list[png]": lambda: [image(rng) for _ in range(rng.randrange(3))],
        "list[pil]": lambda: [image(rng) for _ in range(rng.randrange(3))],
        "list[jpeg]": lambda: [image(rng).convert("RGB") for _ in range(rng.randrange(3))],
        "pkl": lambda: {words(rng): rng.random()},
        "json": lambda: {words(rng): [number(rng), None, True, words(rng)]},
    }[encoding]()


ENCODINGS = [
    "bytes", "str", "int", *SCALARS, "str_int", "str_float", "str_decimal", "ndarray", "ndarray:float32", "ndarray:uint8", "ndarray:int16:2,3", "ndarray:float64:1",
    "pil", "png", "jpeg", "jpegarray", "list[png]", "list[pil]", "list[jpeg]", "pkl", "json",
]  # fmt: skip


def fixed(encoding):
    """Type and shape of one value, where every value has the same."""
    if encoding in SCALARS or encoding == "int":
        return numpy.dtype("int64" if encoding == "int" else encoding), ()
    parts = encoding.split(":")
    return (numpy.dtype(parts[1]), tuple(int(d) for d in parts[2].split(","))) if len(parts) == 3 else None


def arrays(path, name):
    """The bytes of each row of a ragged column."""
    offsets, values = numpy.load(path / f"{name}.offsets.npy"), numpy.load(path / f"{name}.values.npy")
    assert offsets.dtype == numpy.int64 and values.dtype == numpy.uint8
    return [values[a:z].tobytes() for a, z in zip(offsets, offsets[1:])]


@pytest.mark.parametrize("seed", range(len(COMPRESSIONS)))
def test_mds(tmp_path, seed):
    rng = random.Random(seed)
    columns = {f"c{place}-{encoding.split(':')[0]}": encoding for place, encoding in enumerate(rng.sample(ENCODINGS, 12) + ["int"])}
    count = rng.randrange(1, 60)
    samples = [{name: value(rng, encoding) for name, encoding in columns.items()} for _ in range(count)]
    hashes = sorted(rng.sample(HASHES, rng.randrange(4)))
    with MDSWriter(out=str(tmp_path / "d"), columns=columns, compression=COMPRESSIONS[seed], hashes=hashes, size_limit=rng.choice([3000, 20_000, None])) as out:
        for sample in samples:
            out.write(sample)
    stored = {name: [bytes(mds_encode(encoding, sample[name])) for sample in samples] for name, encoding in columns.items()}
    views = {
        "a": {"source": "s", "layout": "arrays"},
        "j": {"source": "s", "batch_size": 7, "files": ["jsonl"]},
        "b": {"source": "s", "batch_size": 7, "tensors": {f"t{place}": {"column": name} for place, name in enumerate(columns)}},
    }
    config = {"memory": "256MiB", "verify": "always", "sources": {"s": {"format": "mds", "path": str(tmp_path / "d")}}, "views": views}
    with Mount(tmp_path, config) as mount:
        for place, (name, encoding) in enumerate(columns.items()):
            batches = [mount.path / f"b/batch-{number:04d}.t{place}" for number in range(-(-count // 7))]
            if found := fixed(encoding):
                want = numpy.frombuffer(b"".join(stored[name]), found[0]).reshape(count, *found[1])
                for got in [numpy.load(mount.path / f"a/{name}.npy"), numpy.concatenate([numpy.load(f"{batch}.npy") for batch in batches])]:
                    assert got.dtype == want.dtype and got.shape == want.shape and got.tobytes() == want.tobytes(), (name, encoding)
            else:
                assert arrays(mount.path / "a", name) == stored[name], (name, encoding)
                assert [row for batch in batches for row in arrays(batch.parent, batch.name)] == stored[name], (name, encoding)
        lines = [line for number in range(-(-count // 7)) for line in open(mount.path / f"j/batch-{number:04d}.jsonl", encoding="utf-8", newline="\n")]
        assert len(lines) == count
        for row, line in enumerate(lines):
            check_line(json.loads(line), {name: stored[name][row] for name in columns}, columns)


def check_line(row, stored, columns):
    assert sorted(row) == sorted(columns)
    for name, encoding in columns.items():
        if found := fixed(encoding):
            want = numpy.frombuffer(stored[name], found[0]).reshape(found[1])
            got = numpy.array(row[name]).astype(found[0]) if found[0].kind == "f" else numpy.array(row[name], found[0])
            assert got.shape == want.shape and numpy.array_equal(got, want, equal_nan=found[0].kind == "f"), (name, row[name])
        elif encoding in ("str", "json") or encoding.startswith("str_"):
            assert row[name].encode() == stored[name]
        else:
            assert base64.b64decode(row[name], validate=True) == stored[name]


TEXT_WRITERS = {"json": JSONWriter, "xsv": XSVWriter, "csv": CSVWriter, "tsv": TSVWriter}


@pytest.mark.parametrize("kind", TEXT_WRITERS)
@pytest.mark.parametrize("seed", range(4))
def test_text(tmp_path, kind, seed):
    rng = random.Random(f"{kind}{seed}")
    columns = {"".join(rng.sample(string.ascii_letters + "é", 5)): encoding for encoding in ["int", "str", "float", "str", "int"]}
    newline = rng.choice(["\n", "\r\n"] if kind == "json" else ["\n", "\r\n", "@@", "é"])
    more = {"newline": newline} | ({"separator": rng.choice(["|", "<>", "€"])} if kind == "xsv" else {})
    taken = set(newline + more.get("separator", {"csv": ",", "tsv": "\t"}.get(kind, ""))) if kind != "json" else set()
    columns = {"".join(c for c in name if c not in taken) or f"n{place}": encoding for place, (name, encoding) in enumerate(columns.items())}

    def make(encoding):
        if encoding == "int":
            return rng.choice([0, -1, 2**63 - 1, -(2**63), rng.randrange(10**6)])
        if encoding == "float":
            return number(rng)
        return "".join(c for c in words(rng) if c not in taken)

    rows = [{name: make(encoding) for name, encoding in columns.items()} for _ in range(rng.randrange(1, 80))]
    compression = rng.choice(COMPRESSIONS)
    with TEXT_WRITERS[kind](out=str(tmp_path / "d"), columns=columns, compression=compression, hashes=rng.choice([[], ["xxh64"], ["md5", "sha1"]]), size_limit=1000, **more) as out:
        for row in rows:
            out.write(row)
    views = {"a": {"source": "s", "layout": "arrays"}, "j": {"source": "s", "batch_size": 9, "files": ["jsonl", "npz"]}}
    config = {"memory": "256MiB", "verify": "always", "sources": {"s": {"format": "mds", "path": str(tmp_path / "d")}}, "views": views}
    with Mount(tmp_path, config) as mount:
        lines = [json.loads(line) for number in range(-(-len(rows) // 9)) for line in open(mount.path / f"j/batch-{number:04d}.jsonl", encoding="utf-8", newline="\n")]
        assert len(lines) == len(rows)
        for name, encoding in columns.items():
            want = [row[name] for row in rows]
            if encoding == "str":
                assert [text.decode() for text in arrays(mount.path / "a", name)] == want and [line[name] for line in lines] == want
                continue
            wanted = numpy.array(want, {"int": "int64", "float": "float64"}[encoding])
            got = numpy.load(mount.path / f"a/{name}.npy")
            assert got.dtype == wanted.dtype and numpy.array_equal(got, wanted, equal_nan=encoding == "float")
            assert numpy.array_equal(numpy.array([line[name] for line in lines], wanted.dtype), wanted, equal_nan=encoding == "float")
            packed = numpy.concatenate([numpy.load(mount.path / f"j/batch-{number:04d}.npz")[name] for number in range(-(-len(rows) // 9))])
            assert numpy.array_equal(packed, wanted, equal_nan=encoding == "float")
