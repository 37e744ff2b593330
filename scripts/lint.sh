#!/usr/bin/env bash
# What CI would complain about: the format of Swift, shell scripts, Python.
set -euo pipefail
source "$(dirname "$0")/common.sh"

section "swift format"
swift format lint --strict -r Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Benchmarks Fuzzing/Package.swift Fuzzing/Sources

section "Shell scripts"
scripts=(scripts/*.sh scripts/mount.epochfs .ci/run)
for script in "${scripts[@]}"; do bash -n "$script"; done
if command -v shellcheck >/dev/null; then shellcheck -x "${scripts[@]}"; else echo "shellcheck is not installed: only their syntax was checked"; fi

section "Python"
find scripts examples Tests Fuzzing -name '*.py' -not -path '*/.build/*' -print0 | xargs -0 python3 -c 'import ast, sys; [ast.parse(open(path).read(), path) for path in sys.argv[1:]]'
echo "ok"
