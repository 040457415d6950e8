"""Reconstructing: hypotheses that depend on the seed and their number alone."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.imaging.face import Face
from app.inference.errors import Cancelled, ModelError
from app.inference.reconstruct import CHOSEN, CHUNK, count_distinct, latents, reconstruct
from app.inference.session import CancelToken, ModelSession, Tensors
from app.inference.zoo import Zoo
from tests.support.sessions import inputs_given
from tests.support.tiny_models import (
    LATENT,
    SIZE,
    SKIN,
    DrawnFace,
    Graph,
    add_model,
    draw_photo,
    drawn_mask,
    mean_face,
    reconstruct_model,
    slow_model,
    write_tiny_zoo,
)

DRAWN = DrawnFace((60, 40, 140, 140))
PHOTO = draw_photo(200, 180, [DRAWN])


@pytest.fixture
def zoo(tmp_path: Path) -> Zoo:
    return Zoo(write_tiny_zoo(tmp_path))


def face() -> Face:
    corner, side = np.array([37.5, 27.5]), 125
    landmarks = (corner + mean_face() * side).astype(np.float32)
    return Face(box=(60, 40, 140, 140), landmarks=landmarks)


def drawn_map() -> NDArray[np.bool_]:
    hidden = np.zeros(PHOTO.shape[:2], np.bool_)
    x0, y0, x1, y1 = drawn_mask(DRAWN)
    hidden[y0:y1, x0:x1] = True
    return hidden


def test_rgb_has_one_answer_and_says_so(zoo: Zoo) -> None:
    session = ModelSession(zoo.get("rgb"), "cpu")
    made = reconstruct(PHOTO, drawn_map(), face(), session, 3, 5)
    assert made.pictures.shape == (1, SIZE, SIZE, 3)
    assert made.pictures.dtype == np.float32
    assert (made.requested, made.distinct, made.seed) == (3, 1, 5)
    assert made.note == "Tiny tiny_rgb has one answer only; 3 hypotheses were asked for."
    assert reconstruct(PHOTO, drawn_map(), face(), session).note == ""
    middle = made.alignment.to_crop(np.array([[100.0, 120.0]]), SIZE)[0].astype(int)
    np.testing.assert_allclose(made.pictures[0, middle[1], middle[0]], SKIN, atol=1e-6)


def test_sketch_has_one_channel(zoo: Zoo) -> None:
    made = reconstruct(PHOTO, drawn_map(), face(), ModelSession(zoo.get("sketch"), "cpu"))
    assert made.pictures.shape == (1, SIZE, SIZE, 1)


def test_a_hypothesis_does_not_depend_on_how_many_there_are(zoo: Zoo) -> None:
    session = ModelSession(zoo.get("gan"), "cpu")
    many = reconstruct(PHOTO, drawn_map(), face(), session, CHUNK + 3, 11)
    assert many.pictures.shape == (CHUNK + 3, SIZE, SIZE, 3)
    assert many.distinct == CHUNK + 3
    assert many.note == ""
    for count in (1, 2, CHUNK):
        few = reconstruct(PHOTO, drawn_map(), face(), session, count, 11)
        np.testing.assert_array_equal(few.pictures, many.pictures[:count])
    other = reconstruct(PHOTO, drawn_map(), face(), session, 1, 12)
    assert not np.array_equal(other.pictures[0], many.pictures[0])


def test_latents_are_normal_and_never_change() -> None:
    drawn = latents(3, range(400), 64)
    assert drawn.dtype == np.float32
    assert abs(drawn.mean()) < 0.02
    assert abs(drawn.std() - 1) < 0.02
    np.testing.assert_array_equal(latents(3, range(7, 9), 64), drawn[7:9])
    # Records are reproduced years later: these very numbers must stay.
    expected = [[0.14190717, -1.66850793, -1.33210802], [-0.68491417, -2.49785829, 0.48585829]]
    np.testing.assert_allclose(latents(42, range(2), 3), expected, rtol=1e-6)


def test_the_mask_is_never_seen(zoo: Zoo) -> None:
    session = ModelSession(zoo.get("gan"), "cpu")
    seen: list[Tensors] = []
    real = session.run

    def spy(inputs: Any, cancel: Any = None) -> Tensors:
        seen.append({name: value.copy() for name, value in inputs.items()})
        return real(inputs, cancel)

    session.run = spy  # type: ignore[method-assign]
    made = reconstruct(PHOTO, drawn_map(), face(), session, 2)
    other = PHOTO.copy()
    other[drawn_map()] = (3, 200, 77)
    again = reconstruct(other, drawn_map(), face(), session, 2)
    np.testing.assert_array_equal(made.pictures, again.pictures)
    first = seen[0]
    assert first["face"].shape == (1, 3, SIZE, SIZE)
    assert first["latent"].shape == (1, 2, LATENT)
    assert set(np.unique(first["map"])) == {0, 1}
    assert (first["face"][np.repeat(first["map"], 3, axis=1) == 1] == 0).all()
    assert first["face"].max() > 0.5


def test_progress_counts_hypotheses(zoo: Zoo) -> None:
    told: list[tuple[int, int]] = []
    reconstruct(
        PHOTO, drawn_map(), face(), ModelSession(zoo.get("gan"), "cpu"), 2 * CHUNK + 1,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    total = 2 * CHUNK + 1
    assert told == [(CHUNK, total), (2 * CHUNK, total), (total, total)]


def test_cancel(tmp_path: Path) -> None:
    add_model(tmp_path, "slow", "reconstruct", slow_model())
    token = CancelToken()
    timer = threading.Timer(0.2, token.cancel)
    timer.start()
    session = ModelSession(Zoo(tmp_path).get("slow"), "cpu")
    with pytest.raises(Cancelled):
        reconstruct(PHOTO, drawn_map(), face(), session, cancel=token)
    timer.join()


@pytest.mark.parametrize(("hypotheses", "seed"), [(0, 0), (1, -1)])
def test_impossible_wishes(zoo: Zoo, hypotheses: int, seed: int) -> None:
    session = ModelSession(zoo.get("rgb"), "cpu")
    with pytest.raises(ValueError, match="must be positive"):
        reconstruct(PHOTO, drawn_map(), face(), session, hypotheses, seed)


def test_count_distinct() -> None:
    pictures = np.zeros((4, 2, 2, 3), np.float32)
    pictures[1] += 0.001  # the same once it has eight bits
    pictures[2] += 0.5
    assert count_distinct(pictures) == 2


def test_a_model_that_ignores_its_latent_values_is_found_out(tmp_path: Path) -> None:
    graph = Graph()
    nothing = graph.op("Mul", graph.op("ReduceMean", "latent", axes=[2]), graph.const(0))
    nothing = graph.op("Unsqueeze", nothing, graph.ints(3, 4))
    graph.op("Add", graph.op("Unsqueeze", "face", graph.ints(1)), nothing, name="output")
    content = graph.model(
        {
            "face": ["N", 3, SIZE, SIZE],
            "map": ["N", 1, SIZE, SIZE],
            "latent": ["N", "K", LATENT],
        },
        {"output": ["N", "K", 3, SIZE, SIZE]},
    )
    output = {"kind": "rgb", "latent": LATENT}
    add_model(tmp_path, "same", "reconstruct", content, kind="gan", output=output)
    session = ModelSession(Zoo(tmp_path).get("same"), "cpu")
    made = reconstruct(PHOTO, drawn_map(), face(), session, 3)
    assert made.distinct == 1
    assert made.note == "Tiny same gave 1 different hypotheses of the 3 asked for."


def test_a_model_that_states_its_error(tmp_path: Path) -> None:
    add_model(
        tmp_path, "careful", "reconstruct", reconstruct_model(latent=LATENT, error=0.05),
        kind="gan", output={"kind": "rgb", "latent": LATENT, "error": 1.6},
    )  # fmt: skip
    session = ModelSession(Zoo(tmp_path).get("careful"), "cpu")
    # More hypotheses than fit into one run: the parts are averaged, not added up.
    made = reconstruct(PHOTO, drawn_map(), face(), session, CHUNK + 3, 5)
    assert made.error is not None
    assert made.error.shape == (SIZE, SIZE)
    assert made.error.max() == pytest.approx(1.6 * 0.05)
    assert made.error.min() == 0


def test_a_model_without_the_error_that_its_card_promises_is_refused(tmp_path: Path) -> None:
    add_model(
        tmp_path, "boaster", "reconstruct", reconstruct_model(),
        output={"kind": "rgb", "latent": 0, "error": 1.0},
    )  # fmt: skip
    session = ModelSession(Zoo(tmp_path).get("boaster"), "cpu")
    with pytest.raises(ModelError, match="has no output 'error'"):
        reconstruct(PHOTO, drawn_map(), face(), session)


FINER = {"kind": "rgb", "latent": LATENT, "finer": 2}
"""The output of a model that draws finer pictures besides."""


def test_a_model_that_draws_finer_pictures(tmp_path: Path) -> None:
    content = reconstruct_model(latent=LATENT, finer=2)
    add_model(tmp_path, "fine", "reconstruct", content, kind="gan", output=FINER)
    session = ModelSession(Zoo(tmp_path).get("fine"), "cpu")
    made = reconstruct(PHOTO, drawn_map(), face(), session, CHUNK + 3, 5)
    assert made.finer is not None
    twice = made.pictures.repeat(2, axis=1).repeat(2, axis=2)
    np.testing.assert_array_equal(made.finer, twice)


def test_a_face_of_few_pixels_has_no_finer_picture(tmp_path: Path) -> None:
    content = reconstruct_model(size=256, finer=2)
    card = {"size": 256, "eye_distance": 0.30, "eye_y": 0.42, "map_dilation": 1}
    output = {"kind": "rgb", "latent": 0, "finer": 2}
    add_model(tmp_path, "fine", "reconstruct", content, input=card, output=output)
    session = ModelSession(Zoo(tmp_path).get("fine"), "cpu")
    made = reconstruct(PHOTO, drawn_map(), face(), session)
    assert made.alignment.crop_size_in_photo < 256
    assert made.finer is None


@pytest.mark.parametrize(("size", "asked"), [(SIZE, 1.0), (256, 0.0)])
def test_a_finer_picture_is_asked_for_where_the_photo_can_show_it(
    tmp_path: Path, size: int, asked: float
) -> None:
    content = reconstruct_model(size=size, latent=LATENT, finer=2, enlarge=True)
    card = {"size": size, "eye_distance": 0.30, "eye_y": 0.42, "map_dilation": 1}
    output = FINER | {"enlarge": True}
    add_model(tmp_path, "fine", "reconstruct", content, kind="gan", input=card, output=output)
    session = ModelSession(Zoo(tmp_path).get("fine"), "cpu")
    given = inputs_given(session)
    made = reconstruct(PHOTO, drawn_map(), face(), session, 2)
    assert given[0]["enlarge"].tolist() == [asked]
    assert (made.finer is not None) == bool(asked)
    if made.finer is not None:
        twice = made.pictures.repeat(2, axis=1).repeat(2, axis=2)
        np.testing.assert_array_equal(made.finer, twice)


def test_a_finer_picture_of_another_size_than_the_card_says_is_refused(tmp_path: Path) -> None:
    content = reconstruct_model(latent=LATENT, finer=3)
    add_model(tmp_path, "fine", "reconstruct", content, kind="gan", output=FINER)
    session = ModelSession(Zoo(tmp_path).get("fine"), "cpu")
    with pytest.raises(ModelError, match=r"has the output 'finer' of shape .*96"):
        reconstruct(PHOTO, drawn_map(), face(), session)


def test_the_first_hypothesis_lies_near_the_centre_where_the_card_says_so() -> None:
    usual = latents(7, range(3), 5)
    central = latents(7, range(3), 5, central=0.25)
    assert np.allclose(central[0], usual[0] * 0.25)
    assert np.array_equal(central[1:], usual[1:])


def test_antithetic_hypotheses_come_in_pairs_of_opposites() -> None:
    usual = latents(7, range(6), 5)
    values = latents(7, range(6), 5, antithetic=True)
    assert np.array_equal(values[[0, 1, 3, 5]], usual[[0, 1, 3, 5]])
    assert np.array_equal(values[[2, 4]], -usual[[1, 3]])
    # However many are made at a time, a hypothesis is the same.
    assert np.array_equal(latents(7, range(4, 6), 5, antithetic=True), values[4:])


def test_further_hypotheses_go_through_all_modes_before_one_comes_again() -> None:
    values = latents(7, range(9), 6, central=0.1, modes=4)
    chosen = values[1:, :4].argmax(axis=1)
    assert sorted(chosen[:4]) == sorted(chosen[4:]) == [0, 1, 2, 3]
    for row, mode in zip(values[1:, :4], chosen, strict=True):
        assert row[mode] == CHOSEN
        assert np.count_nonzero(row) == 1
    # The others are as they come, and the first hypothesis has no mode chosen for it.
    assert np.array_equal(values[1:, 4:], latents(7, range(1, 9), 6)[:, 4:])
    assert np.array_equal(values[0], latents(7, range(1), 6, central=0.1)[0])
    # However many are made at a time, a hypothesis is the same; another seed has another order.
    assert np.array_equal(latents(7, range(5, 9), 6, modes=4), values[5:])
    orders = {tuple(latents(seed, range(1, 5), 6, modes=4)[:, :4].argmax(axis=1)) for seed in range(20)}
    assert len(orders) > 5
