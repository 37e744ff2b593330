#!/usr/bin/env bash
# Measures this machine: EpochFS beside tmpfs, `zstd -t`, pyarrow and, where there is one, StreamingDataset. docs/PERFORMANCE.md says how to read the table.
#
#   BENCH_GIB=1             GiB of raw samples that are made and read
#   BENCH_ROUNDS=3          rounds that count, after one that does not
#   STREAMING_PYTHON=...    an interpreter with mosaicml-streaming and torch
set -euo pipefail
source "$(dirname "$0")/common.sh"
scripts/setup.sh --program zstd --with pyarrow
scripts/build.sh
reason=$(can_mount) || fail "$reason"

section "Measuring (a few minutes; other work on the machine spoils the figures)"
EPOCHFS=$EPOCHFS exec "$PYTHON" scripts/bench.py
