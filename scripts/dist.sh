#!/usr/bin/env bash
# Packs what is installed into one tarball, dist/epochfs-VERSION-linux-MACHINE.tar.gz, for machines without Swift. The same program gives the same bytes.
#
#   scripts/dist.sh [PROGRAM [FOLDER]]      .build/release/epochfs and ./dist unless given
set -euo pipefail
source "$(dirname "$0")/common.sh"
program=${1:-$EPOCHFS}
folder=${2:-dist}
if [ ! -x "$program" ]; then fail "$program is not there" "Run 'make build' first."; fi

# What it links to must not be the toolchain's: that is what the machines do not have.
if ldd "$program" | grep -iE 'swift|foundation'; then fail "$program needs the Swift libraries above; scripts/build.sh links them in"; fi

name=epochfs-$("$program" --version)-linux-$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
scripts/stage.sh "$program" "$work/$name"
mkdir -p "$folder"
# One time for all files: the commit's, or the epoch where this is no checkout.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$work" -c "$name" | gzip -9n >"$folder/$name.tar.gz.new"
mv "$folder/$name.tar.gz.new" "$folder/$name.tar.gz"
(cd "$folder" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
echo "$folder/$name.tar.gz"
