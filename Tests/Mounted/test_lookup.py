"""Names: which resolve, and which do not."""

import os

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "train",
        "train/schema.json",
        "train/epoch-0",
        "train/epoch-999999",
        "train/epoch-0/batch-0000.npy",
        "train/epoch-0/batch-0015.npy",
        "train/epoch-0/rank-0-of-1",
        "train/epoch-0/rank-6-of-7/batch-0002.npy",
        "train/epoch-0/rank-4095-of-4096/batch-0000.npy",
        "whole/epoch-1/rank-1-of-2/batch-0049.npy",
        "plain/batch-0000.npy",
        "plain/rank-2-of-5/batch-0003.npy",
        "every/batch-0000.label.npy",
        ".epochfs/status.json",
    ],
)
def test_resolves(mount, name):
    assert (mount / name).exists()


@pytest.mark.parametrize(
    "name",
    [
        "nope",
        "Train",
        "train/epoch-1000000",
        "train/epoch-00",
        "train/epoch--1",
        "train/epoch-+1",
        "train/epoch-x",
        "train/epoch-",
        "train/epoch-99999999999999999999",
        "train/epoch-0/batch-0016.npy",
        "train/epoch-0/batch-00000.npy",
        "train/epoch-0/batch-0.npy",
        "train/epoch-0/batch-0000",
        "train/epoch-0/batch-0000.npy.tmp",
        "train/epoch-0/batch-0000.features.npy",
        "train/epoch-0/batch--001.npy",
        "train/epoch-0/batch-18446744073709551616.npy",
        "train/epoch-0/rank-2-of-2",
        "train/epoch-0/rank-0-of-0",
        "train/epoch-0/rank-00-of-2",
        "train/epoch-0/rank-0-of-4097",
        "train/epoch-0/rank-0-of-2/rank-0-of-2",
        "train/batch-0000.npy",
        "whole/epoch-0/batch-0100.npy",
        "plain/epoch-0",
        "every/batch-0000.npy",
        "every/batch-0000.name.npy",
        "every/batch-0000.nope.npy",
        ".epochfs/nope",
        "x" * 255,
    ],
)
def test_does_not_exist(mount, name):
    with pytest.raises(FileNotFoundError):
        os.stat(mount / name)


def test_a_file_is_no_folder(mount):
    with pytest.raises(NotADirectoryError):
        os.stat(mount / "plain/batch-0000.npy/x")
