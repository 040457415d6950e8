"""What scripts/performance.py measures with: interleaved rounds, floors, the stages, their memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import onnxruntime

from app.imaging.photo import Photo, decode_photo, photo_from_array
from app.inference import mapping
from app.inference.boxes import letterbox
from app.inference.locate import find_landmarks
from app.inference.reconstruct import reconstruct
from app.inference.session import ModelSession, Tensors
from app.inference.zoo import Model
from app.sample import sample_photo
from app.workbench import Workbench

ROOT = Path(__file__).resolve().parents[1]
MEGAPIXELS = (1, 4, 12, 24, 48)
FACES = (1, 2, 4, 8)
STAGES = ("decode", "locate", "align", "map", "reconstruct", "composite", "write")
Work = Callable[[], object]


# --- measuring -------------------------------------------------------------------------------------


def measure(cases: Mapping[str, Work], rounds: int) -> dict[str, float]:
    """Processor seconds of each case, the least of rounds in which every case has its turn.

    Other work on the machine only ever adds to a time, so that the least is the truest.
    """
    times: dict[str, list[float]] = {name: [] for name in cases}
    for turn in range(rounds + 1):
        for name, work in cases.items():
            began = time.process_time()
            work()
            if turn:  # the first warms up
                times[name].append(time.process_time() - began)
    return {name: min(values) for name, values in times.items()}


@dataclass(frozen=True)
class Machine:
    """What one core can do at most.

    Attributes:
        operations: float32 multiplications and additions per second, of a large matrix product.
        bytes: copied per second, read and written each counted once.
    """

    operations: float
    bytes: float


SIDE, COPIED = 768, 16_000_000
"""Of the matrix product, and the values that are copied."""


def yardsticks() -> dict[str, Work]:
    """What a core can do at most, to be measured in the same rounds as what is held against it."""
    a, b = (np.random.default_rng(0).random((SIDE, SIDE), np.float32) for _ in range(2))
    product = _product()
    source = np.ones(COPIED, np.float32)
    target = np.empty_like(source)
    return {
        "product": lambda: product.run(None, {"a": a, "b": b}),
        "copy": lambda: np.copyto(target, source),
    }


def _product() -> Any:
    """A matrix product in ONNX Runtime, whose kernels are quicker than NumPy's."""
    sides = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [SIDE, SIDE])
        for name in "abc"
    ]
    node = onnx.helper.make_node("MatMul", ["a", "b"], ["c"])
    graph = onnx.helper.make_graph([node], "product", sides[:2], sides[2:])
    opsets = [onnx.helper.make_opsetid("", 17)]
    model = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def machine_of(times: Mapping[str, float]) -> Machine:
    """The speed of one core, from the times of :func:`yardsticks`."""
    return Machine(2 * SIDE**3 / times["product"], 2 * 4 * COPIED / times["copy"])


# --- counting --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cost:
    """What a run of a model cannot do without.

    Attributes:
        operations: multiplications and additions of convolutions and matrix products.
        bytes: of weights, inputs and outputs, as float32, each moved once.
    """

    operations: float
    bytes: float

    def floor(self, machine: Machine) -> float:
        """Seconds."""
        return max(self.operations / machine.operations, self.bytes / machine.bytes)


def count(content: bytes, inputs: Tensors) -> Cost:
    """Count from the graph, with the shapes that a real run has."""
    model = onnx.load_from_string(content)
    weights = {each.name: tuple(each.dims) for each in model.graph.initializer}
    known = {each.name for each in model.graph.output}
    names = [name for node in model.graph.node for name in node.output if name]
    for name in names:
        if name not in known:
            model.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    values = session.run(names, dict(inputs))
    shapes: dict[str, tuple[int, ...]] = dict(weights)
    shapes |= {name: tuple(np.shape(value)) for name, value in zip(names, values, strict=True)}
    shapes |= {name: value.shape for name, value in inputs.items()}
    operations = sum(_operations(node, shapes) for node in model.graph.node)
    moved = [*weights.values(), *(value.shape for value in inputs.values())]
    moved += [shapes[name] for name in known]
    return Cost(operations, 4.0 * sum(float(np.prod(shape)) for shape in moved))


def _operations(node: Any, shapes: Mapping[str, tuple[int, ...]]) -> float:
    if node.op_type in ("Conv", "ConvTranspose"):
        weight = shapes[node.input[1]]
        # Every weight of a filter meets every position of the larger of what it reads and writes.
        places = shapes[node.output[0] if node.op_type == "Conv" else node.input[0]]
        return 2.0 * float(np.prod(weight)) * places[0] * float(np.prod(places[2:]))
    if node.op_type in ("MatMul", "Gemm"):
        left, out = shapes[node.input[0]], shapes[node.output[0]]
        transposed = any(each.name == "transA" and each.i for each in node.attribute)
        return 2.0 * float(np.prod(out)) * (left[0] if transposed else left[-1])
    return 0.0


# --- what is measured ------------------------------------------------------------------------------


class Bench:
    """The shipped models with one thread, and photos to use them on."""

    def __init__(self, threads: int = 1) -> None:
        self.bench = Workbench([ROOT / "model_zoo"], device="cpu", threads=threads)
        self.sample = sample_photo()
        self.faces = self.bench.locate(self.sample)
        self.map = self.bench.map(self.sample, self.faces)

    def session(self, task: Any, name: str | None = None) -> ModelSession:
        """A session of a model."""
        return self.bench.session(task, name)

    def photo(self, megapixels: float) -> Photo:
        """The sample case in a larger photo, 4 : 3."""
        height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
        width = height * 4 // 3
        return photo_from_array(
            np.ascontiguousarray(cv2.resize(np.asarray(self.sample.rgb), (width, height)))
        )

    def stages(self, megapixels: float, folder: Path) -> dict[str, Work]:
        """Each stage of one face in a photo of some size."""
        photo = self.photo(megapixels)
        jpeg = cv2.imencode(".jpg", photo.rgb[:, :, ::-1])[1].tobytes()
        faces = self.bench.locate(photo)
        found = self.bench.map(photo, faces)
        face = max(faces, key=lambda each: each.masked)
        outcome = self.bench.reconstruct(photo, faces, found, model="rgb")
        box = np.array([face.box], np.float32)
        rgb_session = self.session("reconstruct", "rgb")
        return {
            "decode": lambda: decode_photo(jpeg, "photo.jpg"),
            "locate": lambda: self.bench.locate(photo),
            "align": lambda: find_landmarks(photo.rgb, box, self.session("align")),
            "map": lambda: mapping.map_each(photo.rgb, [face], self.session("map")),
            "reconstruct": lambda: reconstruct(photo.rgb, found, face, rgb_session),
            "composite": lambda: self.bench.reconstruct(photo, faces, found, model="rgb"),
            "write": lambda: self.bench.export_composite(
                outcome, 1, folder / "composite.png", force=True
            ),
        }


def inputs_of(model: Model, faces: int, photo: Photo) -> Tensors:
    """What a stage gives its model for some faces."""
    card = model.card.input
    rng = np.random.default_rng(1)
    if model.card.task == "locate":
        return {"photo": letterbox(photo.rgb, (card.sizes or (card.size,))[0]).tensor}
    tensors: Tensors = {"face": rng.random((faces, 3, card.size, card.size), np.float32)}
    if model.card.task == "reconstruct":
        tensors["map"] = (rng.random((faces, 1, card.size, card.size)) > 0.5).astype(np.float32)
        if model.card.output.latent:
            shape = (faces, 1, model.card.output.latent)
            tensors["latent"] = rng.standard_normal(shape).astype(np.float32)
        if model.card.output.enlarge:
            tensors["enlarge"] = np.ones(1, np.float32)
    return tensors


def peak_memory(stage: str, megapixels: float) -> float:
    """Megabytes at most that one stage takes, beyond the loaded models and the photo."""
    script = str(ROOT / "scripts" / "performance.py")
    run = subprocess.run(
        [sys.executable, script, "--memory", stage, "--megapixels", str(megapixels)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(run.stdout.split()[-1])


def print_memory(stage: str, megapixels: float) -> None:
    """In a process of its own: the peak while a stage runs, above what was resident before."""
    bench = Bench()
    with tempfile.TemporaryDirectory() as folder:
        work = bench.stages(megapixels, Path(folder))[stage]
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak until now
        before = _status("VmRSS")
        work()
        print(max(0.0, _status("VmHWM") - before))


def _status(name: str) -> float:
    """A line of the process's status in MB."""
    line = next(
        each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith(name)
    )
    return float(line.split()[1]) / 1024
