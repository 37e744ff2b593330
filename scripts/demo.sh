#!/usr/bin/env bash
# Builds the program, writes a small data set, mounts it on ./mnt and loads a batch from it with NumPy. Running it again is harmless.
set -euo pipefail
source "$(dirname "$0")/common.sh"
scripts/setup.sh
scripts/build.sh

section "A data set of moving vessels: ./demo-data"
config=demo-data/epochfs.yaml
if [ -e "$config" ]; then
  echo "It is there already."
else
  if [ -e demo-data ]; then fail "./demo-data is there, but without $config" "Remove it and run 'make demo' again."; fi
  "$EPOCHFS" sample ./demo-data
fi

section "Mounting $config on ./mnt"
if mountpoint -q ./mnt; then
  echo "It is mounted already. (After a new build: .build/release/epochfs unmount ./mnt, then make demo.)"
else
  reason=$(can_mount) || fail "$reason" "Without a mount a batch can still be had: .build/release/epochfs cat $config train/epoch-0/batch-0000.input.npy > batch.npy"
  # A dead mount is there and cannot be looked at; the program cleans it up by itself.
  mkdir -p ./mnt 2>/dev/null || true
  "$EPOCHFS" mount "$config" ./mnt
  echo "Mounted."
fi

section "The tree, two levels of it (epochfs tree $config --depth 2)"
"$EPOCHFS" tree "$config" --depth 2

section "A batch in NumPy"
"$PYTHON" scripts/show_batch.py ./mnt

section "What the mount does: normalising a track, and mixing shards in batches"
"$PYTHON" scripts/draw_demo.py ./mnt ./demo-data demo-data/demo.svg

cat <<'TXT'

=== Yours to try
  ls mnt mnt/train/epoch-0
  cat mnt/train/schema.json mnt/.epochfs/status.json
  .build/release/epochfs unmount ./mnt      when you are done
TXT
