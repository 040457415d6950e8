"""Faces followed through frames: who is who, who came, who went, and how still they are held."""

from __future__ import annotations

import numpy as np
import pytest

from app.imaging.face import Box, Face
from app.video.smooth import OneEuro, blend
from app.video.tracks import PATIENCE, Tracker, overlap, pair
from tests.support.tiny_models import mean_face


def face(box: Box, *, score: float = 0.9) -> Face:
    x0, y0, x1, y1 = box
    points = mean_face() * [x1 - x0, y1 - y0] + [x0, y0]
    return Face(box=box, landmarks=points.astype(np.float32), score=score)


LEFT, RIGHT = (10.0, 10.0, 60.0, 70.0), (200.0, 20.0, 250.0, 80.0)


def moved(box: Box, by: float) -> Box:
    return box[0] + by, box[1], box[2] + by, box[3]


def test_overlap() -> None:
    assert overlap(LEFT, LEFT) == pytest.approx(1)
    assert overlap(LEFT, RIGHT) == 0
    assert overlap((0, 0, 2, 2), (1, 0, 3, 2)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 0, 0), (0, 0, 0, 0)) == 0


def test_the_best_overlaps_are_paired_and_each_box_once() -> None:
    assert pair([LEFT, RIGHT], [moved(RIGHT, 3), moved(LEFT, -2)]) == {0: 1, 1: 0}
    assert pair([LEFT, moved(LEFT, 8)], [moved(LEFT, 7)]) == {1: 0}
    assert pair([LEFT], []) == {}


def test_faces_keep_their_number_while_they_move_and_new_ones_get_new_numbers() -> None:
    tracker = Tracker()
    tracker.located([face(LEFT), face(RIGHT)], 0, cut=True)
    names = {track.id: track.box for track in tracker.tracks}
    tracker.located([face(moved(RIGHT, 5)), face(moved(LEFT, 5))], 10, cut=False)
    for track in tracker.tracks:
        assert overlap(track.box, names[track.id]) > 0.7
    tracker.located([face(moved(LEFT, 8)), face((400, 10, 450, 70))], 20, cut=False)
    assert sorted(track.id for track in tracker.tracks) == [1, 2, 3]


def test_a_face_that_stays_away_is_given_up_and_its_number_never_used_again() -> None:
    tracker = Tracker()
    tracker.located([face(LEFT)], 0, cut=True)
    for number in range(PATIENCE):
        tracker.located([], number, cut=False)
        assert len(tracker.tracks) == 1
    tracker.located([], PATIENCE, cut=False)
    assert tracker.tracks == []
    tracker.located([face(LEFT)], 30, cut=False)
    assert [track.id for track in tracker.tracks] == [2]


def test_a_new_scene_has_new_faces_even_in_the_same_place() -> None:
    tracker = Tracker()
    tracker.located([face(LEFT)], 0, cut=True)
    tracker.located([face(LEFT)], 10, cut=True)
    assert [track.id for track in tracker.tracks] == [2]


def test_what_one_look_took_for_a_face_does_not_count_and_does_not_last() -> None:
    tracker = Tracker()
    tracker.located([face(LEFT, score=0.5)], 0, cut=True)
    assert [track.sure for track in tracker.tracks] == [False]
    tracker.located([face(LEFT, score=0.5)], 10, cut=False)
    assert [track.sure for track in tracker.tracks] == [True]
    tracker.located([face(LEFT), face(RIGHT, score=0.5)], 20, cut=False)
    tracker.located([face(LEFT)], 30, cut=False)
    assert [each.id for each in tracker.tracks] == [1]


def test_a_still_face_trembles_less_and_a_quick_one_is_not_left_behind() -> None:
    noise = np.random.default_rng(1)
    tracker = Tracker()
    tracker.located([face(LEFT)], 0, cut=True)
    (track,) = tracker.tracks
    true = face(LEFT).landmarks
    raw, smooth = [], []
    for number in range(1, 100):
        seen = true + noise.normal(0, 0.5, true.shape)
        track.follow(seen, number, 0.04)
        raw.append(seen - true)
        smooth.append(track.landmarks - true)
    assert np.std(smooth[20:]) < 0.5 * np.std(raw[20:])
    for number in range(100, 150):
        true = true + np.array([3.0, 0.0])  # more than a face's width in a second
        track.follow(true, number, 0.04)
    assert abs(float((track.landmarks - true)[:, 0].mean())) < 3.0


def test_the_state_is_the_whole_state() -> None:
    tracker = Tracker()
    tracker.located([face(LEFT), face(RIGHT)], 0, cut=True)
    tracker.tracks[0].logit = np.ones((4, 4), np.float32)
    other = Tracker()
    other.load(tracker.save())
    for each in (tracker, other):
        each.tracks[0].follow(face(moved(LEFT, 2)).landmarks, 1, 0.04)
    assert np.array_equal(tracker.tracks[0].landmarks, other.tracks[0].landmarks)
    assert tracker.tracks[0].box == other.tracks[0].box
    assert other.next_id == 3


def test_one_euro_begins_where_the_value_is() -> None:
    value = np.array([1.0, 2.0])
    first, speed = OneEuro().step(value, None, 0.04)
    assert np.array_equal(first, value)
    assert not speed.any()
    for _ in range(50):
        first, speed = OneEuro().step(value + 1, (first, speed), 0.04)
    assert np.allclose(first, value + 1, atol=1e-3)


def test_blend_depends_on_time_and_not_on_the_number_of_frames() -> None:
    new = np.ones(3, np.float32)
    assert np.array_equal(blend(None, new, cutoff=2, seconds=0.04), new)
    slow = fast = np.zeros(3, np.float32)
    for _ in range(5):
        slow = blend(slow, new, cutoff=0.5, seconds=0.02)
    for _ in range(10):
        fast = blend(fast, new, cutoff=0.5, seconds=0.01)
    assert np.allclose(slow, fast, atol=0.02)
