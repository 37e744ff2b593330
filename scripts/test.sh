#!/usr/bin/env bash
# The Swift tests, then the tests of the real mount.
set -euo pipefail
source "$(dirname "$0")/common.sh"
scripts/setup.sh --streaming

section "Swift tests"
swift test

scripts/build.sh

section "Tests of the real mount"
if ! reason=$(can_mount); then
  if is_ci; then fail "$reason; with CI=true the tests of the mount may not be left out"; fi
  echo "SKIPPED: $reason"
  exit 0
fi
EPOCHFS=$EPOCHFS "$PYTHON" -m pytest -q -p no:cacheprovider Tests/Mounted "$@"
