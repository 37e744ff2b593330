"""What a path's listing cannot look at is named, and never left out: all rows behind it would be others than before."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy
import pyarrow
import pyarrow.parquet
import pytest
from mounting import EPOCHFS, Mount, epochfs, write_config
from shards import scalar, write_mds
from test_troubleshooting import is_documented

NOBODY = 65534


def write_parquet(path, start):
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.table({"x": numpy.arange(start, start + 10, dtype=numpy.int32)}), path)


@pytest.fixture
def pq(tmp_path):
    """Three folders with a file of ten rows each."""
    for number, name in enumerate("abc"):
        write_parquet(tmp_path / f"pq/{name}/x.parquet", 10 * number)
    return tmp_path / "pq"


@pytest.fixture
def mds(tmp_path):
    """Three folders of one data set, ten samples each."""
    write_mds(tmp_path / "mds", {"x": scalar(numpy.arange(30, dtype=numpy.int32))}, [10, 10, 10], folders=3)
    return tmp_path / "mds"


def configuration(path, kind="parquet"):
    return {"memory": "64MiB", "sources": {"s": {"format": kind, "path": str(path)}}, "views": {"v": {"source": "s", "batch_size": 30}}}


def refusal(folder, path, kind="parquet"):
    """What `check` and `mount` say, which is the same."""
    file = write_config(folder, configuration(path, kind))
    point = Path(folder) / "mnt"
    point.mkdir(exist_ok=True)
    check, mount = epochfs("check", file), epochfs("mount", file, point)
    assert check.returncode == mount.returncode == 1, check.stdout
    said = check.stderr.decode()
    assert "sources.s.path" in said and is_documented(said), said
    assert said.strip().splitlines()[0] in mount.stderr.decode()
    return said


def rows(folder, path, kind="parquet"):
    with Mount(folder, configuration(path, kind)) as mount:
        return mount.load("v/batch-0000.npy" if (mount / "v/batch-0000.npy").exists() else "v/batch-0000.x.npy").ravel().tolist()


@pytest.mark.parametrize("pattern", ["", "/*/*.parquet", "/*/x.parquet", "/{d}", "/{d}/x.parquet", "/?/[x].*", "/b/x.parquet", "/*"])
def test_a_file_that_is_a_link_to_nothing(pattern, pq, tmp_path):
    (pq / "b/x.parquet").unlink()
    (pq / "b/x.parquet").symlink_to("gone.parquet")
    assert f"{pq}/b/x.parquet: is a link to gone.parquet, which cannot be followed: No such file or directory" in refusal(tmp_path, f"{pq}{pattern}")


@pytest.mark.parametrize("pattern", ["", "/*/*.parquet", "/*/x.parquet", "/{d}", "/*"])
def test_a_folder_that_is_a_link_to_nothing(pattern, pq, tmp_path):
    shutil.rmtree(pq / "b")
    (pq / "b").symlink_to(tmp_path / "not-mounted")
    assert f"{pq}/b: is a link to {tmp_path}/not-mounted, which cannot be followed" in refusal(tmp_path, f"{pq}{pattern}")


def test_a_link_to_nothing_on_the_way(pq, tmp_path):
    for name in "abc":
        (pq / name / "deep").mkdir()
        (pq / name / "x.parquet").rename(pq / name / "deep/x.parquet")
    shutil.rmtree(pq / "b/deep")
    (pq / "b/deep").symlink_to("gone")
    assert f"{pq}/b/deep: is a link to gone" in refusal(tmp_path, f"{pq}/*/deep/x.parquet")
    # The path's own beginning as well.
    assert f"{pq}/b/deep: is a link to gone" in refusal(tmp_path, f"{pq}/b/deep/*.parquet")


def test_a_link_to_itself(pq, tmp_path):
    (pq / "b/y.parquet").symlink_to("y.parquet")
    assert f"{pq}/b/y.parquet: is a link to y.parquet, which cannot be followed: Too many levels of symbolic links" in refusal(tmp_path, pq)


@pytest.mark.parametrize("pattern", ["", "/b/y.parquet", "/*/*.parquet", "/*/y.parquet"])
def test_what_is_no_file(pattern, pq, tmp_path):
    os.mkfifo(pq / "b/y.parquet")
    assert f"{pq}/b/y.parquet: is a FIFO, a socket or a device" in refusal(tmp_path, f"{pq}{pattern}")
    (pq / "b/y.parquet").rename(pq / "b/fifo")
    (pq / "b/y.parquet").symlink_to("fifo")
    assert f"{pq}/b/y.parquet: is a FIFO, a socket or a device" in refusal(tmp_path, f"{pq}{pattern}")


def test_what_no_rows_are_missed_of(pq, tmp_path):
    """Hidden names, other endings, what a pattern merely tries, links that lead somewhere and links that lead round."""
    (pq / "b/_y.parquet").symlink_to("gone")
    (pq / "b/.y.parquet").symlink_to("gone")
    (pq / "b/notes.txt").symlink_to("gone")
    os.mkfifo(pq / "b/fifo")
    (pq / "d").mkdir()
    (pq / "e.txt").write_text("a file where the pattern has a folder")
    (pq / "b/up").symlink_to("..")
    assert rows(tmp_path, f"{pq}/*/x.parquet") == list(range(30))
    (pq / "b/up").unlink()
    (pq / "c").rename(tmp_path / "elsewhere")
    (pq / "c").symlink_to("../elsewhere")
    assert rows(tmp_path, pq) == rows(tmp_path, f"{pq}/[a-c]") == list(range(30))
    (pq / "d/up").symlink_to("..")
    assert rows(tmp_path, pq) == list(range(30))


def test_inspect_names_it(pq):
    (pq / "b/y.parquet").symlink_to("gone")
    result = epochfs("inspect", pq)
    assert result.returncode == 1 and f"{pq}/b/y.parquet: is a link to gone" in result.stderr.decode()


# --- MDS -----------------------------------------------------------------------------------------------------------------


def link_to_nothing(path):
    path.unlink() if path.is_file() else shutil.rmtree(path)
    path.symlink_to("gone")


@pytest.mark.parametrize("name", ["worker_01/index.json", "worker_01"])
def test_an_mds_folder_that_is_a_link_to_nothing(name, mds, tmp_path):
    link_to_nothing(mds / name)
    assert f"{mds}/{name}: is a link to gone" in refusal(tmp_path, mds, "mds")
    assert f"{mds}/{name}: is a link to gone" in refusal(tmp_path, f"{mds}/*", "mds")


def test_a_manifest_that_is_a_link_to_nothing(mds, tmp_path):
    """It gives the order of the folders."""
    (mds / "manifest.json").symlink_to("gone")
    assert f"{mds}/manifest.json: is a link to gone" in refusal(tmp_path, mds, "mds")


def test_what_no_samples_are_missed_of(mds, tmp_path):
    (mds / "logs").mkdir()
    (mds / "_old").symlink_to("gone")
    (mds / "notes.txt").symlink_to("gone")
    (mds / "README").write_text("a file")
    os.mkfifo(mds / "fifo")
    (mds / "loop").symlink_to(".")
    (mds / "worker_02").rename(tmp_path / "elsewhere")
    (mds / "worker_02").symlink_to("../elsewhere")
    assert rows(tmp_path, mds, "mds") == list(range(30))


# --- Permissions ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def public():
    """Not below pytest's own folder, which is root's alone."""
    path = Path(tempfile.mkdtemp(prefix="epochfs-unseen-"))
    path.chmod(0o755)
    shutil.copy(EPOCHFS, path / "epochfs")
    yield path
    shutil.rmtree(path)


def refused_to_nobody(folder, path, kind="parquet"):
    file = write_config(folder, configuration(path, kind))
    file.chmod(0o644)
    result = subprocess.run([folder / "epochfs", "check", file], capture_output=True, user=NOBODY, group=NOBODY, extra_groups=[], cwd="/", timeout=30)
    said = result.stderr.decode()
    assert result.returncode == 1 and "Permission denied" in said and is_documented(said), said
    return said


root_only = pytest.mark.skipif(os.geteuid() != 0, reason="for root, who becomes another user")


@root_only
@pytest.mark.parametrize("pattern", ["", "/*/x.parquet", "/*/*.parquet", "/{d}", "/b/*.parquet"])
def test_a_folder_that_may_not_be_entered(pattern, public):
    for number, name in enumerate("abc"):
        write_parquet(public / f"pq/{name}/x.parquet", 10 * number)
    (public / "pq/b").chmod(0o700)
    assert f"{public}/pq/b" in refused_to_nobody(public, f"{public}/pq{pattern}")


@root_only
def test_a_link_into_a_folder_that_may_not_be_entered(public):
    write_parquet(public / "pq/a.parquet", 0)
    write_parquet(public / "private/b.parquet", 10)
    (public / "pq/b.parquet").symlink_to("../private/b.parquet")
    (public / "private").chmod(0o700)
    assert f"{public}/pq/b.parquet: is a link to ../private/b.parquet" in refused_to_nobody(public, f"{public}/pq")


@root_only
@pytest.mark.parametrize("mode", [0o000, 0o700, 0o744])
def test_an_mds_folder_that_may_not_be_entered(mode, public):
    write_mds(public / "mds", {"x": scalar(numpy.arange(30, dtype=numpy.int32))}, [10, 10, 10], folders=3)
    (public / "mds/worker_01").chmod(mode)
    assert f"{public}/mds/worker_01/index.json: cannot be looked at" in refused_to_nobody(public, public / "mds", "mds")
