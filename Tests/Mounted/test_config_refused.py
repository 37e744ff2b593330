"""Wrong configurations: never mounted, and told where, what was found and what is allowed."""

import json
import os

import pytest
from conftest import BATCH, FEATURES
from mounting import epochfs, write_config


def good(stored):
    return stored.config(
        {
            "train": {
                "source": "windows",
                "batch_size": BATCH,
                "epochs": 2,
                "order": {"algorithm": "window", "seed": 1},
                "tensors": {"input": {"column": "features", "slice": ":8", "transform": {"sog": [{"clamp": [0, 30]}]}}},
            }
        }
    )


def train(config):
    return config["views"]["train"]


def tensor(config):
    return train(config)["tensors"]["input"]


# name: what is changed, and words that the message must have.
CASES = {
    "unknown key": (lambda c: train(c).update(batchsize=3), ["batchsize", "batch_size"]),
    "unknown key at the top": (lambda c: c.update(memroy="1GiB"), ["memroy", "memory"]),
    "unknown key of a source": (lambda c: c["sources"]["windows"].update(pth="x"), ["pth", "path"]),
    "wrong type": (lambda c: train(c).update(batch_size="many"), ["batch_size", "many"]),
    "zero": (lambda c: train(c).update(batch_size=0), ["batch_size", "0"]),
    "negative": (lambda c: train(c).update(epochs=-1), ["epochs", "-1"]),
    "too large": (lambda c: train(c).update(ranks=5000), ["ranks", "5000", "4096"]),
    "version": (lambda c: c.update(version=2), ["version", "2"]),
    "no name": (lambda c: c.pop("name"), ["name"]),
    "no sources": (lambda c: c.pop("sources"), ["sources"]),
    "no views": (lambda c: c.pop("views"), ["views"]),
    "format": (lambda c: c["sources"]["windows"].update(format="mdss"), ["mdss", "mds"]),
    "source": (lambda c: train(c).update(source="windws"), ["windws", "windows"]),
    "column": (lambda c: tensor(c).update(column="featurs"), ["featurs", "features"]),
    "column without a shape": (lambda c: tensor(c).update(column="name", slice=":"), ["name"]),
    "channel": (lambda c: tensor(c).update(channels=["latt"]), ["latt", "lat"]),
    "channel of a transform": (lambda c: tensor(c)["transform"].update(spd=["log1p"]), ["spd"]),
    "operation": (lambda c: tensor(c)["transform"].update(lat=[{"divde": 3}]), ["divde", "divide"]),
    "operand": (lambda c: tensor(c)["transform"].update(lat=[{"divide": "x"}]), ["divide", "x"]),
    "slice that is empty": (lambda c: tensor(c).update(slice="30:40"), ["slice"]),
    "slice that is none": (lambda c: tensor(c).update(slice="a:b"), ["slice", "a:b"]),
    "slice of too many axes": (lambda c: tensor(c).update(slice=":, :, :"), ["slice"]),
    "dtype": (lambda c: tensor(c).update(dtype="float31"), ["float31", "float32"]),
    "algorithm": (lambda c: train(c)["order"].update(algorithm="windw"), ["windw", "window"]),
    "block": (lambda c: train(c)["order"].update(block="5 apples"), ["block", "5 apples"]),
    "seed": (lambda c: train(c)["order"].update(seed=-4), ["seed", "-4"]),
    "path": (lambda c: c["sources"]["windows"].update(path="/nowhere/at/all"), ["/nowhere/at/all"]),
    "shape": (lambda c: c["sources"]["windows"]["columns"]["features"].update(shape=[25, 5]), ["features", "25"]),
    "channels that do not fit": (lambda c: c["sources"]["windows"]["columns"]["features"].update(channels=["a"]), ["channels"]),
    "view outside": (lambda c: c["views"].update({"../x": train(c)}), ["../x"]),
    "view called .epochfs": (lambda c: c["views"].update({".epochfs": train(c)}), [".epochfs"]),
    "memory": (lambda c: c.update(memory="10 parrots"), ["memory", "10 parrots"]),
    "too little memory": (lambda c: c.update(memory="64KiB"), ["memory"]),
    "serve": (lambda c: c.update(serve="sometimes"), ["serve", "sometimes"]),
    "verify": (lambda c: c.update(verify="perhaps"), ["verify", "perhaps"]),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(tmp_path, stored, case):
    change, words = CASES[case]
    config = {"version": 1, "name": "test", **json.loads(json.dumps(good(stored)))}
    change(config)
    path, point = tmp_path / "config.yaml", tmp_path / "point"
    path.write_text(json.dumps(config, indent=1))
    point.mkdir()
    for arguments in (("check", path), ("mount", path, point)):
        result = epochfs(*arguments)
        message = result.stderr.decode()
        assert result.returncode == 1, (arguments[0], message)
        assert not os.path.ismount(point)
        assert all(word in message for word in words), (words, message)
        assert f"{path}:" in message or "config.yaml:" in message or case in ("path", "shape", "column without a shape"), message
        assert message.count("\n") < 12 and "Fatal error" not in message


def test_the_good_one_is_not_refused(tmp_path, stored):
    result = epochfs("check", write_config(tmp_path, good(stored)))
    assert result.returncode == 0, result.stderr


def test_the_line_is_the_right_one(tmp_path, stored):
    path = tmp_path / "lined.yaml"
    path.write_text(
        f"""version: 1
name: lined
sources:
  windows: {{format: mds, path: {stored.data.path}}}
views:
  train:
    source: windows
    batch_size: 8

    # A comment above.
    epocs: 4
"""
    )
    result = epochfs("check", path)
    assert result.returncode == 1
    assert "lined.yaml:11" in result.stderr.decode() and "epochs" in result.stderr.decode(), result.stderr


@pytest.mark.parametrize(
    "content", [b"", b"version: 1\nname: x\nsources: {a: [}\n", b"- 1\n", b"\x00\xff", b"a: &a [*a, *a]\n", b"[" * 5000, b"version: 1\nversion: 1\n"]
)
def test_what_is_no_configuration(tmp_path, content):
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    result = epochfs("check", path)
    assert result.returncode == 1 and b"bad.yaml" in result.stderr, result
    assert b"Fatal error" not in result.stderr


def test_a_configuration_that_is_not_there(tmp_path):
    result = epochfs("check", tmp_path / "nothing.yaml")
    assert result.returncode == 1 and b"nothing.yaml" in result.stderr


def test_variables_and_paths_relative_to_the_file(tmp_path, stored):
    (tmp_path / "link").symlink_to(stored.data.path)
    config = stored.config({"plain": {"source": "windows", "batch_size": BATCH, "tensors": FEATURES}})
    config["sources"]["windows"]["path"] = "${EPOCHFS_TEST_FOLDER:-./link}"
    path = write_config(tmp_path, config)
    assert epochfs("check", path).returncode == 0
    assert epochfs("check", path, environment={"EPOCHFS_TEST_FOLDER": str(stored.data.path)}).returncode == 0
    result = epochfs("check", path, environment={"EPOCHFS_TEST_FOLDER": "/nowhere/here"})
    assert result.returncode == 1 and b"/nowhere/here" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["mount"], ["nonsense"], ["check", "--nonsense"], ["mount", "a", "b", "c"]])
def test_wrong_usage_is_64(arguments):
    result = epochfs(*arguments)
    # Without any argument the help is shown, which is not wrong.
    assert result.returncode == (0 if arguments == [] else 64), result
