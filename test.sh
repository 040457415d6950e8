#!/usr/bin/env bash
# Installs what the tests need into .venv, then runs every check and every test.
# Arguments go to pytest:  ./test.sh tests/unit -k map
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=packaging/install.sh
source packaging/install.sh

install_system_packages
install_build_packages
install_project dev
export PATH="$PWD/.venv/bin:$PATH"

# Runs beside other tests, on another core: the types, and the tests that are named, if any.
beside() {
  local failed=0
  mypy || failed=1
  [ $# -eq 0 ] || pytest "$@" || failed=1
  return "$failed"
}

# What goes on in the background is a process group of its own, so that all of it ends with this script.
said=$(mktemp); background=; passed=0
trap '[ -z "$background" ] || kill -- "-$background" 2>/dev/null || true; rm -f "$said"' EXIT
in_background() { set -m; beside "$@" >"$said" 2>&1 </dev/null & background=$!; set +m; }

say "ruff"; ruff check .
say "import contracts"; lint-imports --no-logo --no-cache
if [ $# -gt 0 ]; then
  in_background
  say "pytest"; pytest "$@" || passed=$?
else
  # What measures how long the window is held up has the machine to itself.
  alone=tests/gui/test_responsiveness.py
  live=tests/gui/test_live.py::test_watching_never_stops_the_window
  say "pytest: the window's promptness"; pytest "$alone" "$live" || passed=$?
  in_background tests/training tests/unit/[a-h]*
  say "pytest: window, command line and more"; pytest tests/gui tests/e2e tests/unit/[i-z]* --ignore="$alone" --deselect="$live" || passed=$?
fi
say "mypy, and what was tested beside"; wait "$background" || passed=1
background=
cat "$said"
exit "$passed"
