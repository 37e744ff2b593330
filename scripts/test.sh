#!/usr/bin/env bash
# The Swift tests, then the tests of the real mount and of the installation.
set -euo pipefail
source "$(dirname "$0")/common.sh"
# Tests of the mount ask pyarrow what a Parquet file holds, and run the example for polars. What examples with torch print is tested where EXAMPLES_PYTHON names an interpreter that has it.
scripts/setup.sh --streaming --with pyarrow --with polars

section "Swift tests"
swift test

scripts/build.sh

section "Tests of the real mount, and of what is installed"
if ! reason=$(can_mount); then
  if is_ci; then fail "$reason; with CI=true the tests of the mount may not be left out"; fi
  echo "SKIPPED: $reason"
  exit 0
fi
EPOCHFS=$EPOCHFS "$PYTHON" -m pytest -q -p no:cacheprovider Tests/Mounted Tests/Install "$@"
