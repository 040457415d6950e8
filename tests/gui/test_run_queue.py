"""The queue of reconstructions: order, cancel per run, failures, the cache, several photos."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow
from app.ui.run_bar import QueueRow
from app.ui.run_batch import RunRequest
from app.ui.run_cache import RunCache
from app.ui.session import Hypothesis, Stage
from tests.gui.conftest import Hand, write_photo
from tests.support.tiny_models import (
    DrawnFace,
    add_model,
    draw_photo,
    failing_model,
    reconstruct_model,
    slow_model,
    write_tiny_zoo,
)


@pytest.fixture
def slow(make: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path) -> Hand:
    """A window whose model tiny_slow takes minutes."""
    folder = write_tiny_zoo(tmp_path / "slow_zoo")
    add_model(folder, "tiny_slow", "reconstruct", slow_model(), default=False)
    return Hand(make(folder), qtbot)


def rows(hand: Hand) -> list[QueueRow]:
    return hand.window.inspector.run_bar.rows


def names(hand: Hand) -> list[str]:
    return [each.outcome.card.name for each in hand.photo.hypotheses]


def begun(hand: Hand) -> bool:
    return any(row.item.state == "running" for row in rows(hand))


def test_closing_asks_before_it_stops_a_run(slow: Hand, photo_file: Path) -> None:
    slow.open(photo_file)
    slow.tick("tiny_slow")
    slow.trigger("run")
    slow.wait(lambda: begun(slow))
    slow.window.close()
    slow.answer_closing(stop=False)
    assert slow.window.isVisible()
    assert begun(slow)
    slow.window.close()
    slow.answer_closing(stop=True)
    slow.wait(lambda: not slow.window.isVisible())


def test_the_queue_shows_every_run_and_takes_more_while_it_works(
    slow: Hand, photo_file: Path
) -> None:
    slow.open(photo_file)
    bar = slow.window.inspector.run_bar
    assert bar.button.text() == "Reconstruct"
    slow.window.inspector.reconstruct.hypotheses.setValue(3)
    slow.tick("tiny_slow", "tiny_gan")
    slow.trigger("run")
    slow.wait(lambda: begun(slow))
    assert [row.item.card.name for row in rows(slow)] == ["tiny_slow", "tiny_gan"]
    assert rows(slow)[0].item.state == "running"
    assert rows(slow)[0].bar.isVisible()
    assert "1 hypothesis" in rows(slow)[0].status.full_text()
    assert "waiting · 3 hypotheses · seed 0" in rows(slow)[1].status.full_text()
    assert bar.button.text() == "Add to the queue"
    assert "not known" in bar.message.full_text()
    slow.tick("tiny_rgb")
    slow.trigger("run")
    slow.wait(lambda: len(rows(slow)) == 3)
    # The one in front is cancelled by itself, and the others go on.
    QTest.mouseClick(rows(slow)[0].stop, Qt.MouseButton.LeftButton)
    slow.wait(lambda: not slow.window.controller.runs.running)
    assert names(slow) == ["tiny_gan"] * 3 + ["tiny_rgb"]
    assert not rows(slow)
    assert slow.photo.stage is Stage.READY


def test_a_run_that_waits_is_cancelled_alone(slow: Hand, photo_file: Path) -> None:
    slow.open(photo_file)
    slow.tick("tiny_slow", "tiny_rgb", "tiny_gan")
    slow.trigger("run")
    slow.wait(lambda: begun(slow))
    by_name = {row.item.card.name: row for row in rows(slow)}
    # The quick one before the slow one may have ended by now.
    first = next(name for name, row in by_name.items() if row.item.state == "waiting")
    by_name[first].stop.click()
    slow.wait(lambda: first not in [row.item.card.name for row in rows(slow)])
    by_name["tiny_slow"].stop.click()
    slow.wait(lambda: not slow.window.controller.runs.running)
    assert first not in names(slow)


def test_other_photos_open_while_the_queue_works(
    slow: Hand, photo_file: Path, tmp_path: Path
) -> None:
    other = write_photo(
        tmp_path / "other.png", draw_photo(200, 160, [DrawnFace((40, 20, 150, 140))])
    )
    first = slow.open(photo_file)
    slow.tick("tiny_slow")
    slow.trigger("run")
    slow.wait(lambda: begun(slow))
    second = slow.open(other)
    assert second is not first
    assert second.stage is Stage.READY
    assert first.stage is Stage.RECONSTRUCTING
    slow.tick("tiny_rgb")
    slow.trigger("run")
    slow.wait(lambda: len(rows(slow)) == 2)
    assert "other.png" in rows(slow)[1].status.full_text()
    # Closing a photo takes its runs out of the queue, and only its own.
    slow.window.controller.close_photo(first)
    slow.wait(lambda: len(second.hypotheses) == 1)
    slow.wait(lambda: not slow.window.controller.jobs.jobs)
    assert not rows(slow)


def test_unchanged_inputs_come_from_the_cache(
    hand: Hand, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.open(photo_file)
    hand.window.inspector.reconstruct.hypotheses.setValue(3)
    hand.run("tiny_gan")
    made = hand.photo.hypotheses
    runs: list[str] = []
    bench = hand.window.controller.bench
    real = bench.reconstruct

    def counted(*args: Any, **kwargs: Any) -> Any:
        runs.append(kwargs["model"])
        return real(*args, **kwargs)

    monkeypatch.setattr(bench, "reconstruct", counted)
    hand.photo.choose(made[1], False)
    hand.run("tiny_gan")
    assert hand.photo.hypotheses == made  # nothing twice, and all of it shown again
    assert all(each.chosen for each in made)
    assert "cache" in hand.window.messages.text.text()
    hand.photo.remove_hypotheses(made[:2])
    hand.run("tiny_gan")
    assert sorted(each.number for each in hand.photo.hypotheses) == [1, 2, 3]
    assert {each.outcome for each in hand.photo.hypotheses} == {made[0].outcome}
    assert runs == []
    # Another map is another input, and undoing it brings the old result back.
    hand.trigger("grow")
    hand.settle()
    hand.run("tiny_gan")
    assert runs == ["tiny_gan"]
    hand.trigger("undo")
    hand.settle()
    hand.run("tiny_gan")
    assert runs == ["tiny_gan"]
    hand.window.inspector.reconstruct.seed.setValue(5)
    hand.run("tiny_gan")
    assert runs == ["tiny_gan", "tiny_gan"]


def test_what_is_cached_does_not_wait_for_the_queue(slow: Hand, photo_file: Path) -> None:
    slow.open(photo_file)
    slow.run("tiny_rgb")
    slow.photo.remove_hypotheses(slow.photo.hypotheses)
    slow.tick("tiny_slow")
    slow.trigger("run")
    slow.wait(lambda: begun(slow))
    slow.tick("tiny_rgb")
    slow.trigger("run")
    slow.wait(lambda: names(slow) == ["tiny_rgb"])
    assert begun(slow)
    slow.window.controller.runs.cancel()


def made_hypothesis(hand: Hand, seed: int) -> tuple[Hypothesis, ...]:
    hand.window.inspector.reconstruct.seed.setValue(seed)
    hand.run("tiny_gan")
    key = hand.photo.hypotheses[-1].outcome.request.key
    return tuple(each for each in hand.photo.hypotheses if each.outcome.request.key == key)


def test_the_cache_keeps_the_newest_within_its_limit(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    first, second, third = (made_hypothesis(hand, seed) for seed in (1, 2, 3))
    assert hand.photo.photo is not None
    photo = hand.photo.photo.pixels.nbytes
    cache = RunCache(photo + first[0].outcome.nbytes + second[0].outcome.nbytes)
    cache.put(first)
    cache.put(second)
    assert cache.get(first[0].outcome.request.key) == first  # used last now
    cache.put(third)
    assert len(cache) == 2
    assert cache.get(second[0].outcome.request.key) is None
    small = RunCache(1)
    small.put(first)
    assert len(small) == 1
    small.forget_photo(first[0].outcome.request.photo_sha256)
    assert len(small) == 0


def test_a_model_that_fails_takes_neither_the_queue_nor_the_window_with_it(
    make: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path, photo_file: Path
) -> None:
    folder = write_tiny_zoo(tmp_path / "zoo")
    add_model(folder, "a_raises", "reconstruct", failing_model(), default=False)
    whole = reconstruct_model()
    add_model(folder, "b_truncated", "reconstruct", whole[: len(whole) // 2], default=False)
    add_model(folder, "c_shape", "reconstruct", reconstruct_model(16), default=False)
    hand = Hand(make(folder), qtbot)
    hand.open(photo_file)
    hand.run("a_raises", "b_truncated", "c_shape", "tiny_rgb", "tiny_gan")
    assert list(dict.fromkeys(names(hand))) == ["tiny_rgb", "tiny_gan"]
    failed = rows(hand)
    assert [row.item.card.name for row in failed] == ["a_raises", "b_truncated", "c_shape"]
    for row in failed:
        assert row.item.state == "failed"
        assert row.item.card.name in row.status.full_text()
    assert hand.photo.stage is Stage.READY
    assert hand.window.messages.isVisible()
    failed[0].stop.click()
    assert len(rows(hand)) == 2
    hand.window.inspector.reconstruct.seed.setValue(9)
    hand.run("tiny_rgb")  # the next run clears what failed before
    assert not rows(hand)
    assert names(hand).count("tiny_rgb") == 2


def test_eight_hypotheses_of_three_models(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    hand.window.inspector.reconstruct.hypotheses.setValue(8)
    hand.run("tiny_rgb", "tiny_sketch", "tiny_gan")
    assert len(hand.photo.hypotheses) == 1 + 1 + 8
    assert hand.window.inspector.results.aside.text() == "10 of 10 shown"


def test_a_model_that_is_gone_is_named(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    hand.window.controller.runs.start(hand.photo, RunRequest(("nowhere", "tiny_rgb"), 1, 0))
    hand.wait(lambda: not hand.window.controller.runs.running)
    assert "nowhere" in hand.window.messages.text.text()
    assert names(hand) == ["tiny_rgb"]
