"""Which rows a batch is made of."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray
from typing_extensions import override

from training.data.batches import Batches, Item

IDENTITIES = ["famous"] * 16 + ["known"] * 4 + ["one", "two", "three", "kept", "kept"]
SPLITS = np.array(["train"] * 23 + ["val"] * 2)


class RowBatches(Batches):
    """Items that say which row they are of."""

    @override
    def item(self, rng: np.random.Generator, row: int) -> Item:
        return {"row": np.array([row])}


def drawn(balance: float, steps: int = 200) -> tuple[RowBatches, NDArray[np.int64]]:
    """Batches and the rows of their steps."""
    batches = RowBatches(SPLITS, batch=20, seed=3, steps=steps)
    batches.draw_people(IDENTITIES, balance)
    return batches, np.concatenate([batches[step]["row"][:, 0].numpy() for step in range(steps)])


@pytest.mark.parametrize(
    ("balance", "weights"),
    [
        (0.0, {"famous": 16, "known": 4, "one": 1, "two": 1, "three": 1}),
        (0.5, {"famous": 4, "known": 2, "one": 1, "two": 1, "three": 1}),
        (1.0, {"famous": 1, "known": 1, "one": 1, "two": 1, "three": 1}),
    ],
)
def test_people_are_drawn_as_their_balance_says(balance: float, weights: dict[str, int]) -> None:
    _, rows = drawn(balance)
    counts = Counter(IDENTITIES[row] for row in rows)
    assert set(counts) == set(weights)
    for who, weight in weights.items():
        share = weight / sum(weights.values())
        # Five standard deviations of a binomial count.
        assert abs(counts[who] / len(rows) - share) < 5 * np.sqrt(share * (1 - share) / len(rows))


def test_all_photos_of_a_person_are_drawn() -> None:
    _, rows = drawn(0.5)
    assert set(rows) == set(range(23))


@pytest.mark.parametrize("balance", [0.0, 0.5])
def test_the_rows_of_a_step_are_those_of_its_batch(balance: float) -> None:
    batches, rows = drawn(balance, steps=3)
    assert [row for step in range(3) for row in batches.rows_of(step)] == rows.tolist()


@pytest.mark.parametrize("balance", [0.0, 0.5])
def test_what_is_shown_are_people_kept_back(balance: float) -> None:
    batches, _ = drawn(balance, steps=1)
    assert set(batches.shown(8)["row"][:, 0].tolist()) <= {23, 24}


def test_without_balance_the_order_of_earlier_runs_stays() -> None:
    batches, rows = drawn(0.0, steps=1)
    before = [int(np.random.default_rng([3, 0, item]).choice(batches.rows)) for item in range(20)]
    assert rows.tolist() == before
