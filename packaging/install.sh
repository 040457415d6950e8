# What revisage.sh and test.sh share: system packages, .venv, installation. Sourced, not run.
# Everything stays inside the checkout except Debian packages, which are named before they are taken.

# Qt loads the libraries at run time, window and reports need the fonts; a desktop has most of them, a bare Debian none.
SYSTEM_PACKAGES=(
  libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libx11-xcb1 libxcb-cursor0 libxcb-icccm4
  libxcb-keysyms1 libxcb-randr0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1
  libxkbcommon-x11-0
  fonts-inter fonts-noto-core fonts-noto-mono fonts-droid-fallback
)

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

is_installed() {
  # Newer releases call some libraries NAMEt64; asked for an unknown name as well, dpkg-query "fails".
  { dpkg-query -W -f='${db:Status-Status}\n' "$1" "$1t64" 2>/dev/null || true; } | grep -qx installed
}

# Prints the first Python that can make a virtual environment.
find_python() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
    then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

install_system_packages() {
  local missing=() package
  command -v dpkg-query >/dev/null || return 0 # not a Debian: the user's own package manager knows
  for package in "${SYSTEM_PACKAGES[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  find_python >/dev/null || missing+=(python3 python3-venv)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    say "These system packages are missing. Install them, then run this command again:"
    fail "    sudo apt-get install --no-install-recommends ${missing[*]}"
  fi
  say "Installing system packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update >/dev/null
  apt-get -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends "${missing[@]}" >/dev/null
}

# What PyInstaller needs of the system: tests build the installer. Debian keeps Python's library, which
# goes into it, in a package of its own; other Pythons bring theirs.
install_build_packages() {
  local python
  SYSTEM_PACKAGES+=(binutils)
  # Only root's tests install the .deb, and ask the desktop's own programs about it. Where they are
  # missing, tests are skipped, as those are in which ExifTool reads what was exported.
  if [ "$(id -u)" = 0 ]; then
    SYSTEM_PACKAGES+=(appstream desktop-file-utils shared-mime-info libimage-exiftool-perl)
    # A camera for the tests: GStreamer's RTSP server. Where it is missing, they are skipped.
    SYSTEM_PACKAGES+=(gir1.2-gst-rtsp-server-1.0 python3-gi)
  fi
  python="$(find_python)" && python="$(readlink -f "$python")"
  case "$python" in
    /usr/bin/python3.*) SYSTEM_PACKAGES+=("lib${python##*/}") ;;
  esac
  install_system_packages
}

# install_project [EXTRA]: the project and the versions it was tested with, into .venv.
# A second call with nothing changed does nothing.
install_project() {
  local target=".${1:+[$1]}" python stamp state
  stamp=".venv/installed${1:+-$1}"
  state="$(cat pyproject.toml packaging/constraints.txt | cksum) $PWD"
  if .venv/bin/python -c '' 2>/dev/null && [ "$(cat "$stamp" 2>/dev/null)" = "$state" ]; then
    return 0
  fi
  python="$(find_python)" || fail "Revisage needs Python 3.11 or newer with venv. Install it, then run this command again."
  say "Installing Revisage into $PWD/.venv (about 1 GB; some minutes the first time)"
  .venv/bin/python -c '' 2>/dev/null || "$python" -m venv --clear .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile \
    --constraint packaging/constraints.txt --editable "$target" >&2
  # pip would compile on one processor. Some packages bring files of other Pythons, which do not compile.
  .venv/bin/python -m compileall -qq -j 0 .venv/lib || true
  printf '%s\n' "$state" > "$stamp"
}
