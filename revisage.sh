#!/usr/bin/env bash
# Installs Revisage into .venv and opens its window, on the sample case unless photos are given:
#     ./revisage.sh [PHOTO...]
# Without a screen it does the same work headless and says where the pictures are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=packaging/install.sh
source packaging/install.sh

OUT="$PWD/revisage-sample"

has_screen() {
  [ "$(uname)" = Darwin ] && return 0
  [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || return 1
  # A stale DISPLAY aborts Qt, so ask Qt itself, in a process of its own.
  { .venv/bin/python -c 'from PySide6.QtGui import QGuiApplication; QGuiApplication([])'; } 2>/dev/null
}

install_system_packages
install_project

if [ $# -eq 0 ]; then
  mkdir -p "$OUT"
  set -- "$(.venv/bin/python -m app.sample "$OUT")"
fi
if has_screen; then
  exec .venv/bin/revisage "$@"
fi

say "No screen here: doing the same headless."
mkdir -p "$OUT"
.venv/bin/revisage reconstruct "$@" --model rgb,sketch,gan --hypotheses 3 --out "$OUT" --force
.venv/bin/revisage map "$@" --out "$OUT" --force
QT_QPA_PLATFORM=offscreen .venv/bin/python scripts/screenshots.py "$@" --out "$OUT"
say ""
say "The pictures are in $OUT:"
ls -1 "$OUT"
