"""The pipeline of threads: bounded, complete, and quick to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest

from app.batch.local import Crew, LocalCrew, crew
from app.batch.order import Done, Failed, Order, Task
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.workbench import Workbench
from tests.support.tiny_models import (
    DrawnFace,
    add_model,
    draw_photo,
    slow_model,
    write_tiny_zoo,
)

SMALL = Crew(readers=1, workers=2, writers=1, threads=1)


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench([write_tiny_zoo(tmp_path / "zoo")], device="cpu")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    cv2.imwrite(str(path), draw_photo(96, 96, [DrawnFace((20, 20, 70, 70))])[:, :, ::-1])
    return path


def tasks(photo: Path, out: Path, count: int) -> Iterator[Task]:
    for number in range(count):
        yield Task(id=number, source=photo, folder=out, stem=f"{number}")


def test_every_photo_once(bench: Workbench, photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    work = LocalCrew(bench, Order(models=("tiny_rgb",)), SMALL)
    results = list(work.work(tasks(photo, out, 25), CancelToken()))
    assert sorted(result.id for result in results) == list(range(25))
    assert all(isinstance(result, Done) for result in results)
    assert len(list(out.glob("*.png"))) == len(list(out.glob("*.json"))) == 25
    assert len({path.read_bytes() for path in out.glob("*.png")}) == 1


def test_tasks_are_drawn_only_when_there_is_room(
    bench: Workbench, photo: Path, tmp_path: Path
) -> None:
    drawn = ended = most = 0

    def counted() -> Iterator[Task]:
        nonlocal drawn, most
        for task in tasks(photo, tmp_path / "out", 40):
            drawn += 1
            most = max(most, drawn - ended)
            yield task

    for _ in LocalCrew(bench, Order(models=("tiny_rgb",)), SMALL).work(counted(), CancelToken()):
        ended += 1
    assert (drawn, ended) == (40, 40)
    assert most <= SMALL.photos + 1


def test_a_failing_photo_does_not_stop_the_rest(
    bench: Workbench, photo: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no photo")
    given = [
        Task(id=1, source=bad, folder=tmp_path / "out", stem="bad"),
        Task(id=2, source=photo, folder=tmp_path / "out", stem="good"),
        Task(id=3, source=tmp_path / "gone.png", folder=tmp_path / "out", stem="gone"),
    ]
    work = LocalCrew(bench, Order(models=("tiny_rgb",)), SMALL)
    results = {result.id: result for result in work.work(iter(given), CancelToken())}
    assert isinstance(results[2], Done)
    for number, path in ((1, bad), (3, tmp_path / "gone.png")):
        failed = results[number]
        assert isinstance(failed, Failed)
        assert str(path) in failed.error


def test_cancel_reaches_into_a_run(
    bench: Workbench, photo: Path, tmp_path: Path
) -> None:
    add_model(tmp_path / "zoo", "slow", "reconstruct", slow_model())
    bench.refresh_models()
    token = CancelToken()
    timer = threading.Timer(0.5, token.cancel)
    timer.start()
    out = tmp_path / "out"
    with pytest.raises(Cancelled):
        list(LocalCrew(bench, Order(models=("slow",)), SMALL).work(tasks(photo, out, 9), token))
    timer.join()
    assert not out.exists()
    time.sleep(0.1)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("batch-")]


def test_the_crew_fits_the_jobs() -> None:
    assert crew(1).workers == 1
    assert crew(4).workers == 4
    assert crew(64).threads == 1
    assert crew(None).workers >= 1
