# Unpacks consecutive releases of real games, from public packages, as DEST/<name>/{old,new}.
# Usage: corpora.sh DEST NAME...
set -euo pipefail
dest=$1; shift
mkdir -p "$dest"; dest=$(cd "$dest" && pwd)
private=$dest/.apt

# The machine's own package sources stay as they are: newer suites are read through private lists.
apt_private() {
  apt-get -q -o Dir::Etc::sourcelist="$private/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::Lists="$private/lists" -o Dir::Cache="$private/cache" -o APT::Sandbox::User=root "$@"
}
prepare_apt() {
  [ -e "$private/ready" ] && return
  mkdir -p "$private/lists/partial" "$private/cache/archives/partial"
  base=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
  for suite in trixie forky sid; do
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $base $suite main"
  done >"$private/sources.list"
  apt_private update >/dev/null
  touch "$private/ready"
}
debian() { # package=version, folder in the package, place
  [ -e "$3.done" ] && return
  prepare_apt
  rm -rf "$3" "$private/package"; mkdir -p "$3" "$private/package"
  (cd "$private/package" && apt_private download "$1" >/dev/null)
  levels=$(($(tr -cd / <<<"$2" | wc -c) + 2))
  dpkg-deb --fsys-tarfile "$private"/package/*.deb | tar -x -C "$3" --strip-components="$levels" --no-same-owner "./$2"
  finish "$3"
}
python() { # name==version, place
  [ -e "$2.done" ] && return
  rm -rf "$2" "$private/package"; mkdir -p "$2" "$private/package"
  python3 -m pip download -q --no-deps --only-binary=:all: --python-version 3.11 \
    --platform manylinux_2_28_x86_64 -d "$private/package" "$1"
  python3 -m zipfile -e "$private"/package/*.whl "$2"
  finish "$2"
}
finish() { # Debian links fonts of other packages; a build has no links.
  find "$1" -type l -delete
  rm -rf "$private/package"
  touch "$1.done"
}
for name in "$@"; do
  mkdir -p "$private" "$dest/$name"
  case $name in
    wesnoth)
      debian wesnoth-1.18-data=1:1.18.5-1 usr/share/games/wesnoth/1.18 "$dest/wesnoth/old"
      debian wesnoth-1.18-data=1:1.18.8-1 usr/share/games/wesnoth/1.18 "$dest/wesnoth/new" ;;
    stk)
      debian supertuxkart-data=1.4+dfsg-5 usr/share/games/supertuxkart/data "$dest/stk/old"
      debian supertuxkart-data=1.5-2 usr/share/games/supertuxkart/data "$dest/stk/new" ;;
    bpy)
      python bpy==4.5.14 "$dest/bpy/old"
      python bpy==4.5.15 "$dest/bpy/new" ;;
    zeroad-zip)
      debian 0ad-data=0.27.0-1 usr/share/games/0ad "$dest/zeroad-zip/old"
      debian 0ad-data=0.28.0-1 usr/share/games/0ad "$dest/zeroad-zip/new" ;;
    *) echo "no such corpus: $name (wesnoth, stk, bpy, zeroad-zip)" >&2; exit 2 ;;
  esac
done
