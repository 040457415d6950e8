"""The floors of the performance report: operations and bytes counted from known graphs."""

from __future__ import annotations

import numpy as np
import pytest

from scripts.performance_measures import Cost, Machine, count, measure
from tests.support.tiny_models import Graph


def test_a_convolution() -> None:
    graph = Graph()
    weight = graph.const(np.ones((8, 3, 5, 5)))
    graph.op("Conv", "x", weight, name="y", pads=[2, 2, 2, 2], strides=[2, 2])
    content = graph.model({"x": ["N", 3, "H", "W"]}, {"y": ["N", 8, "h", "w"]})
    cost = count(content, {"x": np.ones((2, 3, 16, 12), np.float32)})
    # Each of 2 x 8 x 8 x 6 values is a sum of 3 x 5 x 5 products.
    assert cost.operations == 2 * (2 * 8 * 8 * 6) * (3 * 5 * 5)
    assert cost.bytes == 4 * (8 * 3 * 5 * 5 + 2 * 3 * 16 * 12 + 2 * 8 * 8 * 6)


def test_a_transposed_convolution() -> None:
    graph = Graph()
    weight = graph.const(np.ones((4, 6, 2, 2)))
    graph.op("ConvTranspose", "x", weight, name="y", strides=[2, 2])
    content = graph.model({"x": ["N", 4, "H", "W"]}, {"y": ["N", 6, "h", "w"]})
    cost = count(content, {"x": np.ones((1, 4, 5, 7), np.float32)})
    # Each value that is read meets every weight of its channel.
    assert cost.operations == 2 * (4 * 5 * 7) * (6 * 2 * 2)


def test_a_matrix_product() -> None:
    graph = Graph()
    graph.op("MatMul", "x", graph.const(np.ones((7, 3))), name="y")
    content = graph.model({"x": ["N", 7]}, {"y": ["N", 3]})
    assert count(content, {"x": np.ones((5, 7), np.float32)}).operations == 2 * 5 * 7 * 3


def test_the_floor_is_the_narrower_of_both() -> None:
    machine = Machine(operations=100.0, bytes=10.0)
    assert Cost(operations=200, bytes=1).floor(machine) == 2
    assert Cost(operations=1, bytes=50).floor(machine) == 5


@pytest.mark.parametrize("rounds", [1, 3])
def test_every_case_has_its_turn_in_every_round(rounds: int) -> None:
    turns: list[str] = []
    times = measure({name: lambda name=name: turns.append(name) for name in "ab"}, rounds)  # type: ignore[misc]
    assert turns == ["a", "b"] * (rounds + 1)
    assert set(times) == {"a", "b"}
    assert min(times.values()) >= 0
