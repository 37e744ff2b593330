#!/bin/sh
# The metrics of every mount of this machine, where node_exporter's textfile collector reads them: to be run each 15 seconds or so, by a timer.
#
#   node_exporter.sh [FOLDER]       what `node_exporter --collector.textfile.directory=FOLDER` is told; Debian's default unless given
set -u
folder=${1:-/var/lib/prometheus/node-exporter}
cd "$folder" || exit 1

written=
findmnt -lno TARGET -t fuse.epochfs >.epochfs-mounts.$$ || true # none
while IFS= read -r mount; do
  file=epochfs$(printf '%s' "$mount" | tr -c 'A-Za-z0-9\n' _).prom
  # Whole or not at all. The files of a dead mount cannot be read.
  if cat "$mount/.epochfs/metrics" >"$file.$$" 2>/dev/null; then
    mv "$file.$$" "$file"
    written="$written $file"
  else
    rm -f "$file.$$"
  fi
done <.epochfs-mounts.$$
rm -f .epochfs-mounts.$$

# A mount that is gone must not go on with its last numbers: what is absent is what the alert is about.
for file in epochfs_*.prom; do
  case "$written " in *" $file "*) ;; *) rm -f "$file" ;; esac
done
