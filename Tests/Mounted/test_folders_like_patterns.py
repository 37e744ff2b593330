"""A configuration whose own folder has a name like a pattern: only what is written as `path` is one."""

import shutil

import numpy
import pyarrow
import pyarrow.parquet
import pytest
from mounting import Mount, write_config
from shards import scalar, write_mds

NAMES = ["we[ird]", "cu{r}ly", "st*r", "wh?t", "[[]", "k=[1]"]


def write_files(folder):
    folder.mkdir(parents=True)
    for number, name in enumerate("ab"):
        pyarrow.parquet.write_table(pyarrow.table({"x": numpy.arange(10 * number, 10 * number + 10, dtype=numpy.int32)}), folder / f"{name}.parquet")


def configuration(path, kind="parquet"):
    view = {"source": "s", "batch_size": 20, "files": ["jsonl"]}
    return {"memory": "64MiB", "sources": {"s": {"format": kind, "path": path}}, "views": {"v": view}}


def served(mount):
    return (mount / "v/batch-0000.jsonl").read_text()


@pytest.mark.parametrize("path", ["./data/*.parquet", "data", "./data/{part}.parquet", "./data/[a-b].parquet", "../*/data/?.parquet"])
@pytest.mark.parametrize("name", NAMES)
def test_parquet_beside_the_configuration(name, path, tmp_path):
    folder = tmp_path / name
    write_files(folder / "data")
    with Mount(folder, configuration(path)) as mount:
        rows = served(mount)
        effective = (mount / ".epochfs/config.yaml").read_text()
        values = [f'"x":{number}' for number in range(20)]
        assert all(value in line.replace(" ", "") for value, line in zip(values, rows.splitlines(), strict=True))
        assert '"r"' not in rows and ('"part"' in rows) == ("{part}" in path)
    # The effective configuration says the same anywhere.
    elsewhere = tmp_path / "elsewhere/[x]"
    elsewhere.mkdir(parents=True)
    (elsewhere / "config.yaml").write_text(effective)
    with Mount(elsewhere, elsewhere / "config.yaml") as mount:
        assert served(mount) == rows and (mount / ".epochfs/config.yaml").read_text() == effective


@pytest.mark.parametrize("path", ["mds", "./md*", "."])
@pytest.mark.parametrize("name", NAMES)
def test_mds_beside_the_configuration(name, path, tmp_path):
    folder = tmp_path / name
    write_mds(folder if path == "." else folder / "mds", {"x": scalar(numpy.arange(20, dtype=numpy.int32))}, [10, 10])
    with Mount(folder, configuration(path, "mds")) as mount:
        assert len(served(mount).splitlines()) == 20


def test_other_folders_that_the_name_would_match(tmp_path):
    """As a pattern `we[ird]` would be `wei`, `wer` or `wed`."""
    write_files(tmp_path / "wei/data")
    write_files(tmp_path / "we[ird]/data")
    (tmp_path / "we[ird]/data/b.parquet").unlink()
    with Mount(tmp_path / "we[ird]", configuration("./data/*.parquet")) as mount:
        assert len(served(mount).splitlines()) == 10
    # Written out it is one, where no such path exists.
    shutil.rmtree(tmp_path / "we[ird]/data")
    with Mount(tmp_path, write_config(tmp_path, configuration(f"{tmp_path}/we[ird]/data/*.parquet"))) as mount:
        assert len(served(mount).splitlines()) == 20
