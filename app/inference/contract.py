"""The tensors that the application and a model agree on, per task.

All tensors are float32, all pictures NCHW and RGB in 0..1, and the batch N is free:

=============  ==========================================  ==========================================
task           inputs                                      outputs
=============  ==========================================  ==========================================
locate         ``photo`` (N, 3, H, W), sides multiples of  ``boxes`` (N, A, 4) x0, y0, x1, y1 in input
               64, photo at the top left, rest 0.5         pixels; ``scores``, ``masked`` (N, A) 0..1
align          ``face`` (N, 3, S, S), box with margin      ``landmarks`` (N, 68, 2), 0..1 of the crop
map            ``face`` (N, 3, S, S), aligned              ``logit`` (N, 1, S, S), above 0 is mask
reconstruct    ``face`` (N, 3, S, S), aligned, 0 inside    ``output`` (N, K, C, S, S) 0..1; C is 3 for
               the map; ``map`` (N, 1, S, S) 0 or 1; with  rgb and 1 for sketch; K is 1 without latent
               latent: ``latent`` (N, K, Z) normal;        and ``error`` (N, 1, S, S), the absolute error
               where the card says so: ``enlarge`` (1,),   to expect, where the card has a factor for it;
               1 where ``finer`` is wanted, 0 where its    ``finer`` (N, K, C, F S, F S) 0..1, the whole
               values may be anything                      face in more detail, where the card says F
=============  ==========================================  ==========================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.inference.card import Card
from app.inference.errors import ModelError
from app.inference.zoo import Model

Shape = tuple[int | str, ...]
"""A letter is a free dimension."""


def inputs_of(card: Card) -> dict[str, Shape]:
    """The input tensors that a card's model must take."""
    size = card.input.size
    if card.task == "locate":
        return {"photo": ("N", 3, "H", "W")}
    shapes: dict[str, Shape] = {"face": ("N", 3, size, size)}
    if card.task == "reconstruct":
        shapes["map"] = ("N", 1, size, size)
        if card.output.latent:
            shapes["latent"] = ("N", "K", card.output.latent)
        if card.output.enlarge:
            shapes["enlarge"] = (1,)
    return shapes


def outputs_of(card: Card) -> dict[str, Shape]:
    """The output tensors that a card's model must give."""
    size = card.input.size
    if card.task == "locate":
        return {"boxes": ("N", "A", 4), "scores": ("N", "A"), "masked": ("N", "A")}
    if card.task == "align":
        return {"landmarks": ("N", 68, 2)}
    if card.task == "map":
        return {"logit": ("N", 1, size, size)}
    channels = 1 if card.output.kind == "sketch" else 3
    shapes: dict[str, Shape] = {
        "output": ("N", "K" if card.output.latent else 1, channels, size, size)
    }
    if card.output.error:
        shapes["error"] = ("N", 1, size, size)
    if card.output.finer:
        side = card.output.finer * size
        shapes["finer"] = (*shapes["output"][:3], side, side)
    return shapes


def check_contract(model: Model, session: Any) -> None:
    """Compare a loaded model's tensors with what its card promises.

    Args:
        model: the model.
        session: its ``onnxruntime.InferenceSession``.

    Raises:
        ModelError: one sentence that names the tensor.
    """
    _compare(model, "input", inputs_of(model.card), session.get_inputs())
    _compare(model, "output", outputs_of(model.card), session.get_outputs())


def _compare(model: Model, role: str, wanted: dict[str, Shape], found: Sequence[Any]) -> None:
    given = {tensor.name: tensor for tensor in found}
    if role == "input" and set(given) - set(wanted):
        extra = sorted(set(given) - set(wanted))[0]
        raise _misfit(model, f"asks for an input '{extra}' that no {model.card.task} model has")
    for name, shape in wanted.items():
        if name not in given:
            raise _misfit(model, f"has no {role} '{name}'")
        tensor = given[name]
        if tensor.type != "tensor(float)":
            raise _misfit(model, f"has the {role} '{name}' as {tensor.type}, not tensor(float)")
        if not _fits(shape, tensor.shape, free_must_be_free=role == "input"):
            raise _misfit(
                model, f"has the {role} '{name}' of shape {_text(tensor.shape)}, not {_text(shape)}"
            )


def _fits(wanted: Shape, found: Sequence[int | str | None], *, free_must_be_free: bool) -> bool:
    """Whether a declared shape can be the wanted one; ONNX files often leave dimensions open."""
    if len(wanted) != len(found):
        # Shape inference gives up on some operators; an output without any shape is checked at run.
        return not free_must_be_free and len(found) == 0
    for want, have in zip(wanted, found, strict=True):
        if isinstance(have, int) and (want != have if isinstance(want, int) else free_must_be_free):
            return False
    return True


def _text(shape: Sequence[int | str | None]) -> str:
    return "(" + ", ".join("?" if side is None else str(side) for side in shape) + ")"


def _misfit(model: Model, what: str) -> ModelError:
    return ModelError(
        f"The model file {model.path} {what}, so it is no {model.card.task} model as its card says; "
        "export it again or correct the card."
    )


def check_inputs(model: Model, inputs: Mapping[str, NDArray[np.float32]]) -> None:
    """Guard against a caller's mistake: every input there, float32, of the contract's shape.

    Raises:
        ValueError: it is a programming error, not the user's.
    """
    wanted = inputs_of(model.card)
    if set(inputs) != set(wanted):
        raise ValueError(f"inputs {sorted(inputs)} instead of {sorted(wanted)}")
    for name, shape in wanted.items():
        tensor = inputs[name]
        if tensor.dtype != np.float32 or not matches(shape, tensor.shape):
            raise ValueError(f"{name} is {tensor.dtype} {tensor.shape}, not float32 {shape}")


def matches(wanted: Shape, shape: tuple[int, ...]) -> bool:
    """Whether an array's shape is the wanted one."""
    return len(wanted) == len(shape) and all(
        isinstance(want, str) or want == have for want, have in zip(wanted, shape, strict=True)
    )


def output(
    model: Model, outputs: Mapping[str, NDArray[np.float32]], name: str
) -> NDArray[np.float32]:
    """One output of a run, its shape checked.

    Raises:
        ModelError: the model gave another shape than its card promises.
    """
    shape = outputs_of(model.card)[name]
    value = outputs[name]
    if not matches(shape, value.shape):
        raise _misfit(model, f"gave '{name}' of shape {_text(value.shape)}, not {_text(shape)}")
    return value


def to_tensor(pictures: NDArray[np.generic]) -> NDArray[np.float32]:
    """uint8 pictures (N, H, W, C) as contiguous float32 (N, C, H, W) in 0..1."""
    scaled = np.multiply(pictures, np.float32(1 / 255), dtype=np.float32)
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))
