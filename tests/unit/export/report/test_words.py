"""What a report calls things."""

from __future__ import annotations

from pathlib import Path

from app.export.report import words
from app.inference.zoo import Zoo

SHIPPED = Path(__file__).parents[4] / "model_zoo"


def test_every_figure_of_the_models_that_ship_has_a_name() -> None:
    models = Zoo(SHIPPED).models
    assert models
    for card in models:
        named = {name for table in card.figures.values() for name in table}
        assert named <= set(words.FIGURES), card.name
        assert set(card.figures) <= set(words.DATA_SETS), card.name
