#!/usr/bin/env bash
# Builds the release program. The Swift library is linked in, so that it runs on machines without a toolchain.
set -euo pipefail
source "$(dirname "$0")/common.sh"

section "Building (the first time takes a few minutes)"
swift build -c release --static-swift-stdlib --product epochfs
