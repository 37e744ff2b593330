"""Filters on decimal columns, in every way that Parquet stores them, against Python's decimal arithmetic."""

import random
from decimal import Decimal, localcontext

import numpy
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mounting import Mount, epochfs, write_config

ROWS = 3000


def values(r, digits, scale):
    """Numbers near each other, so that filters meet them; a few long ones, and nulls."""
    with localcontext() as context:
        context.prec = 80
        return [
            None if r.random() < 0.1 else Decimal(r.choice([r.randrange(-300, 300), r.randrange(-(10**digits) + 1, 10**digits)])).scaleb(-scale) for _ in range(ROWS)
        ]


@pytest.mark.parametrize("as_integer", [False, True])
@pytest.mark.parametrize("paged", [False, True])
def test_decimals_are_compared_exactly(tmp_path, as_integer, paged):
    r = random.Random(3)
    types = {"d4": pa.decimal128(4, 2), "d9": pa.decimal128(9, 0), "d18": pa.decimal128(18, 6), "d38": pa.decimal128(38, 10), "d76": pa.decimal256(76, 40)}
    columns = {name: values(r, int(name[1:]), type.scale) for name, type in types.items()}
    table = pa.table({"id": pa.array(range(ROWS), pa.int32()), **{name: pa.array(columns[name], type) for name, type in types.items()}})
    options = {"write_page_index": True, "max_rows_per_page": 500} if paged else {}
    pq.write_table(table, tmp_path / "rows.parquet", store_decimal_as_integer=as_integer, use_dictionary=not paged, **options)
    expected, views = {}, {}
    for name, type in types.items():
        for number in range(8):
            with localcontext() as context:
                context.prec = 90
                literal = (r.choice(columns[name]) or Decimal(0)) + r.choice([Decimal(0), Decimal(1).scaleb(-type.scale), Decimal("1e-45")])
            symbol, holds = r.choice([
                ("==", lambda a, b: a == b), ("!=", lambda a, b: a != b), ("<", lambda a, b: a < b), (">=", lambda a, b: a >= b), (">", lambda a, b: a > b),
            ])  # fmt: skip
            rows = [row for row, value in enumerate(columns[name]) if value is not None and holds(value, literal)]
            text = f"{name} {symbol} {literal:f}"
            if rows:
                view = f"{name}-{number}"
                expected[view] = (text, rows)
                views[view] = {"source": "rows", "layout": "arrays", "filter": text}
        chosen = [value for value in columns[name][:3] if value is not None]
        views[f"{name}-in"] = {"source": "rows", "layout": "arrays", "filter": f"{name} in ({', '.join(f'{value:f}' for value in chosen)}, null)"}
        expected[f"{name}-in"] = ("in", [row for row, value in enumerate(columns[name]) if value is None or value in chosen])
    with Mount(tmp_path, {"sources": {"rows": {"format": "parquet", "path": f"{tmp_path}/rows.parquet"}}, "views": views}) as mount:
        for view, (text, rows) in expected.items():
            assert numpy.array_equal(mount.load(f"{view}/id.npy"), numpy.array(rows)), text


def test_decimals_are_compared_with_numbers_only(tmp_path):
    pq.write_table(pa.table({"price": pa.array([Decimal("1.25")], pa.decimal128(9, 2))}), tmp_path / "rows.parquet")
    source = {"format": "parquet", "path": f"{tmp_path}/rows.parquet", "filter": "price > '1'"}
    done = epochfs("check", write_config(tmp_path, {"sources": {"rows": source}, "views": {"v": {"source": "rows", "layout": "arrays"}}}))
    assert done.returncode == 1 and b"column price (decimal with 2 digits behind the point)" in done.stderr and b"expected a number" in done.stderr
