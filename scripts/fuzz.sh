#!/usr/bin/env bash
# Mutates Parquet files and reads them, with libFuzzer watching which code each one reaches, for a minute. Finds are kept in Fuzzing/Finds.
#
#   FUZZ_SECONDS=60    how long
#   FUZZ_CORPUS=DIR    where inputs that reach something new are kept for the next time, and further seeds can be put; .build/fuzz-corpus without it
#
# A find that is understood becomes a test: copy it to Tests/Fixtures/parquet-finds, where ParquetReadingTests reads it.
set -euo pipefail
source "$(dirname "$0")/common.sh"
scripts/setup.sh --build-only

section "Build"
# EPOCHFS_WARNINGS_AS_ERRORS is for the packages' own settings; the fuzzer's flags warn nothing.
swift build -c release --package-path Fuzzing --scratch-path .build/fuzz -Xswiftc -sanitize=fuzzer -Xswiftc -parse-as-library

section "Fuzzing"
corpus=${FUZZ_CORPUS:-.build/fuzz-corpus}
mkdir -p "$corpus" Fuzzing/Finds
status=0
# The cap within the fuzzer is 16 MiB; what is beside it must stay small too.
.build/fuzz/release/ParquetFuzzer -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=512 -print_final_stats=1 \
  -artifact_prefix=Fuzzing/Finds/ "$corpus" Fuzzing/Seeds Tests/Fixtures/parquet-finds || status=$?

section "Result"
if [ "$status" -ne 0 ]; then
  fail "something was found: Fuzzing/Finds holds it" "run it again: .build/fuzz/release/ParquetFuzzer Fuzzing/Finds/NAME"
fi
rmdir Fuzzing/Finds 2>/dev/null || true
echo "nothing found in ${FUZZ_SECONDS:-60} s"
