"""What the tests of batches share: what lies in folders, and a batch as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

RESULTS, FAILURES = "revisage-batch.jsonl", "revisage-batch.failures.jsonl"
"""The lists that a batch writes."""


def files(folder: Path) -> dict[str, bytes]:
    """Every result, the journal and its reports aside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("revisage-batch.")
    }


def times(folder: Path) -> dict[str, int]:
    """When each result was written."""
    return {name: (folder / name).stat().st_mtime_ns for name in files(folder)}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def start(
    tree: Path, out: Path, zoo: Path, *options: str, rights: bool = True, most_bytes: int = 0
) -> subprocess.Popen[str]:
    """The command as a process of its own, with the tiny zoo, perhaps without root's right to read
    everything, and with a largest size of its files."""
    arguments = ["batch", str(tree), "--out", str(out), "--jobs", "2", *options]
    code = (
        "import app.workbench, sys; from pathlib import Path; from app.cli.main import main;"
        f"app.workbench.default_zoo_folders = lambda: (Path({str(zoo)!r}),);"
        f"sys.exit(main({arguments!r}))"
    )
    if most_bytes:  # Python ignores the signal, so that writing fails
        limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes},) * 2);"
        code = limit + code
    command = [sys.executable, "-c", code]
    if not rights and os.geteuid() == 0:
        every = "-dac_override,-dac_read_search"
        command = ["setpriv", f"--inh-caps={every}", f"--bounding-set={every}", "--", *command]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def wait_for(out: Path, pattern: str, count: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while len(list(out.rglob(pattern))) < count:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.005)
