"""Writes Fixtures.swift: one content, compressed by the Python modules that writers of MDS and Parquet use.

    python Tests/CompressionTests/write_fixtures.py        needs brotli, python-snappy, cramjam and lz4
"""
import bz2
import gzip
import pathlib
import struct

import brotli
import cramjam
import lz4.block
import lz4.frame
import snappy


def content():
    """Runs, repetitions near and far, and stretches that cannot be compressed; CompressionTests/Content.swift has it once more."""
    out, state = bytearray(), 1
    for i in range(12_000):
        if i % 3000 < 100:
            state = (state * 1_103_515_245 + 12_345) % 2**31
            out.append(state >> 16 & 0xFF)
        else:
            out.append((i // 37 % 11 * 23 + i % 5) & 0xFF)
    return bytes(out)


data = content()
half = len(data) // 2
raw = lambda b: lz4.block.compress(b, store_size=False)
hadoop_part = lambda b: struct.pack(">I", len(b)) + struct.pack(">I", len(raw(b))) + raw(b)
several = struct.pack(">I", len(data)) + b"".join(struct.pack(">I", len(raw(p))) + raw(p) for p in (data[:half], data[half:]))
fixtures = {
    "gzip": gzip.compress(data, 9, mtime=0),
    "gzipMembers": gzip.compress(data[:half], 6, mtime=0) + gzip.compress(b"", mtime=0) + b"\0" * 5 + gzip.compress(data[half:], 1, mtime=0) + b"\0" * 7,
    "bzip2": bz2.compress(data, 9),
    "bzip2Streams": bz2.compress(data[:half], 1) + bz2.compress(b"") + bz2.compress(data[half:], 9),
    "brotli": brotli.compress(data, quality=11),
    "brotliFast": brotli.compress(data, quality=1, lgwin=16),
    "snappy": snappy.compress(data),
    "snappyOther": bytes(cramjam.snappy.compress_raw(data)),
    "lz4Block": raw(data),
    "lz4Frame": lz4.frame.compress(data, content_checksum=True, store_size=True),
    "lz4Frames": lz4.frame.compress(data[:half], block_linked=False, store_size=False) + lz4.frame.compress(data[half:], block_checksum=True),
    "hadoop": hadoop_part(data),
    "hadoopParts": hadoop_part(data[:half]) + hadoop_part(data[half:]),
    "hadoopBlocks": several,
    "emptyGzip": gzip.compress(b"", mtime=0),
    "emptyBzip2": bz2.compress(b""),
    "emptyBrotli": brotli.compress(b""),
    "emptySnappy": snappy.compress(b""),
    "emptyLZ4Frame": lz4.frame.compress(b""),
    "emptyLZ4Block": raw(b""),
}
lines = ["// Written by write_fixtures.py: the content of Content.swift, compressed by Python's modules.", "", "enum Fixtures {"]
for name, value in fixtures.items():
    text = value.hex()
    lines += [f'  static let {name} = bytes(', '    """'] + ["    " + text[i : i + 140] + ("\\" if i + 140 < len(text) else "") for i in range(0, len(text), 140)] + ['    """)']
lines += ["}", ""]
(pathlib.Path(__file__).parent / "Fixtures.swift").write_text("\n".join(lines))
print({name: len(value) for name, value in fixtures.items()})
