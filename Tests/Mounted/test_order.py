"""The window order against the independent model, written from docs/ORDER.md: Tests/Models/window_order.py."""

import numpy
import pytest
import window_order
from conftest import COUNTS, ROWS
from mounting import Mount

BATCH = 37
MiB = 1 << 20

# Name of the view: its order, and the block in samples that it means.
ORDERS = {
    "one": ({"algorithm": "window", "seed": 1, "block": 1}, lambda raw: 1),
    "small": ({"algorithm": "window", "seed": 2**63, "block": 97}, lambda raw: 97),
    "shardwise": ({"algorithm": "window", "seed": 0, "block": 250}, lambda raw: 250),
    "all": ({"algorithm": "window", "seed": 5, "block": 10**9}, lambda raw: 10**9),
    "bytes": ({"algorithm": "window", "seed": 6, "block": "128KiB"}, lambda raw: window_order.block_samples(128 << 10, ROWS, raw)),
    "default": ({}, lambda raw: window_order.block_samples(512 * MiB, ROWS, raw)),
}


@pytest.fixture(scope="module")
def orders(tmp_path_factory, stored):
    views = {
        name: {"source": "windows", "batch_size": BATCH, "epochs": 2, "order": order, "tensors": {"label": {"column": "label"}}}
        for name, (order, _) in ORDERS.items()
    }
    with Mount(tmp_path_factory.mktemp("orders"), stored.config(views)) as mount:
        yield mount


@pytest.mark.parametrize("epoch", [0, 1, 4711, 999_999])
@pytest.mark.parametrize("name", ORDERS)
def test_equals_the_model(orders, stored, name, epoch):
    order, block = ORDERS[name]
    begins = stored.data.starts()
    expected = [begins[shard] + row for shard, row in window_order.window(COUNTS, order.get("seed", 0), epoch, block(stored.data.raw_bytes))]
    folder = f"{name}/epoch-{epoch}"
    got = [orders.load(f"{folder}/{batch}") for batch in orders.batches(folder)]
    assert [len(batch) for batch in got] == [len(batch) for batch in window_order.batches(ROWS, BATCH, False)]
    assert numpy.concatenate(got).tolist() == stored.label[expected].tolist()


@pytest.mark.parametrize("world", [2, 5])
def test_ranks_equal_the_model(orders, stored, world):
    begins = stored.data.starts()
    epoch = [begins[shard] + row for shard, row in window_order.window(COUNTS, 2**63, 3, 97)]
    for rank in range(world):
        folder = f"small/epoch-3/rank-{rank}-of-{world}"
        expected = [[epoch[position] for position in batch] for batch in window_order.rank_batches(ROWS, BATCH, False, rank, world)]
        assert [orders.load(f"{folder}/{batch}").tolist() for batch in orders.batches(folder)] == [stored.label[rows].tolist() for rows in expected]
