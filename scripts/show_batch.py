"""Loads one batch of the first view that has tensors, and shows it: python show_batch.py MOUNTPOINT."""

import json
import sys
from pathlib import Path

import numpy

mount = Path(sys.argv[1])
views = sorted(schema.parent for schema in mount.glob("*/schema.json"))
view = next((view for view in views if view.name == "train"), views[0])
schema = json.loads((view / "schema.json").read_text())
folder = view / "epoch-0" if (view / "epoch-0").is_dir() else view

numpy.set_printoptions(precision=4, suppress=True, linewidth=120)
for path in sorted(folder.glob("batch-0000*.npy")):
    tensor = path.name.removeprefix("batch-0000").removesuffix(".npy").strip(".") or next(iter(schema["tensors"]))
    batch = numpy.load(path)
    channels = schema["tensors"][tensor]["channels"]
    print(f'>>> batch = numpy.load("{path}")')
    print(f">>> batch.shape, batch.dtype\n{batch.shape}, {batch.dtype}")
    print(">>> batch[0, :5]" + (f"      # {', '.join(channels)}" if channels else ""))
    print(batch[0, :5], end="\n\n")
