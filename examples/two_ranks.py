"""Two processes that share an epoch: python two_ranks.py MOUNTPOINT

Each reads the folder of its rank and nothing else; no process deals out samples. Under `torchrun` or `srun` the rank and the number of ranks are theirs.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy


def read(folder):
    """A rank's share: how many batches and rows, the mean speed, and a fingerprint of each row, to show that the shares are disjoint."""
    rows, speeds = [], []
    paths = sorted(folder.glob("batch-*.input.npy"))
    for path in paths:
        tracks = numpy.load(path)
        speeds.append(tracks[:, :, 2].mean(dtype=numpy.float64))
        # Two tensors of a batch have the same rows. The target is what tells vessels' windows apart best.
        targets = numpy.load(str(path).replace(".input.", ".target."))
        rows += [hashlib.md5(track.tobytes() + target.tobytes()).hexdigest() for track, target in zip(tracks, targets, strict=True)]
    return {"batches": len(paths), "rows": rows, "speed": float(numpy.mean(speeds))}


def rank_and_world():
    for rank, world in (("RANK", "WORLD_SIZE"), ("SLURM_PROCID", "SLURM_NTASKS")):
        if rank in os.environ and world in os.environ:
            return int(os.environ[rank]), int(os.environ[world])
    return None


def launch(world):
    """Starts a process a rank, as torchrun would, and puts together what they say."""
    processes = [
        subprocess.Popen([sys.executable, *sys.argv], stdout=subprocess.PIPE, env={**os.environ, "RANK": str(rank), "WORLD_SIZE": str(world)}) for rank in range(world)
    ]
    shares = [json.loads(process.communicate()[0]) for process in processes]
    for rank, share in enumerate(shares):
        print(f"rank {rank} of {world}: {share['batches']} batches, {len(share['rows'])} rows, mean speed {30 * share['speed']:.2f} knots")
    rows = [row for share in shares for row in share["rows"]]
    # Where the epoch does not go into equally many full batches, some rows of its beginning are dealt once more.
    print(f"together: {len(set(rows))} different rows, {len(rows) - len(set(rows))} of them twice")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    place = rank_and_world()
    if place is None:
        launch(2)
        return
    rank, world = place
    json.dump(read(Path(sys.argv[1]) / f"train/epoch-0/rank-{rank}-of-{world}"), sys.stdout)


if __name__ == "__main__":
    main()
