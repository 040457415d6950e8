"""Undo and redo, whatever is done in whatever order, and never more memory than allowed."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from numpy.typing import NDArray

from app.imaging.face import Face
from app.imaging.map import BinaryMap, FacesChange, History

WIDTH, HEIGHT = 37, 29
POINTS = st.lists(st.tuples(st.floats(-5, 42), st.floats(-5, 34)), min_size=1, max_size=5)


class Editing(RuleBasedStateMachine):
    """An analyst edits; a list of full copies says what every state must be."""

    def __init__(self) -> None:
        super().__init__()
        self.map = BinaryMap(WIDTH, HEIGHT)
        self.history = History()
        self.states: list[NDArray[np.bool_]] = [self.map.pixels.copy()]
        self.now = 0

    def _done(self, edit: Any) -> None:
        changed = not np.array_equal(self.map.pixels, self.states[self.now])
        assert (edit is not None) == changed
        self.history.push(edit)
        if changed:
            del self.states[self.now + 1 :]
            self.states.append(self.map.pixels.copy())
            self.now += 1

    @rule(points=POINTS, radius=st.floats(0, 12), value=st.booleans())
    def stroke(self, points: list[tuple[float, float]], radius: float, value: bool) -> None:
        self._done(self.map.paint_stroke(np.array(points), radius, value))

    @rule(points=POINTS, value=st.booleans())
    def lasso(self, points: list[tuple[float, float]], value: bool) -> None:
        self._done(self.map.fill_polygon(np.array(points), value))

    @rule()
    def holes(self) -> None:
        self._done(self.map.fill_holes())

    @rule(px=st.floats(0, 5))
    def grow(self, px: float) -> None:
        self._done(self.map.grow(px))

    @rule(px=st.floats(0, 5))
    def shrink(self, px: float) -> None:
        self._done(self.map.shrink(px))

    @rule(x=st.integers(-5, 40), y=st.integers(-5, 30), side=st.integers(1, 20))
    def invert(self, x: int, y: int, side: int) -> None:
        self._done(self.map.invert((x, y, x + side, y + side)))

    @rule(seed=st.integers(0, 3))
    def replace(self, seed: int) -> None:
        self._done(self.map.replace(np.random.default_rng(seed).random((HEIGHT, WIDTH)) < 0.2))

    @rule(px=st.floats(0, 4))
    def smooth(self, px: float) -> None:
        self._done(self.map.smooth(px))

    @rule()
    def clear(self) -> None:
        self._done(self.map.clear())

    @precondition(lambda self: self.now > 0)
    @rule()
    def undo(self) -> None:
        step = self.history.undo(self.map)
        assert step is not None
        self._only_inside(step.rectangle, self.states[self.now], self.states[self.now - 1])
        self.now -= 1

    @precondition(lambda self: self.now < len(self.states) - 1)
    @rule()
    def redo(self) -> None:
        step = self.history.redo(self.map)
        assert step is not None
        self._only_inside(step.rectangle, self.states[self.now], self.states[self.now + 1])
        self.now += 1

    def _only_inside(
        self,
        rectangle: tuple[int, int, int, int],
        first: NDArray[np.bool_],
        second: NDArray[np.bool_],
    ) -> None:
        x0, y0, x1, y1 = rectangle
        outside = np.ones((HEIGHT, WIDTH), np.bool_)
        outside[y0:y1, x0:x1] = False
        np.testing.assert_array_equal(first[outside], second[outside])

    @invariant()
    def map_is_as_it_was(self) -> None:
        np.testing.assert_array_equal(self.map.pixels, self.states[self.now])
        assert self.history.can_undo == (self.now > 0)
        assert self.history.can_redo == (self.now < len(self.states) - 1)


Editing.TestCase.settings = settings(deadline=None, max_examples=40, stateful_step_count=30)
TestEditing = Editing.TestCase


def test_nothing_to_undo_or_redo() -> None:
    history, map_ = History(), BinaryMap(5, 5)
    assert history.undo(map_) is None
    assert history.redo(map_) is None


def test_oldest_edits_are_forgotten_by_memory() -> None:
    map_ = BinaryMap(64, 64)
    history = History(max_bytes=3 * 64 * 8)
    for _ in range(10):
        history.push(map_.invert())
        assert history.nbytes <= 3 * 64 * 8
    undone = 0
    while history.undo(map_):
        undone += 1
    assert undone == 3
    assert history.nbytes == 3 * 64 * 8


def test_an_edit_larger_than_the_limit_can_still_be_undone() -> None:
    map_ = BinaryMap(64, 64)
    history = History(max_bytes=1)
    history.push(map_.invert())
    step = history.undo(map_)
    assert step is not None
    assert step.rectangle == (0, 0, 64, 64)
    assert map_.empty


def test_memory_of_what_can_no_longer_be_redone_is_given_back() -> None:
    map_ = BinaryMap(64, 64)
    history = History()
    for _ in range(3):
        history.push(map_.invert())
    history.undo(map_)
    history.undo(map_)
    history.push(map_.invert((0, 0, 8, 8)))
    assert not history.can_redo
    assert history.nbytes == 64 * 8 + 8
    history.clear()
    assert (history.nbytes, history.can_undo) == (0, False)


def test_a_step_may_change_faces_alone_or_with_the_map() -> None:
    map_, history = BinaryMap(16, 16), History()
    face = Face(box=(1, 1, 9, 9), landmarks=np.zeros((68, 2), np.float32))
    assert history.push(None) is None
    history.push(None, tool="face moved", faces=FacesChange(before=(), after=(face,)))
    history.push(map_.invert(), tool="face again", faces=FacesChange(before=(face,), after=()))
    assert [step.tool for step in history.done] == ["face moved", "face again"]
    step = history.undo(map_)
    assert step is not None
    assert step.faces is not None
    assert step.faces.before == (face,)
    assert map_.empty
    step = history.undo(map_)
    assert step is not None
    assert (step.rectangle, step.nbytes) == ((0, 0, 0, 0), 0)
    assert [each.tool for each in history.undone] == ["face moved", "face again"]
