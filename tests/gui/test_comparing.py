"""The comparison with its one zoom, and what an export writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui import compare_grid
from app.ui.panes import Legend
from tests.gui.conftest import Hand, write_photo
from tests.support.tiny_models import draw_photo


@pytest.fixture
def done(hand: Hand, photo_file: Path) -> Hand:
    """A window with one RGB result and three of the GAN."""
    hand.open(photo_file)
    hand.window.inspector.reconstruct.hypotheses.setValue(3)
    hand.run("tiny_rgb", "tiny_gan")
    return hand


def test_every_picture_is_labelled(done: Hand) -> None:
    panes = done.window.compare.panes
    titles = [pane.side.title for pane in panes]
    assert titles == ["Photo", "Map", "Tiny tiny_rgb", *["Tiny tiny_gan"] * 3, "Uncertainty"]
    assert [pane.title.text() for pane in panes[:-1]] == titles[:-1]
    details = [pane.side.details for pane in panes[2:]]
    assert [pane.details.full_text() for pane in panes[2:-1]] == details[:-1]
    assert details[0] == "hypothesis 1 of 1 · seed 0"
    assert details[3] == "hypothesis 3 of 3 · seed 0"
    assert details[4] == "3 hypotheses of Tiny tiny_gan · seed 0"


def test_the_uncertainty_has_a_legend_and_can_be_left_out(done: Hand) -> None:
    pane = done.window.compare.panes[-1]
    assert pane.findChild(Legend) is not None
    done.trigger("show_spread")
    assert "Uncertainty" not in [each.side.title for each in done.window.compare.panes]
    done.trigger("show_spread")
    assert done.window.compare.panes[-1].side.title == "Uncertainty"


def test_one_zoom_and_one_pan_move_every_picture(done: Hand) -> None:
    panes = done.window.compare.panes
    first, last = panes[0].view, panes[-1].view
    done.wait(lambda: first.width() > 50)
    at = QPointF(first.width() / 3, first.height() / 3)
    under = first.to_photo(at)
    event = QWheelEvent(
        at,
        QPointF(first.mapToGlobal(at.toPoint())),
        QPoint(0, 0),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    before = first.camera.scale
    QApplication.sendEvent(first, event)
    assert first.camera.scale == pytest.approx(before * 1.25**2)
    assert last.to_photo(at).x() == pytest.approx(under.x(), abs=1)
    assert last.camera is first.camera
    centre = first.camera.centre
    first.camera.pan(30, 0)
    assert last.camera.centre != centre


def test_unticking_leaves_a_hypothesis_out(done: Hand) -> None:
    rows = done.window.inspector.results.rows
    rows[1].box.click()
    assert len(done.window.compare.panes) == 6
    rows[1].box.click()
    assert len(done.window.compare.panes) == 7
    done.photo.remove_hypotheses(done.photo.hypotheses[:1])
    assert len(done.window.compare.panes) == 6
    assert len(done.window.inspector.results.rows) == 3


def test_outside_the_map_the_comparison_shows_the_photo(done: Hand) -> None:
    compare = done.window.compare
    compare.camera.zoom_to(1.0)
    photo, composite = compare.panes[0].view, compare.panes[2].view
    original, changed = photo.grab().toImage(), composite.grab().toImage()
    outside = photo.to_widget(QPointF(20, 20)).toPoint()
    inside = photo.to_widget(QPointF(150, 160)).toPoint()
    if original.rect().contains(outside):
        assert original.pixel(outside) == changed.pixel(outside)
    assert original.pixel(inside) != changed.pixel(inside)


class TestPairs:
    def test_a_and_b_are_photo_and_first_hypothesis(self, done: Hand) -> None:
        done.trigger("compare_wipe")
        compare = done.window.compare
        first, second = compare.bar.pair
        assert first is not None
        assert second is not None
        assert first.key == ("photo", None)
        assert second.hypothesis is done.photo.hypotheses[0]
        assert compare.pair.isVisible()
        assert not compare.grid.isVisible()
        assert compare.pair.view.camera is compare.camera
        assert "seed 0" in compare.pair.second.details.full_text()
        done.trigger("compare_swap")
        assert compare.bar.pair[0] is second
        done.trigger("compare_grid")
        assert compare.grid.isVisible()

    def test_the_divider_is_dragged_and_moved_by_keys(self, done: Hand) -> None:
        done.trigger("compare_wipe")
        view = done.window.compare.pair.view
        done.wait(lambda: view.width() > 200)
        middle = QPoint(view.width() // 2, view.height() // 3)
        centre = view.camera.centre
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseMove(view, QPoint(view.width() // 4, view.height() // 3))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle)
        assert view.divider == pytest.approx(0.25, abs=0.01)
        assert view.camera.centre == centre
        QTest.keyClick(view, Qt.Key.Key_Period)
        assert view.divider == pytest.approx(0.26, abs=0.01)
        QTest.keyClick(view, Qt.Key.Key_Comma, Qt.KeyboardModifier.ShiftModifier)
        assert view.divider == pytest.approx(0.16, abs=0.01)
        QTest.keyClick(view, Qt.Key.Key_End)
        assert view.divider == 1.0
        QTest.keyClick(view, Qt.Key.Key_Home)
        assert view.divider == 0.0

    def test_each_side_of_the_divider_is_its_picture(self, done: Hand) -> None:
        compare = done.window.compare
        compare.camera.zoom_to(1.0)
        done.trigger("compare_wipe")
        view = compare.pair.view
        place = view.to_widget(QPointF(150, 165)).toPoint()
        done.wait(lambda: view.rect().contains(place))
        view.move_divider(1.0)
        photo = view.grab().toImage().pixelColor(place)
        view.move_divider(0.0)
        hypothesis = view.grab().toImage().pixelColor(place)
        assert photo.blue() < 60  # the drawn mask is yellow
        assert hypothesis != photo
        compare.peek(True)
        assert view.grab().toImage().pixelColor(place) == photo
        compare.peek(False)
        assert view.grab().toImage().pixelColor(place) == hypothesis

    def test_blink_changes_sides_never_faster_than_is_safe(self, done: Hand) -> None:
        done.trigger("compare_blink")
        view, bar = done.window.compare.pair.view, done.window.compare.bar
        assert bar.rate.currentData() == 1.0
        assert max(bar.rate.itemData(index) for index in range(bar.rate.count())) == 3.0
        bar.rate.setCurrentIndex(bar.rate.count() - 1)
        view.set_rate(50)
        assert view._clock.interval() >= 333
        done.wait(lambda: view.second_shown)
        assert not done.window.compare.pair.first.title.isEnabled()
        done.wait(lambda: not view.second_shown)
        done.trigger("blink_stop")
        assert not view._clock.isActive()
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Return)
        assert view._clock.isActive()
        assert not done.window.actions_["blink_stop"].isChecked()
        compare = done.window.compare
        compare.peek(True)
        assert not view._clock.isActive()
        compare.peek(False)
        done.trigger("view_map")
        assert not view._clock.isActive()

    def test_the_difference_has_kind_gain_and_legend(self, done: Hand) -> None:
        done.trigger("compare_difference")
        compare = done.window.compare
        layer = compare.pair.view.difference
        done.wait(lambda: layer.difference is not None)
        assert layer.difference is not None
        assert layer.difference.kind == "signed"
        assert " ".join(compare.bar.legend.ends) == "−25 % 0 +25 %"
        assert "largest" in compare.pair.message.text()
        compare.bar.gain.setCurrentIndex(compare.bar.gain.findData(16))
        assert " ".join(compare.bar.legend.ends) == "−6.2 % 0 +6.2 %"
        assert layer.gain == 16
        compare.bar.kind.setCurrentIndex(1)
        done.wait(lambda: layer.difference is not None and layer.difference.kind == "absolute")
        assert " ".join(compare.bar.legend.ends) == "0 ≥ 6.2 %"
        compare.bar.first.setCurrentIndex(compare.bar.second.currentIndex())
        assert "same" in compare.pair.message.text()
        compare.bar.first.setCurrentIndex(1)
        assert "map" in compare.pair.message.text()

    def test_digits_choose(self, done: Hand) -> None:
        compare = done.window.compare
        assert compare.bar.count.text() == "showing 4 of 4"
        QTest.keyClick(done.window, Qt.Key.Key_2)
        done.wait(lambda: not done.photo.hypotheses[1].chosen)
        assert compare.bar.count.text() == "showing 3 of 4"
        assert compare.bar.everything.isVisible()
        compare.bar.everything.click()
        assert all(each.chosen for each in done.photo.hypotheses)
        done.trigger("compare_wipe")
        QTest.keyClick(done.window, Qt.Key.Key_3)
        second = compare.bar.pair[1]
        assert second is not None
        assert second.hypothesis is done.photo.hypotheses[2]

    def test_the_tick_below_a_picture_leaves_it_out(self, done: Hand) -> None:
        pane = done.window.compare.panes[2]
        assert pane.box is not None
        hypothesis = pane.hypothesis
        pane.box.click()
        assert hypothesis is not None
        assert not hypothesis.chosen
        assert hypothesis not in [each.hypothesis for each in done.window.compare.panes]

    def test_another_photo_takes_everything_along(self, done: Hand, tmp_path: Path) -> None:
        done.trigger("compare_difference")
        other = write_photo(tmp_path / "other.png", draw_photo(200, 160, []))
        done.open(other)
        assert done.window.compare._pages.currentWidget() is done.window.compare._empty
        done.trigger("previous")
        done.settle()
        done.wait(lambda: done.window.compare.pair.view.difference.difference is not None)


def test_a_sketch_is_painted_over_the_shared_drawing(hand: Hand, photo_file: Path) -> None:
    hand.open(photo_file)
    hand.run("tiny_sketch")
    (made,) = hand.photo.hypotheses
    assert made.ground is not None
    x0, y0, x1, y1 = made.outcome.area
    assert (made.picture.width, made.picture.height) == (x1 - x0, y1 - y0)
    compare = hand.window.compare
    compare.camera.zoom_to(1.0)
    view = compare.panes[2].view
    place = QPointF(100, 60)
    hand.wait(lambda: view.rect().contains(view.to_widget(place).toPoint()))
    shown = view.grab().toImage().pixelColor(view.to_widget(place + QPointF(0.5, 0.5)).toPoint())
    assert shown.red() == made.outcome.composites[0][60, 100]


def test_hypotheses_that_come_together_are_shown_together(
    done: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare_grid, "PREPARE_S", 0.0)
    compare, photo = done.window.compare, done.photo
    made, before = photo.hypotheses, compare.panes
    photo.remove_hypotheses(made[1:])
    assert len(compare.panes) == 3
    photo.add_hypotheses(made[1:])
    # Their panes are made over several turns of the loop; until then all is as it was.
    assert len(compare.panes) == 3
    assert compare.catching_up
    done.wait(lambda: not compare.catching_up)
    assert [pane.hypothesis for pane in compare.panes] == [pane.hypothesis for pane in before]
    assert all(pane.isVisible() for pane in compare.panes)
    # One alone is there at once.
    photo.choose(made[1], False)
    photo.choose(made[1], True)
    assert len(compare.panes) == len(before)


def test_views_that_are_not_seen_leave_the_zoom_alone(done: Hand) -> None:
    compare = done.window.compare
    compare.camera.fit()
    before = compare.camera.scale
    # A picture of the window tells every widget in it its size, shown or not.
    done.window.grab()
    assert not compare.pair.view.isVisible()
    assert compare.camera.scale == before
    done.trigger("compare_wipe")
    assert compare.camera.scale > before, "two pictures in one place are larger than seven"


@pytest.mark.parametrize("seen", [True, False])
def test_what_was_made_while_hidden_shows_the_map_of_now(done: Hand, seen: bool) -> None:
    compare, photo = done.window.compare, done.photo
    made = photo.hypotheses
    done.trigger("view_map")
    if not seen:
        done.window.controller.session.set_current(None)
        done.window.controller.session.set_current(photo)
        assert not compare.panes
    photo.remove_hypotheses(made)
    photo.add_hypotheses(made)
    done.wait(lambda: not compare.catching_up)
    assert not compare.isVisible()
    assert not done.document.map.pixels[10, 10]
    done.drag((10, 10), (30, 10))
    assert done.document.map.pixels[10, 10]
    done.trigger("view_compare")
    pane = next(pane for pane in compare.panes if pane.side.key == ("map", None))
    assert pane.side.tiles is not None
    (tile,) = pane.side.tiles.visible(0, QRectF(0, 0, 40, 20))
    assert tile.cover[10, 20]
    # What is edited from now on is followed as well.
    done.trigger("undo")
    (tile,) = pane.side.tiles.visible(0, QRectF(0, 0, 40, 20))
    assert not tile.cover[10, 20]
