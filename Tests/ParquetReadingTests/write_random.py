"""Writes Parquet files of random types, values and options, described as the fixtures are, for a run of RowTests over them.

    python Tests/ParquetReadingTests/write_random.py FOLDER SEED COUNT        needs what write_fixtures.py needs
    EPOCHFS_PARQUET_ROWS=FOLDER swift test --filter 'allRowsEqual|anyRows|fixedRows'
"""
import decimal
import pathlib
import random
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import write_fixtures

FOLDER, SEED, COUNT = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
R = random.Random(SEED)


def leaf():
    """A flat type and what makes a value of it."""
    width = R.randrange(1, 9)
    return R.choice([
        (pa.int32(), lambda: R.choice([R.randrange(-5, 5), R.randrange(-2**31, 2**31)])), (pa.int64(), lambda: R.choice([R.randrange(3), R.randrange(-2**63, 2**63)])),
        (pa.uint8(), lambda: R.randrange(256)), (pa.float32(), lambda: float(np.float32(R.choice([R.random(), R.randrange(4)])))), (pa.float64(), R.random), (pa.bool_(), lambda: R.random() < 0.3),
        (pa.string(), lambda: R.choice(["", "a", "é" * R.randrange(9), f"text{R.randrange(20)}"])), (pa.binary(), lambda: R.randbytes(R.randrange(12))),
        (pa.binary(width), lambda: bytes(R.randrange(3) for _ in range(width))), (pa.decimal128(*R.choice([(5, 2), (18, 0), (25, 3)])), lambda: decimal.Decimal(R.randrange(-99, 99))),
        (pa.timestamp(R.choice(["ms", "us", "ns"])), lambda: R.randrange(-2**60, 2**60)), (pa.date32(), lambda: R.randrange(-10000, 20000)),
    ])


def column(depth):
    """A type at most so deep, and what makes a value of it, null now and then."""
    kind, share = R.random(), R.choice([0, 0, 0.1, 0.5, 0.95])
    length = R.choice([1, 2, 3, 8, 40])
    if depth == 0 or kind > 0.8:
        made, one = leaf()
    elif kind < 0.45:
        t, element = column(depth - 1)
        made, one = pa.list_(t), lambda: [element() for _ in range(R.randrange(length))]
    elif kind < 0.6:
        fields = [column(depth - 1) for _ in range(R.randrange(1, 3))]
        made, one = pa.struct([(f"f{i}", t) for i, (t, _) in enumerate(fields)]), lambda: {f"f{i}": value() for i, (_, value) in enumerate(fields)}
    elif kind < 0.72:
        t, element = column(R.choice([0, 0, depth - 1]))
        made, one = pa.list_(t, length), lambda: [element() for _ in range(length)]
    else:
        t, element = column(depth - 1)
        made, one = pa.map_(pa.string(), t), lambda: [(f"k{i}", element()) for i in range(R.randrange(4))]
    return made, lambda: None if R.random() < share else one()


def table():
    count, columns = R.choice([1, 7, 50, 300]), {}
    for i in range(R.randrange(1, 4)):
        t, value = column(R.randrange(4))
        columns[f"c{i}"] = pa.array([value() for _ in range(count)], t)
    return pa.table(columns)


def options():
    splits = R.random() < 0.2
    return {
        "compression": R.choice(["none", "snappy", "zstd", "lz4", "gzip", "brotli"]), "data_page_version": R.choice(["1.0", "2.0"]), "use_dictionary": not splits and R.random() < 0.6,
        "use_byte_stream_split": splits, "write_page_index": R.random() < 0.5, "data_page_size": R.choice([16, 100, 1000, 1 << 20]), "write_batch_size": R.choice([1, 4, 16, 1024]),
        "row_group_size": R.choice([5, 60, 1000]), "dictionary_pagesize_limit": R.choice([16, 1 << 20]), "write_page_checksum": R.random() < 0.3, "store_schema": R.random() < 0.9,
        "store_decimal_as_integer": R.random() < 0.5,
    }


FOLDER.mkdir(parents=True, exist_ok=True)
for number in range(COUNT):
    path = FOLDER / f"random-{SEED}-{number:04d}.parquet"
    try:
        pq.write_table(table(), path, **options())
        write_fixtures.describe(path)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid, OSError) as error:
        # There are tables that pyarrow does not write, or does not read again.
        path.unlink(missing_ok=True)
        print(f"{path.name} left out: {str(error)[:100]}")
