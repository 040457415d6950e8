"""The locator: places, decoding and the overlap that it is trained on."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from training.networks.detector import STRIDES, DetectorNetwork, LocatorExport, decode, places
from training.tasks.locate import generalised_iou

SIDE = 128


def encoded(box: tuple[float, float, float, float], stride: int, row: int, column: int) -> Tensor:
    """(6, H, W): what the network has to say at one place for this box; silence elsewhere."""
    level = torch.zeros(6, SIDE // stride, SIDE // stride)
    level[0] = -20
    x, y = (column + 0.5) * stride, (row + 0.5) * stride
    distances = (x - box[0], y - box[1], box[2] - x, box[3] - y)
    level[0, row, column] = 5
    level[1:5, row, column] = torch.tensor([math.log(d / (4 * stride)) for d in distances])
    level[5, row, column] = 3
    return level


@pytest.mark.parametrize("stride", STRIDES)
def test_a_box_that_is_encoded_is_decoded_again(stride: int) -> None:
    row, column = (SIDE // stride) // 2, (SIDE // stride) // 3
    x, y = (column + 0.5) * stride, (row + 0.5) * stride
    box = (x - 1.5 * stride, y - 0.75 * stride, x + 0.5 * stride, y + 2.25 * stride)
    levels = []
    for other in STRIDES:
        level = torch.zeros(1, 6, SIDE // other, SIDE // other)
        level[:, 0] = -20
        levels.append(encoded(box, stride, row, column)[None] if other == stride else level)
    boxes, scores, masked = decode(levels)
    best = int(scores[0].argmax())
    assert boxes[0, best].tolist() == pytest.approx(box, abs=1e-3)
    assert float(scores[0, best]) == pytest.approx(1 / (1 + math.exp(-5)), abs=1e-5)
    assert float(masked[0, best]) == pytest.approx(1 / (1 + math.exp(-3)), abs=1e-5)
    assert float(scores[0].sum()) == pytest.approx(float(scores[0, best]), abs=1e-4)


def test_decoding_and_training_number_the_places_alike() -> None:
    levels = [torch.zeros(2, 6, SIDE // s, SIDE // (2 * s)) for s in STRIDES]
    boxes, scores, masked = decode(levels)
    centres = (boxes[..., :2] + boxes[..., 2:]) / 2
    expected = torch.cat([places(SIDE, SIDE // 2, s, torch.device("cpu")) for s in STRIDES])
    assert torch.allclose(centres[0], expected)
    assert torch.equal(boxes[0], boxes[1])
    assert scores.shape == masked.shape == boxes.shape[:2]


def test_the_network_gives_one_level_per_stride() -> None:
    network = DetectorNetwork().eval()
    with torch.no_grad():
        levels = network(torch.rand(2, 3, 64, 192))
        boxes, scores, masked = LocatorExport(network)(torch.rand(1, 3, 64, 192))
    assert [tuple(level.shape) for level in levels] == [(2, 6, 64 // s, 192 // s) for s in STRIDES]
    count = sum((64 // s) * (192 // s) for s in STRIDES)
    assert boxes.shape == (1, count, 4)
    assert scores.shape == masked.shape == (1, count)
    # Before training a place in a hundred is expected to be a face.
    assert float(scores.mean()) == pytest.approx(0.01, abs=0.005)


def test_generalised_iou_by_hand() -> None:
    first = torch.tensor([[0.0, 0, 2, 2], [0, 0, 1, 1], [0, 0, 2, 2]])
    second = torch.tensor([[0.0, 0, 2, 2], [2, 0, 3, 1], [1, 0, 3, 2]])
    # Apart: union 2, hull 3. Half over each other: union 6, hull 6.
    assert generalised_iou(first, second).tolist() == pytest.approx([1.0, -1 / 3, 1 / 3])
