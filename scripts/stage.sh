#!/usr/bin/env bash
# Collects what is installed into one folder, with the script that installs it: what `make install` runs at once, and `make dist` packs.
#
#   scripts/stage.sh PROGRAM FOLDER        FOLDER must not exist
set -euo pipefail
source "$(dirname "$0")/common.sh"
if [ $# -ne 2 ]; then fail "usage: scripts/stage.sh PROGRAM FOLDER"; fi
program=$1
folder=$2
if [ ! -x "$program" ]; then fail "$program is not there" "Run 'make build' first, as yourself: only 'make install' needs root."; fi

mkdir -p "$(dirname "$folder")"
mkdir "$folder" "$folder/man" "$folder/systemd" "$folder/completions" "$folder/examples"
# Names of functions stay, for the reports of a crash; what only a debugger reads is most of the file.
if command -v strip >/dev/null; then strip --strip-debug -o "$folder/epochfs" "$program"; else cp "$program" "$folder/epochfs"; fi
cp scripts/mount.epochfs scripts/install.sh "$folder"
cp man/*.[18] "$folder/man"
cp systemd/epochfs@.service "$folder/systemd"
# The program writes its own completions: they cannot be out of date.
"$program" --generate-completion-script bash >"$folder/completions/epochfs"
"$program" --generate-completion-script zsh >"$folder/completions/_epochfs"
"$program" --generate-completion-script fish >"$folder/completions/epochfs.fish"
cp examples/*.* "$folder/examples"
cp -r docs mount-configs README.md CHANGELOG.md LICENSE "$folder"
chmod -R u=rwX,go=rX "$folder"
