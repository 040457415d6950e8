"""A process that saves into a case as fast as it can until it is killed.

Run as a program it imports everything once and then forks a writer for each line on its standard
input, so that hundreds of writers can be killed in a minute. A line is a case file and a seed. Answers:
``pid N`` for a new writer, ``ack N`` after each change that is saved (N log entries then), ``gone`` when
the writer has ended.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import numpy as np

from app.case.case_file import CaseFile
from app.case.storage import Storage
from app.imaging.map import BinaryMap


def write_until_killed(path: Path, seed: int) -> None:
    """Open, change and close a case, over and over; every way in which a case is saved comes up."""
    rng = random.Random(seed)
    # Half the writers behave as on a network drive.
    storage: Storage = "local" if seed % 2 else "network"
    while True:
        with CaseFile.open(path, must_write=True, storage=storage) as case:
            for _ in range(rng.randrange(1, 12)):
                _change(case, rng)
                say(f"ack {case.head()[0]}")
            if rng.random() < 0.1:
                case.save_as(path.with_name("copy.rvcase"), force=True)


def _change(case: CaseFile, rng: random.Random) -> None:
    kind = rng.random()
    newest = case.maps.of_photo(1)
    if newest is None or kind < 0.05:
        pixels = np.zeros((48, 64), np.bool_)
        pixels[10 : rng.randrange(11, 48), 5:60] = True
        case.maps.add(1, pixels, source="automatic")
    elif kind < 0.5:
        raster = BinaryMap(64, 48)
        point = np.array([[rng.randrange(64), rng.randrange(48)]], np.float64)
        edit = raster.paint_stroke(point, radius=rng.randrange(1, 20), value=True)
        assert edit is not None
        case.maps.add_edit(newest.id, edit, tool="brush")
    else:
        # From one page to many, so that a kill lands in the middle of some.
        case.notes.add("x" * rng.choice((10, 1000, 90_000)), photo=1)


def say(text: str) -> None:
    """One line, at once."""
    os.write(1, f"{text}\n".encode())


def main() -> None:
    """Fork a writer for each line."""
    for line in sys.stdin:
        path, seed = line.rstrip("\n").rsplit(" ", 1)
        pid = os.fork()
        if pid == 0:
            try:
                write_until_killed(Path(path), int(seed))
            except BaseException as error:
                say(f"failed {type(error).__name__} {' '.join(str(error).split())}")
            finally:
                os._exit(1)
        say(f"pid {pid}")
        os.waitpid(pid, 0)
        say("gone")


if __name__ == "__main__":
    main()
