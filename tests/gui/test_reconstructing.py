"""Running models from the window: results, cancel, provider, failures, closing meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow
from app.ui.session import Stage
from tests.gui.conftest import Hand
from tests.support.tiny_models import add_model, slow_model, write_tiny_zoo


def test_results_come_with_model_seed_number_and_provider(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    panel = hand.window.inspector.reconstruct
    panel.hypotheses.setValue(3)
    panel.seed.setValue(11)
    hand.run("tiny_rgb", "tiny_gan")
    made = hand.photo.hypotheses
    assert [each.outcome.card.name for each in made] == ["tiny_rgb"] + ["tiny_gan"] * 3
    assert {each.outcome.request.seed for each in made} == {11}
    assert "CPU" in panel.used.text()
    assert hand.window.status.device.text() == "CPU"
    assert hand.window.stack.currentWidget() is hand.window.compare
    rows = hand.window.inspector.results.rows
    assert len(rows) == 4
    assert hand.photo.stage is Stage.READY


def test_a_model_with_one_answer_says_so_before_and_after(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    panel = hand.window.inspector.reconstruct
    panel.hypotheses.setValue(3)
    hand.tick("tiny_rgb")
    assert "one hypothesis" in panel._single.text()
    hand.run("tiny_rgb")
    assert len(hand.photo.hypotheses) == 1
    assert "one answer only" in panel.used.text()


def test_the_map_source_is_recorded(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    hand.run("tiny_rgb")
    hand.trigger("view_map")
    hand.drag((100, 150), (120, 160))
    hand.drag((20, 20))
    hand.run("tiny_rgb")
    sources = [each.outcome.result.map_source for each in hand.photo.hypotheses]
    assert sources == ["automatic", "hand"]


def test_nothing_to_run_is_explained(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    hand.tick()
    assert not hand.window.actions_["run"].isEnabled()
    assert "Tick" in hand.window.inspector.run_bar.why.text()
    hand.tick("tiny_rgb")
    hand.trigger("clear")
    hand.settle()
    assert not hand.window.actions_["run"].isEnabled()
    assert "empty" in hand.window.inspector.run_bar.why.text()


@pytest.fixture
def slow(make: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path) -> Hand:
    """A window whose model tiny_slow takes minutes."""
    folder = write_tiny_zoo(tmp_path / "slow_zoo")
    add_model(folder, "tiny_slow", "reconstruct", slow_model(), default=False)
    return Hand(make(folder), qtbot)


def test_cancel_stops_a_long_run_and_keeps_what_is_finished(slow: Hand, photo_file: Path) -> None:
    slow.open(photo_file)
    slow.tick("tiny_rgb", "tiny_slow")
    slow.trigger("run")
    slow.wait(lambda: len(slow.photo.hypotheses) == 1)
    bar = slow.window.inspector.run_bar
    slow.wait(bar.cancel.isVisible)
    QTest.mouseClick(bar.cancel, Qt.MouseButton.LeftButton)
    slow.wait(lambda: not slow.window.controller.runs.running)
    assert slow.photo.stage is Stage.READY
    assert len(slow.photo.hypotheses) == 1
    assert not slow.window.messages.isVisible()
    assert not bar.rows


def test_closing_while_running_joins_the_workers(slow: Hand, photo_file: Path) -> None:
    slow.open(photo_file)
    slow.tick("tiny_slow")
    slow.trigger("run")
    slow.wait(lambda: any(job.state == "running" for job in slow.window.controller.jobs.jobs))
    slow.window.close()
    slow.answer_closing(stop=True)
    slow.wait(lambda: not slow.window.isVisible())
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("revisage")]


def test_a_model_file_that_was_exchanged_is_refused_by_name(
    make: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path, photo_file: Path
) -> None:
    folder = write_tiny_zoo(tmp_path / "zoo")
    model = folder / "tiny_rgb" / "model.onnx"
    model.write_bytes(bytes(len(model.read_bytes())))
    hand = Hand(make(folder), qtbot)
    hand.open(photo_file)
    hand.run("tiny_rgb", "tiny_gan")
    assert "SHA-256" in hand.window.messages.text.text()
    assert {each.outcome.card.name for each in hand.photo.hypotheses} == {"tiny_gan"}


def test_a_broken_card_does_not_stand_in_the_way(
    make: Callable[[Path], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    folder = write_tiny_zoo(tmp_path / "zoo")
    card = folder / "tiny_rgb" / "card.toml"
    card.write_text(card.read_text(encoding="utf-8").replace("version", "vision"), encoding="utf-8")
    hand = Hand(make(folder), qtbot)
    names = [row.card.name for row in hand.window.inspector.reconstruct.models.rows]
    assert names == ["tiny_sketch", "tiny_gan"]
    assert "tiny_rgb" in hand.window.messages.text.text()


def test_an_unexpected_error_shows_its_details_on_demand(
    hand: Hand, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.open(photo_file)

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(hand.window.controller.bench, "reconstruct", fail)
    with pytest.MonkeyPatch.context() as quiet:
        quiet.setattr("app.ui.jobs.LOG.exception", lambda *_: None)
        hand.run("tiny_rgb")
    bar = hand.window.messages
    assert bar.isVisible()
    assert "ZeroDivisionError" in bar.text.text()
    assert not bar._details.isVisible()
    bar._details_button.click()
    assert "by nothing" in bar._details.toPlainText()
    assert hand.photo.stage is Stage.READY
