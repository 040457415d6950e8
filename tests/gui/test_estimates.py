"""How the remaining time is worked out and said."""

from __future__ import annotations

import pytest

from app.ui.estimates import Pace, in_words, remaining, rounded, total


def test_nothing_is_said_before_anything_is_known() -> None:
    assert remaining(elapsed=0, fraction=0, expected=None) is None
    assert remaining(elapsed=30, fraction=0.05, expected=None) is None
    assert remaining(elapsed=0.2, fraction=0.5, expected=None) is None


def test_earlier_runs_tell_until_the_run_itself_does() -> None:
    assert remaining(elapsed=2, fraction=0.1, expected=10) == 8
    assert remaining(elapsed=2, fraction=0.25, expected=10) == pytest.approx(6)
    assert remaining(elapsed=0, fraction=0, expected=10) == 10


def test_a_run_that_takes_longer_than_ever_gives_no_figure() -> None:
    assert remaining(elapsed=11, fraction=0.1, expected=10) is None


def test_the_pace_is_that_of_the_last_run() -> None:
    pace = Pace()
    assert pace.expected("a", hypotheses=2) is None
    pace.learn("a", 12.0, hypotheses=4)
    assert pace.expected("a", hypotheses=2) == 6
    pace.learn("a", 4.0, hypotheses=4)
    assert pace.expected("a", hypotheses=2) == 2
    assert pace.expected("b", hypotheses=2) is None


def test_a_sum_says_whether_it_is_all() -> None:
    assert total([1.0, 2.0]) == (3.0, True)
    assert total([1.0, None]) == (1.0, False)
    assert total([]) == (0, True)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.1, 1), (4.2, 5), (5.1, 10), (42, 45), (61, 75), (299, 300), (301, 360)],
)
def test_figures_are_as_coarse_as_they_are_uncertain(seconds: float, shown: int) -> None:
    assert rounded(seconds) == shown


def test_words() -> None:
    assert in_words(12) == "15 s"
    assert in_words(60) == "1 min"
    assert in_words(130) == "2 min 15 s"
