#!/bin/sh
# Installs EpochFS from the folder that this script is in, or takes it away again. `make install` and the tarball of `make dist` both end here.
#
#   ./install.sh [--uninstall] [NAME=VALUE]...
#
#   PREFIX=/usr/local      program, unit, man pages, completions, documents; packages of distributions take /usr
#   HELPERDIR=/usr/sbin    mount.epochfs: mount(8) looks for it in /sbin only, whatever the prefix is; empty: leave it out
#   SYSCONFDIR=/etc        the folder of the service's configurations, SYSCONFDIR/epochfs
#   DESTDIR=               put before every path: for making packages
set -eu

PREFIX=${PREFIX:-/usr/local}
HELPERDIR=${HELPERDIR-/usr/sbin}
SYSCONFDIR=${SYSCONFDIR:-/etc}
DESTDIR=${DESTDIR:-}
action=install

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

for word in "$@"; do
  case $word in
    --uninstall) action=uninstall ;;
    PREFIX=* | HELPERDIR=* | SYSCONFDIR=* | DESTDIR=*)
      value=${word#*=}
      case $word in
        PREFIX=*) PREFIX=$value ;;
        HELPERDIR=*) HELPERDIR=$value ;;
        SYSCONFDIR=*) SYSCONFDIR=$value ;;
        DESTDIR=*) DESTDIR=$value ;;
      esac
      ;;
    *) fail "unknown argument '$word'; the first lines of the script say what there is" ;;
  esac
done
for path in "$PREFIX" "${HELPERDIR:-/}" "$SYSCONFDIR" "${DESTDIR:-/}"; do
  case $path in
    # They are written into the unit and the helper, where such characters mean something else.
    *[!A-Za-z0-9/._+-]*) fail "'$path' has characters that do not fit into a unit file" ;;
    /*) ;;
    *) fail "'$path' is not an absolute path" ;;
  esac
done
if [ "$PREFIX" = / ]; then fail "PREFIX=/ would put files into /bin and /lib; PREFIX=/usr is what distributions take"; fi

documents=$PREFIX/share/doc/epochfs

# Each file: its mode, where it is here, where it goes.
each_file() {
  "$1" 755 epochfs "$PREFIX/bin/epochfs"
  if [ -n "$HELPERDIR" ]; then "$1" 755 mount.epochfs "$HELPERDIR/mount.epochfs"; fi
  "$1" 644 systemd/epochfs@.service "$PREFIX/lib/systemd/system/epochfs@.service"
  "$1" 644 man/epochfs.1 "$PREFIX/share/man/man1/epochfs.1"
  if [ -n "$HELPERDIR" ]; then "$1" 644 man/mount.epochfs.8 "$PREFIX/share/man/man8/mount.epochfs.8"; fi
  "$1" 644 completions/epochfs "$PREFIX/share/bash-completion/completions/epochfs"
  "$1" 644 completions/_epochfs "$PREFIX/share/zsh/site-functions/_epochfs"
  "$1" 644 completions/epochfs.fish "$PREFIX/share/fish/vendor_completions.d/epochfs.fish"
}

# Beside the name first, then moved over it: a program that runs is not written into.
put() {
  target=$DESTDIR$3
  mkdir -p "$(dirname "$target")"
  case $2 in
    # The two that name the program and what lies beside it.
    mount.epochfs | systemd/*) sed -e "s|/usr/bin/epochfs|$PREFIX/bin/epochfs|" -e "s|/usr/share/doc|$PREFIX/share/doc|" -e "s|/etc/epochfs|$SYSCONFDIR/epochfs|" "$here/$2" >"$target.new" ;;
    *) cp "$here/$2" "$target.new" ;;
  esac
  chmod "$1" "$target.new"
  mv -f "$target.new" "$target"
  echo "$target"
}

take() {
  rm -f "$DESTDIR$3"
  echo "removed $DESTDIR$3"
}

# The folders that nothing else may be using, when they are empty.
remove_empty() { for folder in "$@"; do rmdir "$DESTDIR$folder" 2>/dev/null || true; done; }

reload_systemd() {
  if [ -z "$DESTDIR" ] && [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then systemctl daemon-reload; fi
}

if [ $action = uninstall ]; then
  each_file take
  rm -rf "$DESTDIR$documents"
  echo "removed $DESTDIR$documents"
  if [ "$PREFIX" != /usr ] && [ "$PREFIX" != /usr/local ]; then
    share=$PREFIX/share
    remove_empty "$share/man/man1" "$share/man/man8" "$share/man" "$share/bash-completion/completions" "$share/bash-completion" "$share/zsh/site-functions" \
      "$share/zsh" "$share/fish/vendor_completions.d" "$share/fish" "$share/doc" "$share" "$PREFIX/lib/systemd/system" "$PREFIX/lib/systemd" "$PREFIX/lib" \
      "$PREFIX/bin" "$PREFIX"
  fi
  remove_empty "$SYSCONFDIR/epochfs"
  reload_systemd
  if [ -d "$DESTDIR$SYSCONFDIR/epochfs" ]; then echo "$DESTDIR$SYSCONFDIR/epochfs has your configurations and was left"; fi
  exit 0
fi

here=$(cd "$(dirname "$0")" && pwd)
if [ ! -x "$here/epochfs" ]; then fail "$here has no program; in a checkout this script is run by 'make install'"; fi
each_file put
# Whole folders: what an older version had and this one has not must not stay.
rm -rf "$DESTDIR$documents"
mkdir -p "$DESTDIR$documents/examples" "$DESTDIR$SYSCONFDIR/epochfs"
cp -r "$here/docs" "$here/README.md" "$here/CHANGELOG.md" "$here/LICENSE" "$DESTDIR$documents"
cp "$here"/mount-configs/*.yaml "$here"/examples/*.* "$DESTDIR$documents/examples"
chmod -R u=rwX,go=rX "$DESTDIR$documents"
echo "$DESTDIR$documents"
reload_systemd
