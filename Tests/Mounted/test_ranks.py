"""Ranks: equal shares of an epoch, together all of it, as file names alone say."""

import math

import numpy
import pytest
from conftest import BATCH, ROWS


def rows(mount, stored, folder):
    return [stored.rows_of(mount.load(f"{folder}/{name}")) for name in mount.batches(folder)]


@pytest.mark.parametrize("world", [1, 2, 3, 5, 16, 40])
def test_ranks_take_turns_and_wrap(mount, stored, world):
    epoch = sum(rows(mount, stored, "train/epoch-1"), [])
    steps = math.ceil(ROWS / (world * BATCH))
    expected = numpy.resize(epoch, world * steps * BATCH).reshape(steps, world, BATCH)
    for rank in range(world):
        assert rows(mount, stored, f"train/epoch-1/rank-{rank}-of-{world}") == expected[:, rank].tolist()


@pytest.mark.parametrize("world", [1, 3, 7])
def test_drop_last_leaves_the_tail_out(mount, stored, world):
    epoch = sum(rows(mount, stored, "whole/epoch-0"), [])
    steps = ROWS // (world * 10)
    for rank in range(world):
        expected = numpy.array(epoch[: steps * world * 10]).reshape(steps, world, 10)[:, rank]
        assert rows(mount, stored, f"whole/epoch-0/rank-{rank}-of-{world}") == expected.tolist()


def test_more_ranks_than_batches_share_one_each(mount, stored):
    epoch = sum(rows(mount, stored, "train/epoch-0"), [])
    world, rank = 4096, 4095
    got = rows(mount, stored, f"train/epoch-0/rank-{rank}-of-{world}")
    assert got == [[epoch[(rank * BATCH + i) % ROWS] for i in range(BATCH)]]


def test_ranks_of_a_view_without_epochs(mount, stored):
    got = [rows(mount, stored, f"plain/rank-{rank}-of-2") for rank in range(2)]
    assert sum((sum(step, []) for step in zip(*got)), [])[:ROWS] == list(range(ROWS))


def test_a_rank_of_several_tensors(mount, stored):
    got = mount.load("every/rank-1-of-3/batch-0002.label.npy")
    begin = (2 * 3 + 1) * 50
    assert numpy.array_equal(got, stored.label[begin : begin + 50])
