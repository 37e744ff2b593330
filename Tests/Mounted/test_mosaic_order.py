"""The orders of mosaicml-streaming, mounted, against the model that agrees with the library itself: Tests/Models/mosaic_order.py."""

import mosaic_order
import numpy
import pytest
from conftest import COUNTS
from mounting import Mount, epochfs
from shards import scalar, write_mds

PARTS = [[13, 40, 7], [25, 1, 30, 18], [60]]
WEIGHTS = [{"proportion": 0.5}, {"proportion": 0.3}, {"proportion": 0.2}]
BATCH = 6


def view(source, **order):
    return {"source": source, "batch_size": BATCH, "epochs": 3, "order": order, "tensors": {"label": {"column": "label"}}}


@pytest.fixture(scope="module")
def mount(tmp_path_factory, stored):
    folder = tmp_path_factory.mktemp("mosaic")
    sources, first = {"windows": stored.source()}, 0
    for name, counts in zip("abc", PARTS):
        label = numpy.arange(first, first + sum(counts), dtype=numpy.int32)
        first += sum(counts)
        write_mds(folder / name, {"label": scalar(label)}, counts, zstd=name == "b")
        sources[name] = {"format": "mds", "path": str(folder / name)}
    mixed = [{"name": name, **weight} for name, weight in zip("abc", WEIGHTS)]
    views = {name: view("windows", algorithm=name, block=150, canonical_nodes=4, nodes=2) for name in ("naive", "py1s", "py2s", "py1br", "py1e")}
    for batching in ("random", "stratified", "per_stream", "device_per_stream"):
        views[batching] = view(mixed, algorithm="py1e", block=50, batching=batching, epoch_size=150)
    views["plain"] = {"source": ["a", "b", "c"], "batch_size": 50, "tensors": {"label": {"column": "label"}}}
    (folder / "mount").mkdir()
    with Mount(folder / "mount", {"memory": "64MiB", "sources": sources, "views": views}) as mounted:
        yield mounted


@pytest.mark.parametrize("world", [1, 2, 8])
@pytest.mark.parametrize("algorithm", ["naive", "py1s", "py2s", "py1br", "py1e"])
def test_one_source(mount, stored, algorithm, world):
    order = mosaic_order.Order(algorithm, block=150, canonical_nodes=4, nodes=2, batch_size=BATCH, streams=[COUNTS], weights=[{}])
    expected = mosaic_order.rank_batches(order, 2, world)
    for rank in range(world):
        folder = f"{algorithm}/epoch-2/rank-{rank}-of-{world}"
        names = mount.batches(folder)
        assert len(names) == len(expected[rank])
        for number in {0, len(names) // 2, len(names) - 2, len(names) - 1}:
            assert mount.load(f"{folder}/{names[number]}").tolist() == stored.label[expected[rank][number]].tolist()
    if world == 1:
        assert [len(mount.load(f"{algorithm}/epoch-2/{name}")) for name in mount.batches(f"{algorithm}/epoch-2")] == [len(batch) for batch in expected[0]]


@pytest.mark.parametrize("world", [1, 3])
@pytest.mark.parametrize("batching", ["random", "stratified", "per_stream", "device_per_stream"])
def test_a_mix(mount, batching, world):
    order = mosaic_order.Order("py1e", block=50, batching=batching, epoch_size=150, batch_size=BATCH, streams=PARTS, weights=WEIGHTS)
    for epoch in (0, 1):
        for rank, expected in enumerate(mosaic_order.rank_batches(order, epoch, world)):
            folder = f"{batching}/epoch-{epoch}/rank-{rank}-of-{world}"
            assert [mount.load(f"{folder}/{name}").tolist() for name in mount.batches(folder)] == expected


def test_a_plain_list_is_one_source_after_another(mount):
    labels = [mount.load(f"plain/{name}") for name in mount.batches("plain")]
    assert numpy.concatenate(labels).tolist() == list(range(sum(map(sum, PARTS))))


def test_ranks_that_the_nodes_do_not_divide_are_not_there(mount):
    with pytest.raises(FileNotFoundError):
        (mount / "py1e/epoch-0/rank-0-of-3").stat()


def test_naive_is_refused_where_the_cap_is_too_small(tmp_path):
    write_mds(tmp_path / "data", {"label": scalar(numpy.zeros(200_000, numpy.int8))}, [200_000])
    (tmp_path / "config.yaml").write_text(
        f"version: 1\nname: small\nmemory: 2MiB\nsources: {{s: {{format: mds, path: {tmp_path}/data}}}}\n"
        "views: {v: {source: s, epochs: 1, order: {algorithm: naive}}}\n"
    )
    done = epochfs("check", str(tmp_path / "config.yaml"))
    assert done.returncode == 1
    assert "naive takes 8 bytes a sample" in done.stderr.decode() and "memory" in done.stderr.decode()
