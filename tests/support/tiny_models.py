"""A whole zoo of tiny but real ONNX models, and photos that they understand.

They run in the real ONNX Runtime through the real code and obey the real contract, so everything but
the quality of the pictures can be tested with them. They see colours instead of faces:

- a green or red block is a masked face, the yellow or magenta block in it is the mask;
- a blue block is a face without a mask.

`draw_photo` draws such photos; a locator made with `fixed_box` finds a face anywhere instead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from app.imaging.face import Box
from app.inference.card import Card, write_card

SIZE = 32
"""Side of the tiny models' crops."""

LONG_SIDE = 128
"""Longer side of the tiny locator's input."""

LATENT = 4

SKIN = (0.8, 0.6, 0.5)
"""What the tiny RGB model puts into the map."""

Shapes = dict[str, Sequence[int | str]]

OPSET = 17
IR_VERSION = 8

GREEN, YELLOW = (20, 220, 20), (220, 220, 20)
RED, MAGENTA = (220, 20, 20), (220, 20, 220)
BLUE = (20, 20, 220)


@dataclass(frozen=True)
class DrawnFace:
    """A block that the tiny locator takes for a face.

    Attributes:
        box: x0, y0, x1, y1 in whole photo pixels.
        masked: whether its lower half is a mask.
        second: masked faces only: red and magenta instead of green and yellow, so that a photo can
            have two.
    """

    box: tuple[int, int, int, int]
    masked: bool = True
    second: bool = False


def draw_photo(width: int, height: int, faces: Sequence[DrawnFace]) -> NDArray[np.uint8]:
    """A photo (H, W, 3) uint8 RGB with a dark, never constant background and these faces."""
    noise = np.random.Generator(np.random.PCG64(7))
    photo = noise.integers(60, 90, (height, width, 3), dtype=np.uint8)
    for face in faces:
        x0, y0, x1, y1 = face.box
        skin, mask = (RED, MAGENTA) if face.second else (GREEN, YELLOW)
        photo[y0:y1, x0:x1] = skin if face.masked else BLUE
        if face.masked:
            a0, b0, a1, b1 = drawn_mask(face)
            photo[b0:b1, a0:a1] = mask
    return photo


def drawn_mask(face: DrawnFace) -> tuple[int, int, int, int]:
    """The mask of a drawn face: x0, y0, x1, y1."""
    x0, y0, x1, y1 = face.box
    return x0 + (x1 - x0) // 8, (y0 + y1) // 2, x1 - (x1 - x0) // 8, y1 - (y1 - y0) // 16


class Graph:
    """A graph under construction; every method returns the name of a tensor."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def const(self, value: Any, dtype: type[np.generic] = np.float32) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def op(self, kind: str, *inputs: str, name: str | None = None, **attributes: Any) -> str:
        output = name or f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def ints(self, *values: int) -> str:
        return self.const(values, np.int64)

    def channels(self, picture: str) -> list[str]:
        """Red, green, blue of (N, 3, H, W), each (N, 1, H, W)."""
        names = [f"{picture}_{colour}" for colour in "rgb"]
        sizes = self.ints(1, 1, 1)
        self.nodes.append(helper.make_node("Split", [picture, sizes], names, axis=1))
        return names

    def all_of(self, first: str, *others: str) -> str:
        for other in others:
            first = self.op("And", first, other)
        return first

    def model(
        self,
        inputs: Mapping[str, Sequence[int | str]],
        outputs: Mapping[str, Sequence[int | str]],
    ) -> bytes:
        """The finished ONNX file, checked."""
        graph = helper.make_graph(
            self.nodes,
            "tiny",
            [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs.items()],
            [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outputs.items()],
            self.constants,
        )
        opsets = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())


def locate_model(fixed_box: Box | None = None) -> bytes:
    """Finds the green, the red and the blue block; with `fixed_box` always that one box instead.

    Args:
        fixed_box: x0, y0, x1, y1 as fractions of the input's width and height.
    """
    graph = Graph()
    inputs: Shapes = {"photo": ["N", 3, "H", "W"]}
    outputs: Shapes = {"boxes": ["N", "A", 4], "scores": ["N", "A"], "masked": ["N", "A"]}
    height, width = _side(graph, 2), _side(graph, 3)
    if fixed_box is not None:
        sides = graph.op("Concat", width, height, width, height, axis=0)
        scaled = graph.op("Mul", sides, graph.const(fixed_box))
        zero = graph.op("Mul", _batch_mean(graph, "photo"), graph.const(0))
        graph.op("Add", scaled, graph.op("Unsqueeze", zero, graph.ints(2)), name="boxes")
        graph.op("Add", zero, graph.const(0.9), name="scores")
        graph.op("Add", zero, graph.const(0.8), name="masked")
        return graph.model(inputs, outputs)
    red, green, blue = graph.channels("photo")
    high = {c: graph.op("Greater", c, graph.const(0.6)) for c in (red, green, blue)}
    low = {c: graph.op("Less", c, graph.const(0.4)) for c in (red, green, blue)}
    blocks = [
        graph.all_of(high[green], low[blue]),
        graph.all_of(high[red], low[green]),
        graph.all_of(high[blue], low[red], low[green]),
    ]
    found = [_block(graph, block, width, height) for block in blocks]
    graph.op("Concat", *(box for box, _ in found), axis=1, name="boxes")
    scores = graph.op("Concat", *(there for _, there in found), axis=1)
    graph.op("Mul", scores, graph.const([0.9, 0.85, 0.8]), name="scores")
    graph.op("Mul", scores, graph.const([0.95, 0.95, 0.0]), name="masked")
    return graph.model(inputs, outputs)


def _side(graph: Graph, axis: int) -> str:
    """One side of the photo, (1,) float."""
    shape = graph.op("Shape", "photo", start=axis, end=axis + 1)
    return graph.op("Cast", shape, to=TensorProto.FLOAT)


def _batch_mean(graph: Graph, picture: str) -> str:
    """(N, 1) of (N, C, H, W): something that has the batch's length."""
    mean = graph.op("ReduceMean", picture, axes=[2, 3], keepdims=0)
    return graph.op("ReduceMean", mean, axes=[1], keepdims=1)


def _block(graph: Graph, pixels: str, width: str, height: str) -> tuple[str, str]:
    """The bounding box (N, 1, 4) of pixels (N, 1, H, W) bool, and whether there are any (N, 1)."""
    number = graph.op("Cast", pixels, to=TensorProto.FLOAT)
    low, high = [], []
    for reduced, side in ((2, width), (3, height)):
        profile = graph.op("ReduceMax", number, axes=[1, reduced], keepdims=0)
        there = graph.op("Greater", profile, graph.const(0.5))
        zero, one = graph.const(0), graph.const(1)
        index = graph.op("Range", zero, graph.op("Squeeze", side), one)
        first = graph.op("Where", there, index, graph.const(9e4))
        last = graph.op("Where", there, graph.op("Add", index, one), graph.const(-1))
        low.append(graph.op("ReduceMin", first, axes=[1], keepdims=1))
        high.append(graph.op("ReduceMax", last, axes=[1], keepdims=1))
    box = graph.op("Concat", low[0], low[1], high[0], high[1], axis=1)
    present = graph.op("ReduceMax", number, axes=[1, 2, 3], keepdims=0)
    return graph.op("Unsqueeze", box, graph.ints(1)), graph.op("Unsqueeze", present, graph.ints(1))


def mean_face() -> NDArray[np.float32]:
    """(68, 2): a frontal face in the unit crop that the tiny aligner gives for every face."""
    angle = np.linspace(np.pi, 0, 17)
    jaw = np.column_stack([0.5 + 0.36 * np.cos(angle), 0.42 + 0.46 * np.sin(angle)])
    brows = [np.column_stack([np.linspace(x, x + 0.18, 5), np.full(5, 0.29)]) for x in (0.25, 0.57)]
    bridge = np.column_stack([np.full(4, 0.5), np.linspace(0.38, 0.52, 4)])
    nostrils = np.column_stack([np.linspace(0.43, 0.57, 5), np.full(5, 0.56)])
    eyes = [_ring(x, 0.38, 0.06, 0.02, 6) for x in (0.34, 0.66)]
    mouth = [_ring(0.5, 0.70, 0.13, 0.05, 12), _ring(0.5, 0.70, 0.08, 0.02, 8)]
    points = np.concatenate([jaw, *brows, bridge, nostrils, *eyes, *mouth])
    return points.astype(np.float32)


def _ring(x: float, y: float, width: float, height: float, count: int) -> NDArray[np.float64]:
    angle = np.linspace(np.pi, -np.pi, count, endpoint=False)
    return np.column_stack([x + width * np.cos(angle), y - height * np.sin(angle)])


def align_model(size: int = SIZE) -> bytes:
    """Gives :func:`mean_face` for every crop."""
    graph = Graph()
    zero = graph.op("Mul", _batch_mean(graph, "face"), graph.const(0))
    graph.op(
        "Add", graph.op("Unsqueeze", zero, graph.ints(2)), graph.const(mean_face()[None]),
        name="landmarks",
    )  # fmt: skip
    return graph.model({"face": ["N", 3, size, size]}, {"landmarks": ["N", 68, 2]})


def map_model(size: int = SIZE) -> bytes:
    """Yellow and magenta are mask."""
    graph = Graph()
    red, green, blue = graph.channels("face")
    one = graph.const(1)
    yellow = graph.op("Min", red, green, graph.op("Sub", one, blue))
    magenta = graph.op("Min", red, blue, graph.op("Sub", one, green))
    most = graph.op("Max", yellow, magenta)
    graph.op("Mul", graph.op("Sub", most, graph.const(0.5)), graph.const(8), name="logit")
    return graph.model({"face": ["N", 3, size, size]}, {"logit": ["N", 1, size, size]})


def reconstruct_model(
    size: int = SIZE,
    *,
    latent: int = 0,
    sketch: bool = False,
    error: float = 0.0,
    finer: int = 0,
    enlarge: bool = False,
) -> bytes:
    """Fills the map with skin (bright paper in a sketch), tinted by the first latent values.

    With `error` it expects that error everywhere under the map; with `finer` it gives the same picture
    so many times larger besides, black where `enlarge` lets it be asked and it was not.
    """
    graph = Graph()
    channels = 1 if sketch else 3
    inputs: Shapes = {
        "face": ["N", 3, size, size],
        "map": ["N", 1, size, size],
    }
    visible = graph.op("ReduceMean", "face", axes=[1], keepdims=1) if sketch else "face"
    skin = graph.const(0.9 if sketch else np.reshape(SKIN, (1, 3, 1, 1)))
    filled = graph.op("Add", visible, graph.op("Mul", "map", skin))
    picture = graph.op("Unsqueeze", filled, graph.ints(1))
    if latent:
        inputs["latent"] = ["N", "K", latent]
        first = graph.op("Slice", "latent", graph.ints(0), graph.ints(channels), graph.ints(2))
        tint = graph.op("Mul", first, graph.const(0.1))
        tint = graph.op("Unsqueeze", tint, graph.ints(3, 4))
        where = graph.op("Unsqueeze", "map", graph.ints(1))
        picture = graph.op("Add", picture, graph.op("Mul", tint, where))
    graph.op("Clip", picture, graph.const(0), graph.const(1), name="output")
    outputs: Shapes = {"output": ["N", "K" if latent else 1, channels, size, size]}
    if error:
        graph.op("Mul", "map", graph.const(error), name="error")
        outputs["error"] = ["N", 1, size, size]
    if finer:
        scales = graph.const([1, 1, 1, finer, finer])
        larger = graph.op("Resize", "output", "", scales, mode="nearest")
        if enlarge:
            inputs["enlarge"] = [1]
        graph.op("Mul", larger, "enlarge" if enlarge else graph.const(1), name="finer")
        outputs["finer"] = [*outputs["output"][:3], finer * size, finer * size]
    return graph.model(inputs, outputs)


def slow_model(size: int = SIZE, *, rounds: int = 100_000_000) -> bytes:
    """An RGB reconstruction that counts to `rounds` first: minutes of work that can be cancelled."""
    graph = Graph()
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Sin", ["value"], ["next"]),
        ],
        "round",
        [
            helper.make_tensor_value_info("round", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("value", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", TensorProto.FLOAT, None),
        ],
    )
    trips, go = graph.const(rounds, np.int64), graph.const(True, np.bool_)
    mean = _batch_mean(graph, "face")
    value = graph.op("Loop", trips, go, mean, body=body)
    nothing = graph.op("Mul", value, graph.const(0))
    nothing = graph.op("Unsqueeze", nothing, graph.ints(2, 3))
    filled = graph.op("Add", "face", graph.op("Add", "map", nothing))
    graph.op("Unsqueeze", filled, graph.ints(1), name="output")
    inputs: Shapes = {"face": ["N", 3, size, size], "map": ["N", 1, size, size]}
    return graph.model(inputs, {"output": ["N", 1, 3, size, size]})


def failing_model(size: int = SIZE) -> bytes:
    """An RGB reconstruction that loads well and fails at every run: an index lies beyond its end."""
    graph = Graph()
    mean = graph.op("ReduceMean", "face", axes=[0, 1, 2, 3], keepdims=0)
    index = graph.op("Cast", graph.op("Add", mean, graph.const(7)), to=TensorProto.INT64)
    beyond = graph.op("Gather", graph.const([0.0, 0.0]), index, axis=0)
    filled = graph.op("Add", "face", graph.op("Add", "map", beyond))
    graph.op("Unsqueeze", filled, graph.ints(1), name="output")
    inputs: Shapes = {"face": ["N", 3, size, size], "map": ["N", 1, size, size]}
    return graph.model(inputs, {"output": ["N", 1, 3, size, size]})


def make_card(name: str, task: str, content: bytes, **changes: Any) -> Card:
    """A complete card for one of the tiny models; `changes` replaces whole fields."""
    inputs: dict[str, dict[str, Any]] = {
        "locate": {"size": LONG_SIDE},
        "align": {"size": SIZE, "margin": 1.25},
        "map": {"size": SIZE, "eye_distance": 0.30, "eye_y": 0.42},
        "reconstruct": {"size": SIZE, "eye_distance": 0.30, "eye_y": 0.42, "map_dilation": 1},
    }
    outputs = {"locate": "boxes", "align": "landmarks", "map": "logit", "reconstruct": "rgb"}
    document: dict[str, Any] = {
        "format": 1,
        "name": name,
        "title": f"Tiny {name}",
        "task": task,
        "kind": "rgb" if task == "reconstruct" else None,
        "version": "1",
        "default": True,
        "licence": "MIT",
        "summary": "A tiny model for tests; it sees colours, not faces.",
        "intended_use": "Tests.",
        "limits": ["Knows only drawn blocks."],
        "not_for": ["Photos of people."],
        "input": inputs[task],
        "output": {"kind": outputs[task], "latent": 0},
        "file": {
            "name": "model.onnx",
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "precision": "fp32",
        },
        "training": {
            "recipe": "none",
            "data": "none",
            "data_sha256": "0" * 64,
            "seed": 0,
            "commit": "0000000",
            "images": 0,
            "command": "none",
            "machine": "none",
        },
        "figures": {"val": {"psnr": 10.5, "faces": 3}},
    }
    document.update(changes)
    return Card.model_validate(document)


def add_model(zoo: Path, name: str, task: str, content: bytes, **changes: Any) -> Path:
    """Write one model with its card into a zoo and return its folder."""
    folder = zoo / name
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(content)
    write_card(make_card(name, task, content, **changes), folder)
    return folder


def write_tiny_zoo(folder: Path, *, fixed_box: Box | None = None) -> Path:
    """Write a complete zoo: one model of every task and every kind.

    Args:
        folder: where to write it; made when missing.
        fixed_box: see :func:`locate_model`.

    Returns:
        The folder, with tiny_locate, tiny_align, tiny_map, tiny_rgb, tiny_sketch and tiny_gan; the
        last has latent values.
    """
    add_model(folder, "tiny_locate", "locate", locate_model(fixed_box))
    add_model(folder, "tiny_align", "align", align_model())
    add_model(folder, "tiny_map", "map", map_model())
    add_model(folder, "tiny_rgb", "reconstruct", reconstruct_model())
    add_model(
        folder, "tiny_sketch", "reconstruct", reconstruct_model(sketch=True),
        kind="sketch", output={"kind": "sketch", "latent": 0},
    )  # fmt: skip
    add_model(
        folder, "tiny_gan", "reconstruct", reconstruct_model(latent=LATENT),
        kind="gan", output={"kind": "rgb", "latent": LATENT},
    )  # fmt: skip
    return folder
