"""Garbage of the window: what is old is looked through only where much has been added."""

from __future__ import annotations

import gc

import pytest

from app.ui import garbage
from app.ui.garbage import FULL, WindowGarbage


@pytest.mark.parametrize(("old", "full"), [(1000, False), (1250, False), (1251, True)])
def test_a_full_collection_waits_for_growth(
    monkeypatch: pytest.MonkeyPatch, qapp: object, old: int, full: bool
) -> None:
    collected: list[int] = []
    counts = [1000]
    monkeypatch.setattr(garbage, "_old", lambda: counts[-1])
    window = WindowGarbage()
    try:
        monkeypatch.setattr(gc, "get_count", lambda: (10_000, 100, 100))
        monkeypatch.setattr(gc, "collect", lambda generation: collected.append(generation))
        counts.append(old)
        window.collect()
        window.collect()  # what the full one left is the measure from now on
    finally:
        window.stop()
    young = [0, 1]
    assert collected == [*young, *([FULL] if full else []), *young]
