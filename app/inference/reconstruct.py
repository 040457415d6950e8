"""The third stage: hypotheses of what the map hides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment, align, widen_to_map
from app.imaging.composite import prepare_face_input
from app.imaging.detail import LARGER
from app.imaging.face import Face
from app.inference.contract import output
from app.inference.session import CancelToken, ModelSession

CHOSEN = np.float32(3.0)
"""The value that chooses a mode, where those of the others are 0: hardly a larger one is ever drawn
from a normal distribution."""

CHUNK = 8
"""Hypotheses per run: the face is encoded once per run, and memory stays bounded."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Reconstruction:
    """One model's hypotheses for one face.

    Attributes:
        pictures: (K, S, S, C) float32 0..1, aligned; C is 3, or 1 for a sketch.
        alignment: brings the pictures back to the photo.
        requested: how many hypotheses were asked for.
        distinct: how many different ones `pictures` holds (compared as 8-bit pictures).
        seed: chose them together with their number.
        error: (S, S) float32, half the width of the interval around the hypotheses' mean that holds
            the truth with :data:`app.inference.card.COVERAGE`; None where the model does not say.
        finer: (K, F, F, C) float32 0..1, the pictures in more detail, the visible face included; None
            where the model draws none, or the photo has too few pixels to show it.
        note: why there are fewer than requested, one sentence; empty otherwise.
    """

    pictures: NDArray[np.float32]
    alignment: Alignment
    requested: int
    distinct: int
    seed: int
    error: NDArray[np.float32] | None = None
    finer: NDArray[np.float32] | None = None
    note: str = ""


def reconstruct(
    photo_rgb: NDArray[np.uint8],
    map: NDArray[np.bool_],
    face: Face,
    session: ModelSession,
    hypotheses: int = 1,
    seed: int = 0,
    cancel: CancelToken | None = None,
    progress: Callable[[int, int], None] | None = None,
    own: NDArray[np.bool_] | None = None,
) -> Reconstruction:
    """Let a model fill in what the map hides of a face.

    Args:
        photo_rgb: (H, W, 3) uint8.
        map: (H, W) bool, True is hidden.
        face: the face to reconstruct.
        session: a session of a ``reconstruct`` model.
        hypotheses: how many to make, at least 1; a model without latent values has one answer only.
        seed: not negative; hypothesis k depends on the seed and k alone, not on how many are made.
        cancel: stops the work.
        progress: told how many of how many hypotheses are made, from the calling thread.
        own: (H, W) bool, the part of the map that is this face's; None takes the whole map.

    Raises:
        ValueError: `hypotheses` or `seed` out of range.
        Cancelled, ModelError: see :meth:`ModelSession.run`.
    """
    if hypotheses < 1 or seed < 0:
        raise ValueError(f"hypotheses {hypotheses} must be positive, seed {seed} not negative")
    card = session.model.card
    spec = card.input.alignment
    alignment = widen_to_map(align(face, spec), map if own is None else own, spec)
    picture, hidden = prepare_face_input(
        photo_rgb, map, alignment, card.input.size, dilation=card.input.map_dilation
    )
    inputs = {
        "face": np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32),
        "map": np.ascontiguousarray(hidden[None, None], np.float32),
    }
    count = hypotheses if card.output.latent else 1
    large = alignment.crop_size_in_photo >= LARGER * card.input.size
    finer = bool(card.output.finer) and large
    if card.output.enlarge:
        inputs["enlarge"] = np.array([finer], np.float32)
    parts: list[NDArray[np.float32]] = []
    finer_parts: list[NDArray[np.float32]] = []
    error = np.zeros((card.input.size, card.input.size), np.float32)
    for start in range(0, count, CHUNK):
        numbers = range(start, min(count, start + CHUNK))
        if card.output.latent:
            values = latents(
                seed,
                numbers,
                card.output.latent,
                central=card.output.central,
                antithetic=card.output.antithetic,
                modes=card.output.modes,
            )
            inputs["latent"] = values[None]
        outputs = session.run(inputs, cancel)
        result = output(session.model, outputs, "output")[0]
        if card.output.error:
            weight = np.float32(card.output.error * len(numbers) / count)
            error += weight * output(session.model, outputs, "error")[0, 0]
        parts.append(_pictures(result[: len(numbers)]))
        if finer:
            detailed = output(session.model, outputs, "finer")[0, : len(numbers)]
            finer_parts.append(_pictures(detailed))
        if progress is not None:
            progress(numbers.stop, count)
    pictures = np.ascontiguousarray(np.concatenate(parts))
    distinct = count_distinct(pictures)
    return Reconstruction(
        pictures=pictures,
        alignment=alignment,
        requested=hypotheses,
        distinct=distinct,
        seed=seed,
        error=error if card.output.error else None,
        finer=np.concatenate(finer_parts) if finer else None,
        note=_note(card.title, hypotheses, distinct, latent=card.output.latent),
    )


def _pictures(result: NDArray[np.float32]) -> NDArray[np.float32]:
    """(K, C, S, S) of a model as pictures (K, S, S, C) in 0..1."""
    return np.clip(result, 0, 1).transpose(0, 2, 3, 1)


def latents(
    seed: int,
    numbers: range,
    length: int,
    *,
    central: float = 1.0,
    antithetic: bool = False,
    modes: int = 0,
) -> NDArray[np.float32]:
    """The latent values of hypotheses.

    Args:
        seed: not negative.
        numbers: the hypotheses, counted from 0.
        length: values per hypothesis.
        central: factor of the first hypothesis's values, see the card.
        antithetic: whether number 2 has the negative values of number 1, 4 those of 3, and so on, see
            the card.
        modes: how many modes there are, see the card; 0 for none.

    Returns:
        (len(numbers), length) float32, standard normal but for the values that choose a mode.
    """

    def row(number: int) -> NDArray[np.float32]:
        if number == 0:
            return np.float32(central) * _normal(seed, 0, length)
        if antithetic and number % 2 == 0:
            return -_normal(seed, number - 1, length)
        values = _normal(seed, number, length)
        if modes:
            values[:modes] = 0
            values[_mode(seed, number - 1, modes)] = CHOSEN
        return values

    return np.stack([row(number) for number in numbers])


def _mode(seed: int, place: int, modes: int) -> int:
    """The mode of the hypothesis at a place among the further ones, counted from 0."""
    order = np.random.Generator(np.random.PCG64([seed, place // modes, 1])).permutation(modes)
    return int(order[place % modes])


def _normal(seed: int, number: int, length: int) -> NDArray[np.float32]:
    return np.random.Generator(np.random.PCG64([seed, number])).standard_normal(length, np.float32)


def count_distinct(pictures: NDArray[np.float32]) -> int:
    """How many of the pictures (K, S, S, C) differ once they are 8-bit pictures."""
    return len({np.round(picture * 255).astype(np.uint8).tobytes() for picture in pictures})


def _note(title: str, requested: int, distinct: int, *, latent: int) -> str:
    if distinct >= requested:
        return ""
    if not latent:
        return f"{title} has one answer only; {requested} hypotheses were asked for."
    return f"{title} gave {distinct} different hypotheses of the {requested} asked for."
