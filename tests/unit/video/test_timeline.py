"""Times that only grow."""

from __future__ import annotations

from fractions import Fraction

from app.video.timeline import Timeline

BASE = Fraction(1, 1000)


def placed(*times: int | None) -> list[int]:
    line = Timeline(rate=Fraction(25), time_base=BASE)
    return [line.place(time) for time in times]


def test_growing_times_stay_as_they_are() -> None:
    assert placed(500, 540, 580, 9000) == [500, 540, 580, 9000]


def test_a_frame_without_a_time_follows_the_one_before() -> None:
    assert placed(None, None, 90, None) == [0, 40, 90, 130]


def test_a_new_beginning_goes_on_where_the_first_ended() -> None:
    line = Timeline(rate=Fraction(25), time_base=BASE)
    assert [line.place(time) for time in (0, 1960, 0, 40, 3000, 100)] == [
        *(0, 1960, 2000, 2040, 5000, 5040),
    ]
    assert line.offsets == [2000, 4940]


def test_a_time_a_little_back_is_moved_and_those_behind_it_are_not() -> None:
    assert placed(0, 80, 40, 40, 120) == [0, 80, 81, 82, 120]
