"""Trains a small model on a mount of `epochfs sample`: where is a vessel next? python train_next_position.py MOUNTPOINT [EPOCHS]

Batches come ready: shuffled, normalised, stacked. The data set is a list of file names, and the position in training is one of them.
"""

import sys
from pathlib import Path

import numpy
import torch

HISTORY = 8  # positions that the model looks back


class Batches(torch.utils.data.Dataset):
    """The batches of one epoch's folder; an item is a whole batch."""

    def __init__(self, folder):
        self.inputs = sorted(folder.glob("batch-*.input.npy"))

    def __len__(self):
        return len(self.inputs)

    def __getitem__(self, number):
        path = self.inputs[number]
        return numpy.load(path), numpy.load(str(path).replace(".input.", ".target."))


def features_and_steps(tracks, future):
    """For every position but the first ones: what the model sees, and what it shall say, the step to the next position in thousandths of a degree.

    tracks is (batch, 128, 6): lat, lon, sog, cog_sin, cog_cos, dt_seconds, normalised; future is (batch, 800, 2), degrees.
    """
    degrees = torch.cat([tracks[:, :, :2] * torch.tensor([90.0, 180.0]), future[:, :1]], dim=1)
    steps = (torch.diff(degrees, dim=1) * 1000).clamp(-50, 50)
    seen = torch.cat([steps[:, :-1], tracks[:, 1:, 2:], tracks[:, 1:, :1]], dim=2).unfold(1, HISTORY, 1)
    return seen.flatten(2), steps[:, HISTORY:]


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    mount = Path(sys.argv[1])
    epochs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(7 * HISTORY, 64), torch.nn.GELU(), torch.nn.Linear(64, 64), torch.nn.GELU(), torch.nn.Linear(64, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for epoch in range(epochs):
        # batch_size=None: items are batches already.
        loader = torch.utils.data.DataLoader(Batches(mount / f"train/epoch-{epoch}"), batch_size=None, num_workers=2)
        losses, still = [], []
        for tracks, future in loader:
            seen, steps = features_and_steps(tracks, future)
            loss = torch.nn.functional.smooth_l1_loss(model(seen), steps)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            still.append(torch.nn.functional.smooth_l1_loss(torch.zeros_like(steps), steps).item())
        print(f"epoch {epoch}: loss {sum(losses) / len(losses):.4f} in {len(losses)} batches (a vessel that stays where it is: {sum(still) / len(still):.4f})", flush=True)


if __name__ == "__main__":
    main()
