"""A block of the order that is given in bytes is measured by all that is stored, whatever is selected."""

import json

import numpy
import pytest
from mounting import Mount
from shards import scalar, text, write_mds
from window_order import window


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """`small` rows of which half pass, `large` ones of which a tenth does."""
    folder = tmp_path_factory.mktemp("blocks")
    sets, first = {}, 0
    for name, counts, width, every in (("small", [40, 60], 50, 2), ("large", [100], 2000, 10)):
        ids = numpy.arange(first, first + sum(counts))
        first += len(ids)
        passes = (ids % every == 1).astype(numpy.int8)
        data = write_mds(folder / name, {"id": scalar(ids), "k": scalar(passes), "t": text(["x" * width] * len(ids))}, counts)
        sets[name] = data, ids, passes
    return sets


@pytest.mark.parametrize("names", [["small", "large"], ["small"], ["large"]], ids="+".join)
@pytest.mark.parametrize("size", [134, 997, 20_000])
def test_blocks_of_bytes_with_and_without_selections(tmp_path, stored, names, size):
    samples = sum(len(stored[name][1]) for name in names)
    block = max(1, size * samples // sum(stored[name][0].raw_bytes for name in names))
    view = {"source": names, "batch_size": 1000, "order": {"algorithm": "window", "seed": 7, "block": f"{size}B"}, "tensors": {"id": {"column": "id"}}}
    views = {"whole": view, "filtered": {**view, "filter": "k == 1"}, "grouped": {**view, "group_by": ["k"]}}
    sources = {name: {"format": "mds", "path": str(stored[name][0].path)} for name in names}
    with Mount(tmp_path, {"sources": sources, "views": views}) as mount:
        for folder, kept in (("whole", None), ("filtered", 1), ("grouped/1", 1), ("grouped/0", 0)):
            assert json.loads((mount / folder / "schema.json").read_text())["order"]["block"] == block, folder
            shards = []
            for name in names:
                data, ids, passes = stored[name]
                for start, count in zip(data.starts(), data.counts):
                    rows = slice(start, start + count)
                    shards.append(ids[rows][passes[rows] == kept] if kept is not None else ids[rows])
            shards = [shard for shard in shards if len(shard)]
            expected = [int(shards[shard][row]) for shard, row in window([len(shard) for shard in shards], seed=7, epoch=0, block=block)]
            assert mount.load(f"{folder}/batch-0000.npy").tolist() == expected, folder
