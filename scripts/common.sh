# Sourced by the other scripts: where things are, and how they speak.
# shellcheck shell=bash disable=SC2034

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

# The Python packages live outside the checkout, so that a clone stays clean and `make clean` keeps them.
VENV=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/epochfs/venv
PYTHON=$VENV/bin/python
EPOCHFS=$PWD/.build/release/epochfs

section() { printf '\n=== %s\n' "$*"; }

fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  if [ $# -gt 0 ]; then printf '       %s\n' "$@" >&2; fi
  exit 1
}

is_ci() { [ "${CI:-}" = true ] || [ "${CI:-}" = 1 ]; }

# In CI a warning is an error, for Swift too.
if is_ci; then export EPOCHFS_WARNINGS_AS_ERRORS=1; fi

# Whether a FUSE file system can be mounted here; says why not.
can_mount() {
  if [ ! -e /dev/fuse ]; then
    echo "this machine has no /dev/fuse (load the module: 'modprobe fuse'; in a container add '--device /dev/fuse --cap-add SYS_ADMIN')"
    return 1
  fi
  if [ ! -r /dev/fuse ] || [ ! -w /dev/fuse ]; then
    echo "you may not open /dev/fuse, $(stat -c '%A of %U:%G' /dev/fuse) (give it the mode that distributions do, as root: 'chmod 0666 /dev/fuse')"
    return 1
  fi
}
