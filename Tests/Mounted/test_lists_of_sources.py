"""What depends on whole columns, of views over lists of sources: arrays, rows of JSON, ragged tensors."""

import json
import os

import numpy
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mounting import Mount, epochfs, write_config

A, B = 1000, 700


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    """Two tables with the same columns in another order; only the second has nulls; `kind` is text in one and lists in the other."""
    folder = tmp_path_factory.mktemp("lists")
    random = numpy.random.default_rng(5)
    tables = []
    for name, count in (("a", A), ("b", B)):
        first = 5000 * len(tables)
        words = [f"row {first + n} é{'x' * int(random.integers(0, 40))}" for n in range(count)]
        lists = [random.integers(0, 99, random.integers(0, 6)).tolist() for _ in range(count)]
        if name == "b":
            words[3] = lists[5] = None
        table = pa.table({
            "id": pa.array(range(first, first + count), pa.int32()), "s": pa.array(words), "l": pa.array(lists, pa.list_(pa.int64())),
            "kind": pa.array(words) if name == "a" else pa.array(lists, pa.list_(pa.int64())),
            "f": pa.FixedSizeListArray.from_arrays(pa.array(random.random(3 * count), pa.float32()), 3),
        })  # fmt: skip
        tables.append(table)
        pq.write_table(table.select(["l", "f", "kind", "s", "id"]) if name == "b" else table, folder / f"{name}.parquet", row_group_size=300)
    sources = {name: {"format": "parquet", "path": f"{folder}/{name}.parquet"} for name in "ab"}
    sources["none"] = {**sources["a"], "filter": "id < 0"}
    return sources, tables


def slices(mount, base):
    offsets, values = (mount.load(f"{base}.{part}.npy") for part in ("offsets", "values"))
    return [values[begin:end] for begin, end in zip(offsets, offsets[1:])]


def joined(tables, names="ab"):
    columns = ["id", "s", "l", "f"]
    return pa.concat_tables([tables["ab".index(name)].select(columns) for name in names])


@pytest.mark.parametrize("names", [["a", "b"], ["b", "a"], ["a", "none", "b", "a"]], ids="+".join)
def test_arrays_of_one_source_follow_those_of_another(tmp_path, lists, names):
    sources, tables = lists
    views = {"v": {"source": names, "layout": "arrays"}, "half": {"source": names, "layout": "arrays", "filter": "id >= 500 and id < 5600"}}
    with Mount(tmp_path, {"sources": sources, "views": views}) as mount:
        for view in views:
            table = joined(tables, [name for name in names if name != "none"])
            if view == "half":
                ids = table["id"].to_numpy()
                table = table.filter(pa.array((ids >= 500) & (ids < 5600)))
            assert mount.load(f"{view}/id.npy").tolist() == table["id"].to_pylist()
            assert mount.load(f"{view}/f.npy").tobytes() == table["f"].combine_chunks().flatten().to_numpy().tobytes()
            assert [row.tobytes().decode() for row in slices(mount, f"{view}/s")] == [text or "" for text in table["s"].to_pylist()]
            assert [row.tolist() for row in slices(mount, f"{view}/l")] == [row or [] for row in table["l"].to_pylist()]
            # Of the sources only the second has nulls: the files are there for the rows of both.
            for column in ("s", "l"):
                assert mount.load(f"{view}/{column}.null.npy").tolist() == [row is None for row in table[column].to_pylist()]
            mapped = numpy.load(mount / view / "f.npy", mmap_mode="r")
            assert mapped[-1].tolist() == table["f"][-1].as_py() and mapped[A // 2].tolist() == table["f"][A // 2].as_py()
            del mapped


def test_a_column_of_two_kinds_is_no_array(tmp_path, lists):
    sources, tables = lists
    with Mount(tmp_path, {"sources": sources, "views": {"v": {"source": ["a", "b"], "layout": "arrays"}}}) as mount:
        assert not [name for name in os.listdir(mount / "v") if name.startswith("kind")]
        column = json.loads((mount / "v/schema.json").read_text())["columns"]["kind"]
        assert column["files"] == [] and "in source a" in column["reason"] and "in b" in column["reason"], column
    done = epochfs("check", write_config(tmp_path, {"sources": sources, "views": {"v": {"source": ["a", "b"], "files": ["jsonl"]}}}))
    assert done.returncode == 1 and "column kind" in done.stderr.decode() and "in source a" in done.stderr.decode(), done.stderr.decode()


def without_kind(tmp_path, lists):
    _, tables = lists
    sources = {}
    for name, table in zip("ab", tables):
        pq.write_table(table.drop_columns(["kind"]).select(["f", "id", "l", "s"] if name == "b" else ["id", "s", "l", "f"]), tmp_path / f"{name}.parquet", row_group_size=256)
        sources[name] = {"format": "parquet", "path": f"{tmp_path}/{name}.parquet"}
    return sources, joined(tables)


def test_rows_and_ragged_tensors_of_all_sources(tmp_path, lists):
    sources, table = without_kind(tmp_path, lists)
    rows = table.to_pylist()
    view = {"source": ["a", "b"], "batch_size": 48, "files": ["npy", "jsonl"], "tensors": {"id": {"column": "id"}, "l": {"column": "l"}, "words": {"column": "s"}}}
    window = {"epochs": 2, "ranks": 2, "order": {"algorithm": "window", "block": 100}}
    mixed = {"source": [{"name": "a", "proportion": 0.25}, {"name": "b", "proportion": 0.75}], "epochs": 1, "order": {"algorithm": "py1s", "canonical_nodes": 1}}
    with Mount(tmp_path, {"sources": sources, "views": {"v": view, "w": {**view, **window}, "m": {**view, **mixed}}}) as mount:
        for folder in ("v", "w/epoch-0", "w/epoch-1", "w/epoch-1/rank-1-of-2", "m/epoch-0"):
            found = []
            for name in sorted(name for name in os.listdir(mount / folder) if name.endswith(".jsonl")):
                lines = [json.loads(line) for line in (mount / folder / name).read_text().splitlines()]
                batch = f"{folder}/{name.removesuffix('.jsonl')}"
                assert mount.load(f"{batch}.id.npy").tolist() == [line["id"] for line in lines]
                # Nulls are no part of a ragged tensor: its files of that batch cannot be read.
                for tensor, column, value in (("l", "l", lambda row: row.tolist()), ("words", "s", lambda row: row.tobytes().decode())):
                    if any(line[column] is None for line in lines):
                        with pytest.raises(OSError):
                            mount.load(f"{batch}.{tensor}.values.npy")
                    else:
                        assert [value(row) for row in slices(mount, f"{batch}.{tensor}")] == [line[column] for line in lines]
                found += lines
            by_id = {row["id"]: row for row in rows}
            assert all({**line, "f": None} == {**by_id[line["id"]], "f": None} for line in found), folder
            assert all(numpy.float32(line["f"]).tolist() == by_id[line["id"]]["f"] for line in found), folder
            if folder == "v":
                assert [line["id"] for line in found] == [row["id"] for row in rows]
            elif folder.startswith("w") and "rank" not in folder:
                assert sorted(line["id"] for line in found) == sorted(by_id)


def test_damage_in_one_source_leaves_the_others(tmp_path, lists):
    sources, table = without_kind(tmp_path, lists)
    path = tmp_path / "b.parquet"
    chunk = pq.ParquetFile(path).metadata.row_group(1).column(1)
    data = bytearray(path.read_bytes())
    begin = chunk.dictionary_page_offset or chunk.data_page_offset
    data[begin : begin + 40] = b"\xff" * 40
    path.write_bytes(data)
    views = {"v": {"source": ["a", "b"], "layout": "arrays"}, "w": {"source": ["a", "b"], "batch_size": 100, "tensors": {"id": {"column": "id"}}}}
    with Mount(tmp_path, {"sources": sources, "views": views}) as mount:
        with pytest.raises((OSError, ValueError)):  # NumPy calls a read that failed after the first a short file
            mount.load("v/id.npy")
        error = json.loads((mount / ".epochfs/errors.jsonl").read_text().splitlines()[-1])
        assert error["source"] == "b" and error["shard"] == str(path) and error["path"] == "v/id.npy", error
        assert [row.tolist() for row in slices(mount, "v/l")] == [row or [] for row in table["l"].to_pylist()]
        sound = [batch for batch in range(17) if batch not in (12, 13, 14, 15)]
        for batch in sound:
            assert mount.load(f"w/batch-{batch:04d}.npy").tolist() == table["id"].to_pylist()[100 * batch : 100 * batch + 100]
        for batch in (13, 14):
            with pytest.raises(OSError):
                mount.load(f"w/batch-{batch:04d}.npy")
