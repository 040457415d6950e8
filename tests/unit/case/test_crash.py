"""Nothing that was acknowledged is lost, whenever the writer is killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.case.case_file import CaseFile
from app.case.lock import lock_path
from app.case.verify import verify
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked writers")

KILLS = 200
FRESH_EVERY = 20
"""Kills that one file has to bear before the next file takes its place."""


class Writers:
    """The forking process of :mod:`tests.support.case_writer`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.case_writer"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def _line(self) -> list[str]:
        assert self._process.stdout is not None
        return self._process.stdout.readline().split(" ", 1)

    def kill_one(self, path: Path, seed: int, *, acks: int, after_s: float) -> int:
        """Kill a writer some time after it has acknowledged so many changes.

        Returns:
            How many log entries it has acknowledged at the end; 0 for none.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path} {seed}\n")
        lines: list[list[str]] = [self._line()]
        while lines[-1][0] != "pid":  # a quick writer may be heard first
            lines.append(self._line())
        pid = int(lines.pop()[1])
        timer = threading.Timer(after_s, lambda: os.kill(pid, signal.SIGKILL))
        while len(lines) < acks:
            lines.append(self._line())
        timer.start()
        while lines[-1:] != [["gone\n"]]:
            lines.append(self._line())
        timer.join()
        assert all(line[0] == "ack" for line in lines[:-1]), lines
        return int(lines[-2][1]) if len(lines) > 1 else 0

    def end(self) -> None:
        """Let the process end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@pytest.mark.timeout(600)
def test_killed_while_saving(filled_file: Path, tmp_path: Path) -> None:
    rng = random.Random(2026)
    writers = Writers()
    acknowledged_kills = opened = recovered = last = 0
    path = tmp_path / "none.rvcase"
    try:
        for number in range(KILLS):
            if number % FRESH_EVERY == 0:
                folder = tmp_path / str(number)
                folder.mkdir()
                path = Path(shutil.copy(filled_file, folder / "case.rvcase"))
                last = 0
            # From before the file is open to several openings later.
            acks = rng.choice((0, 1, 2, 5, 9))
            acknowledged = writers.kill_one(path, number, acks=acks, after_s=rng.random() * 0.03)
            acknowledged_kills += acknowledged > 0
            last = max(last, acknowledged)
            if number % 4 == 1:
                # As it lies there, before anybody has put it in order.
                found = verify(path)
                assert found.problems == ()
                assert found.entries >= last
            elif number % 4 == 3:
                with CaseFile.open(path, must_write=True) as case:
                    assert case.head()[0] >= last
                    opened += 1
                    recovered += case.recovered is not None
            # After the other kills the next writer finds the file as the last one left it.
            if number % FRESH_EVERY == FRESH_EVERY - 1:
                assert verify(path).problems == ()
                assert not lock_path(path).exists()
                copy = path.with_name("copy.rvcase")
                if copy.exists():
                    assert verify(copy).problems == ()
    finally:
        writers.end()
    # The test is worth nothing when the kills miss the saving.
    assert acknowledged_kills > KILLS // 2
    assert recovered > opened // 2


def test_a_crash_is_told_and_logged(filled: Path) -> None:
    writers = Writers()
    try:
        writers.kill_one(filled, 1, acks=1, after_s=0)
    finally:
        writers.end()
    if not lock_path(filled).exists():
        pytest.skip("the writer had just closed the case")
    with CaseFile.open(filled) as case:
        assert case.recovered is not None
        assert case.recovered.login
        assert case.log()[-1].action == "case.recovered"
    with CaseFile.open(filled) as case:
        assert case.recovered is None
