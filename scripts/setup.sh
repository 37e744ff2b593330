#!/usr/bin/env bash
# Installs what building, the demo and the tests need and a fresh machine lacks; does nothing, quickly, where all is there.
#
#   scripts/setup.sh [--build-only] [--streaming] [--with PYTHON-PACKAGE]... [--program DEBIAN-PACKAGE]...
#
#   --streaming: the writers of mosaicml-streaming too, without torch and the clouds, which they do not need (Tests/Mounted/streaming_writers.py)
set -euo pipefail
source "$(dirname "$0")/common.sh"

python_packages=(numpy pytest zstandard)
programs=()
needs_python=yes
needs_streaming=no
while [ $# -gt 0 ]; do
  case $1 in
    --build-only) needs_python=no ;;
    --streaming) needs_streaming=yes ;;
    --with) shift; python_packages+=("${1:?--with needs the name of a package}") ;;
    --program) shift; programs+=("${1:?--program needs the name of a package that has a program of its name}") ;;
    *) fail "unknown argument '$1'" ;;
  esac
  shift
done

# --- Debian packages -------------------------------------------------------------------------------------------------
debian_packages=(git g++ pkg-config fuse3 libfuse3-dev libzstd-dev libsnappy-dev zlib1g-dev libbrotli-dev libbz2-dev liblz4-dev libxxhash-dev libssl-dev)
debian_packages+=(${programs[@]+"${programs[@]}"})
if [ $needs_python = yes ]; then debian_packages+=(python3 python3-venv); fi

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

install_debian_packages() {
  local missing=() package
  for package in "${debian_packages[@]}"; do is_installed "$package" || missing+=("$package"); done
  if [ ${#missing[@]} -eq 0 ]; then return; fi

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "packages are missing: ${missing[*]}" "You are not root and there is no sudo. As root run:" "apt-get install ${missing[*]}"
    # Nobody is there to type a password when standard input is not a terminal.
    if [ -t 0 ]; then as_root=(sudo); else as_root=(sudo -n); fi
  fi
  section "Installing ${missing[*]}"
  local apt=(${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update || echo "warning: apt-get update failed; trying with the package lists that are here" >&2
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null || fail "apt-get could not install ${missing[*]}"
}

# Other distributions name their packages differently: only say what is missing.
check_libraries() {
  local module header program missing=()
  command -v pkg-config >/dev/null || fail "pkg-config is missing"
  for module in fuse3 libzstd zlib libbrotlidec liblz4 libxxhash libcrypto; do pkg-config --exists "$module" || missing+=("$module"); done
  # Two that not every distribution gives a pkg-config file.
  for header in snappy-c.h bzlib.h; do echo "#include <$header>" | cc -E - >/dev/null 2>&1 || missing+=("$header"); done
  if [ ${#missing[@]} -gt 0 ]; then fail "development files are missing for: ${missing[*]}" "This is not a Debian or Ubuntu machine; install them with its own package manager."; fi
  for program in ${programs[@]+"${programs[@]}"}; do command -v "$program" >/dev/null || fail "the program $program is missing"; done
  if [ $needs_python = yes ]; then command -v python3 >/dev/null || fail "python3 is missing"; fi
}

if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then install_debian_packages; else check_libraries; fi

# --- Swift -----------------------------------------------------------------------------------------------------------
wanted_swift=$(<.swift-version)
command -v swift >/dev/null || fail "swift was not found" "EpochFS is built with Swift $wanted_swift or newer: https://www.swift.org/install/linux/"
swift_version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1)
if [ -z "$swift_version" ] || [ "$(printf '%s\n' "$wanted_swift" "$swift_version" | sort -V | head -n 1)" != "$wanted_swift" ]; then
  fail "$(command -v swift) is Swift ${swift_version:-of an unknown version}; EpochFS needs $wanted_swift or newer" "https://www.swift.org/install/linux/"
fi

# --- Python ----------------------------------------------------------------------------------------------------------
if [ $needs_python = no ]; then exit 0; fi
imports=$(IFS=,; echo "${python_packages[*]}")
has_streaming() { [ $needs_streaming = no ] || (cd Tests/Mounted && "$PYTHON" -B -c "import streaming_writers" 2>/dev/null); }
if "$PYTHON" -c "import $imports" 2>/dev/null && has_streaming; then exit 0; fi

section "Python packages: ${python_packages[*]}"
if ! "$PYTHON" -m pip --version >/dev/null 2>&1; then
  mkdir -p "$(dirname "$VENV")"
  # The distribution's own interpreter has the venv package that was just installed; another one may come first in PATH.
  { python3 -m venv --clear "$VENV" || /usr/bin/python3 -m venv --clear "$VENV"; } 2>/dev/null || fail "python3 could not make a virtual environment in $VENV"
fi
"$PYTHON" -m pip install --quiet --disable-pip-version-check "${python_packages[@]}" || fail "pip could not install ${python_packages[*]} into $VENV"
"$PYTHON" -c "import $imports" || fail "the virtual environment $VENV is not usable; remove it and try again"

if ! has_streaming; then
  section "Python packages: the writers of mosaicml-streaming"
  "$PYTHON" -m pip install --quiet --disable-pip-version-check Brotli Pillow catalogue filelock python-snappy tqdm typing_extensions xxhash zstd ||
    fail "pip could not install what the writers of mosaicml-streaming use into $VENV"
  "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python mosaicml-streaming==0.13.0 ||
    fail "pip could not install mosaicml-streaming into $VENV"
  has_streaming || fail "the writers of mosaicml-streaming cannot be imported in $VENV:" "$(cd Tests/Mounted && "$PYTHON" -B -c "import streaming_writers" 2>&1 | tail -n 1)"
fi
