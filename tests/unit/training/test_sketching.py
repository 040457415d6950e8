"""Sketches on tensors are those that the application draws."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from app.imaging.sketch import sketch
from tests.support.training_data import astronaut_face
from training.sketching import draw_sketches


@pytest.mark.parametrize("size", [32, 96, 192, 256])
def test_a_sketch_on_tensors_is_the_application_s(size: int) -> None:
    photos = [astronaut_face(seed, size)[0] for seed in (1, 2)]
    pictures = torch.from_numpy(np.stack(photos)).permute(0, 3, 1, 2).float() / 255
    drawn = draw_sketches(pictures)
    assert drawn.shape == (2, 1, size, size)
    for picture, photo in zip(drawn, photos, strict=True):
        expected = sketch(photo, face_size=size)
        assert np.abs(picture[0].numpy() - expected).max() < 0.005
