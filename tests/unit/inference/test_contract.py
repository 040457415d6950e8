"""The contract: the shapes per task, and what is checked about them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.inference.contract import inputs_of, matches, output, outputs_of
from app.inference.errors import ModelError
from app.inference.zoo import Model
from tests.support.tiny_models import SIZE, make_card


def test_shapes_per_task() -> None:
    locate = make_card("m", "locate", b"x")
    assert inputs_of(locate) == {"photo": ("N", 3, "H", "W")}
    assert set(outputs_of(locate)) == {"boxes", "scores", "masked"}
    plain = make_card("m", "reconstruct", b"x")
    assert set(inputs_of(plain)) == {"face", "map"}
    assert outputs_of(plain)["output"] == ("N", 1, 3, SIZE, SIZE)
    latent = make_card("m", "reconstruct", b"x", kind="gan", output={"kind": "rgb", "latent": 8})
    assert inputs_of(latent)["latent"] == ("N", "K", 8)
    assert outputs_of(latent)["output"] == ("N", "K", 3, SIZE, SIZE)
    asked = make_card("m", "reconstruct", b"x", output={"kind": "rgb", "finer": 2, "enlarge": True})
    assert inputs_of(asked)["enlarge"] == (1,)
    assert outputs_of(asked)["finer"] == ("N", 1, 3, 2 * SIZE, 2 * SIZE)
    sketch = make_card("m", "reconstruct", b"x", kind="sketch", output={"kind": "sketch"})
    assert outputs_of(sketch)["output"] == ("N", 1, 1, SIZE, SIZE)


def test_matches() -> None:
    assert matches(("N", 68, 2), (5, 68, 2))
    assert not matches(("N", 68, 2), (5, 5, 2))
    assert not matches(("N", 68, 2), (68, 2))


def test_an_output_of_another_shape_is_said() -> None:
    model = Model(make_card("m", "align", b"x"), Path("zoo/m"))
    good = np.zeros((3, 68, 2), np.float32)
    assert output(model, {"landmarks": good}, "landmarks") is good
    with pytest.raises(ModelError, match=r"gave 'landmarks' of shape \(3, 5, 2\)"):
        output(model, {"landmarks": good[:, :5]}, "landmarks")
