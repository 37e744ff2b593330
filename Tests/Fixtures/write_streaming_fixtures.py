"""Writes the data sets of mds/streaming with the real writers of mosaicml-streaming, and beside each what a reader must find.

    python Tests/Fixtures/write_streaming_fixtures.py        needs mosaicml-streaming 0.13; the files it writes are committed

expected.json: {"columns": {name: encoding}, "samples": [{name: base64 of the stored value}]} of MDS data sets, {"rows": [...]} of the text ones.
"""
import base64
import decimal
import json
import pathlib
import shutil

import numpy as np
from PIL import Image
from streaming import CSVWriter, JSONWriter, MDSWriter, TSVWriter, XSVWriter
from streaming.base.format.mds.encodings import mds_encode

ROOT = pathlib.Path(__file__).parent / "mds" / "streaming"
SCALARS = ["uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "float32", "float64"]
HASHES = ["blake2b", "blake2s", "md5", "sha1", "sha224", "sha256", "sha384", "sha3_224", "sha3_256", "sha3_384", "sha3_512", "sha512", "xxh128", "xxh32", "xxh3_128", "xxh3_64", "xxh64"]
COLUMNS = {"bytes": "bytes", "str": "str", "int": "int", **{s: s for s in SCALARS}, "str_int": "str_int", "str_float": "str_float", "str_decimal": "str_decimal",
           "nd": "ndarray", "nd_typed": "ndarray:float32", "nd_shaped": "ndarray:int16:2,3", "pil": "pil", "jpeg": "jpeg", "png": "png", "jpegarray": "jpegarray",
           "jpeg_array": "jpeg_array", "list_pil": "list[pil]", "list_jpeg": "list[jpeg]", "list_png": "list[png]", "pkl": "pkl", "json": "json"}


def sample(i, random):
    def image(mode="RGB"): return Image.fromarray(random.integers(0, 256, (2 + i, 3, 3), dtype="u1")).convert(mode)
    def jpeg(): return Image.open(__import__("io").BytesIO(mds_encode("jpeg", image())))
    scalars = {s: np.dtype(s).type([np.iinfo(s).min, np.iinfo(s).max][i % 2] if "int" in s else [0.1, -np.inf, 65504, np.nan][i % 4]) for s in SCALARS}
    return {"bytes": bytes(range(i)), "str": "é" * i + "\n\"" * (i % 2), "int": (-1) ** i * 10 ** i, **scalars, "str_int": (-7) ** (10 * i), "str_float": [1e300, float("nan"), 42.0][i % 3],
            "str_decimal": decimal.Decimal("4E+15") * i, "nd": random.integers(0, 9, [(2, 3), (300, 1), (1,)][i % 3]).astype(["int16", "uint8", "float64"][i % 3]),
            "nd_typed": random.normal(size=(i + 1,)).astype("f4"), "nd_shaped": random.integers(-99, 99, (2, 3)).astype("i2"), "pil": image(["RGB", "L", "1"][i % 3]), "jpeg": jpeg(), "png": image(),
            "jpegarray": [mds_encode("jpeg", image()) for _ in range(i % 2 + 1)], "jpeg_array": [mds_encode("jpeg", image())], "list_pil": [image() for _ in range(i % 3)], "list_jpeg": [jpeg() for _ in range(i % 2)], "list_png": [image()],
            "pkl": {"i": i}, "json": {"i": i, "n": float("nan"), "é": [None, True, "\ud83d\ude00"]}}


def entry(sample): return {c: base64.b64encode(bytes(mds_encode(e, sample[c]))).decode() for c, e in COLUMNS.items()}


def texts():
    odd = ["", "\"", "a\"b", "'", "é€😀", " x ", "\\n", "\\", "NaN", "null"]
    numbers = [0.0, -0.0, 0.1, 1e300, -1e-300, 5e-324, float("inf"), float("-inf"), 1.7976931348623157e308, 123456789.125]
    wholes = [0, -1, 2 ** 63 - 1, -2 ** 63, 7, 10 ** 15, -10 ** 15, 42, 1, 2]
    return [{"n": wholes[i % 10], "text": odd[i * 3 % 10], "x": numbers[i * 7 % 10], "é": odd[i % 10]} for i in range(25)]


def main():
    if ROOT.exists(): shutil.rmtree(ROOT)
    samples = [sample(i, np.random.default_rng(i)) for i in range(5)]
    for name, compression, hashes in [("encodings", None, HASHES), ("br", "br:5", ["xxh64"]), ("bz2", "bz2", ["md5"]), ("gz", "gz:6", ["xxh32"]), ("snappy", "snappy", ["xxh3_64"]), ("zstd", "zstd:7", ["sha256"])]:
        with MDSWriter(out=str(ROOT / name), columns=COLUMNS, compression=compression, hashes=hashes, size_limit=8192) as writer:
            for s in samples: writer.write(s)
    (ROOT / "expected.json").write_text(json.dumps({"columns": COLUMNS, "samples": [entry(s) for s in samples]}))
    columns = {"n": "int", "text": "str", "x": "float", "é": "str"}
    rows = texts()
    for writer, name, more in [(JSONWriter, "json", {}), (JSONWriter, "json_crlf_zstd", {"newline": "\r\n", "compression": "zstd"}), (XSVWriter, "xsv", {"separator": "<>", "newline": "\r\n"}),
                               (CSVWriter, "csv", {}), (CSVWriter, "csv_gz", {"compression": "gz"}), (TSVWriter, "tsv_br", {"compression": "br:3"})]:
        with writer(out=str(ROOT / name), columns=columns, hashes=["sha1", "xxh64"], size_limit=400, **more) as out:
            for row in rows: out.write(row)
    (ROOT / "rows.json").write_text(json.dumps(rows))


main()
