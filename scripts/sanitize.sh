#!/usr/bin/env bash
# The tests with threads in them under the Thread Sanitizer, then under the Address Sanitizer. A build and a run each: some minutes.
#
#   SANITIZERS="thread address"   which ones
#   SANITIZE_FILTER=...           which tests, as for `swift test --filter`
#
# The builds stay in .build/sanitize-*, apart from all others.
set -euo pipefail
source "$(dirname "$0")/common.sh"
scripts/setup.sh --build-only

filter=${SANITIZE_FILTER:-'PlatformTests|BatchCacheTests|ShardStoreTests|BatchAssemblyTests|FileTreeTests|FuseSessionTests|MountingTests'}
# What others leave behind at the end of a process.
export LSAN_OPTIONS=suppressions=$PWD/scripts/leaks.txt:print_suppressions=0
export TSAN_OPTIONS=halt_on_error=0:exitcode=66

failed=()
for sanitizer in ${SANITIZERS:-thread address}; do
  section "$sanitizer sanitizer"
  log=$(mktemp)
  swift build --sanitize="$sanitizer" --build-tests --scratch-path ".build/sanitize-$sanitizer"
  swift test --sanitize="$sanitizer" --skip-build --scratch-path ".build/sanitize-$sanitizer" --filter "$filter" 2>&1 | tee "$log" || failed+=("$sanitizer: the tests")
  # A report on another process, a mount's or an exit test's, does not fail the tests by itself.
  if grep -qE 'WARNING: ThreadSanitizer|ERROR: (Address|Leak)Sanitizer' "$log"; then failed+=("$sanitizer: a report, above"); fi
  rm -f "$log"
done

section "Result"
if [ ${#failed[@]} -gt 0 ]; then fail "${failed[@]}"; fi
echo "nothing found by: ${SANITIZERS:-thread address}"
