"""Epochs: permutations of all samples, each its own, the same whatever happened before."""

import pytest
from conftest import BATCH, COUNTS, FEATURES, ROWS
from mounting import Mount


def epoch(mount, stored, number, backwards=False):
    names = mount.batches(f"train/epoch-{number}")
    got = {name: stored.rows_of(mount.load(f"train/epoch-{number}/{name}")) for name in (names[::-1] if backwards else names)}
    return [row for name in names for row in got[name]]


@pytest.mark.parametrize("number", [0, 1, 2, 3, 31337, 999_999])
def test_an_epoch_is_a_permutation(mount, stored, number):
    assert sorted(epoch(mount, stored, number)) == list(range(ROWS))


def test_epochs_differ(mount, stored):
    orders = [epoch(mount, stored, number) for number in range(3)] + [list(range(ROWS))]
    for i, a in enumerate(orders):
        for b in orders[:i]:
            assert sum(x == y for x, y in zip(a, b)) < ROWS * 0.05


def test_batches_mix_shards(mount, stored):
    shard_of = [shard for shard, count in enumerate(COUNTS) for _ in range(count)]
    order = epoch(mount, stored, 0)
    mixed = [len({shard_of[row] for row in order[i : i + BATCH]}) for i in range(0, ROWS - BATCH, BATCH)]
    # A block of 300 samples spans two to five of these shards.
    assert sum(mixed) / len(mixed) >= 2


def test_without_epochs_the_order_is_the_stored_one(mount, stored):
    assert [row for name in mount.batches("plain") for row in stored.rows_of(mount.load(f"plain/{name}"))] == list(range(ROWS))


def test_memory_threads_and_reading_order_change_nothing(mount, stored, tmp_path):
    expected = epoch(mount, stored, 1)
    view = {"source": "windows", "batch_size": BATCH, "epochs": 1, "order": {"algorithm": "window", "seed": 42, "block": 300}, "tensors": FEATURES}
    with Mount(tmp_path, stored.config({"train": view}, memory="40MiB", threads=1)) as other:
        assert epoch(other, stored, 1, backwards=True) == expected


def test_the_seed_changes_the_order(mount, stored, tmp_path):
    view = {"source": "windows", "batch_size": BATCH, "epochs": 1, "order": {"algorithm": "window", "seed": 43, "block": 300}, "tensors": FEATURES}
    with Mount(tmp_path, stored.config({"train": view})) as other:
        got = epoch(other, stored, 0)
    assert sorted(got) == list(range(ROWS)) and got != epoch(mount, stored, 0)


def test_epochs_in_stored_order(stored, tmp_path):
    view = {"source": "windows", "batch_size": 100, "epochs": 2, "order": {"algorithm": "sequential"}, "tensors": FEATURES}
    with Mount(tmp_path, stored.config({"train": view})) as other:
        assert epoch(other, stored, 0) == epoch(other, stored, 1) == list(range(ROWS))
