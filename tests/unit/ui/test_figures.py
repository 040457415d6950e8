"""Every figure and group of the cards that ship has words, and figures have their digits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from app.inference.zoo import Zoo
from app.ui.figures import FIGURES, GROUPS, SETS, figure_name, figure_text, group_name, set_name

SHIPPED = Path(__file__).parents[3] / "model_zoo"


@pytest.fixture
def german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("de"))
    yield
    QLocale.setDefault(before)


def test_every_figure_of_the_models_that_ship_has_a_name() -> None:
    models = Zoo(SHIPPED).models
    assert models
    for card in models:
        tables = [*card.figures.values(), *card.groups.values()]
        assert {name for table in tables for name in table} <= set(FIGURES), card.name
        assert set(card.figures) <= set(SETS), card.name
        for group in card.groups:
            data, _, rest = group.partition(", ")
            assert data in SETS, group
            assert rest in GROUPS, group


def test_another_model_s_figures_stay_in_its_own_words() -> None:
    assert figure_name("my_own_score") == "my own score"
    assert set_name("lab_faces") == "lab faces"
    assert group_name("children") == ("", "children")
    assert group_name("real, with_hats") == ("Real masks", "with hats")
    assert figure_text("my_own_score", 0.123456) == "0.1235"
    assert figure_text("my_own_score", 12) == "12"
    assert figure_text("licence", "none") == "none"


def test_a_figure_has_the_same_digits_everywhere() -> None:
    assert figure_text("recall_iou40", 1.0) == "1.000"
    assert figure_text("recall_iou40", 0.9574) == "0.957"
    assert figure_text("faces", 47) == "47"


def test_figures_are_written_as_the_language_writes_them(german: None) -> None:
    assert figure_text("iou_mean", 0.9709) == "0,971"
    assert figure_text("my_own_score", 0.123456) == "0,1235"
