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

say "ruff"; ruff check .
say "import contracts"; lint-imports --no-logo --no-cache
# On the other core while the tests begin.
types=$(mktemp); mypy >"$types" 2>&1 & checking=$!
say "pytest"; passed=0; pytest "$@" || passed=$?
say "mypy"; wait "$checking" || passed=1
cat "$types"; rm "$types"
exit "$passed"
