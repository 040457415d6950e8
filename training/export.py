"""From averaged weights to a folder of the zoo.

ONNX with 16-bit weights, checked against torch, and the card beside it.
"""

from __future__ import annotations

import itertools
import json
import logging
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from app.inference.card import CARD_FILE, Card, Kind, read_card, write_card
from app.inference.errors import CardError
from training.branches import every_graph, move_into_branches
from training.cards import make_card
from training.export_stage import staged
from training.run_folder import WEIGHTS
from training.system import Graph as Graph
from training.system import Recipe
from training.tasks import system_of
from training.weights import BROKEN, HALF_SUFFIX, MERGED

log = logging.getLogger(__name__)

OPSET = 18

MODEL = "model.onnx"
"""The exported file's name in the model's folder."""

COPY = ".model-"
"""What the name of a second copy begins with, which is there while a model is replaced."""

LEAST_HALVED = 256
"""Initialisers with fewer values stay in 32 bit: halving a bias saves nothing."""

PATCH = 12
"""Side in pixels of the patches of the random pictures that an exported model is compared on."""

TOLERANCE = 0.005
"""Largest difference between torch (32 bit) and the exported model (16-bit weights) that is accepted."""


class InexactError(ValueError):
    """The exported model does not give torch's numbers."""


def check_free(folder: Path, *, force: bool) -> None:
    """Raise ValueError where a model's folder is there already and must not be replaced."""
    if folder.exists() and not force:
        raise ValueError(
            f"{folder} exists already; give --name another name, or --force to replace the model."
        )


def export_run(
    recipe: Recipe, run: Path, runs: Path, folder: Path, *, kind: Kind | None, version: str
) -> tuple[Card, float]:
    """Make a run a model of the zoo; what lies in the folder is replaced once all of it is made.

    Args:
        recipe: of the run.
        run: the run's folder.
        runs: the folder of the runs.
        folder: of the model, named like it.
        kind: of a reconstruction.
        version: of the model.

    Returns:
        The card, still without figures, and the largest difference to torch.

    Raises:
        OSError, ValueError: a file of the run is missing or damaged, or the model would not give torch's
            numbers; a model that was there is as it was.
    """
    system = system_of(recipe)
    latent = system.latent(recipe)
    graph = graph_of(
        recipe,
        system.exported(recipe, _weights(run), runs, sketch=kind == "sketch"),
        sketch=kind == "sketch",
        latent=bool(latent),
    )
    # In the zoo, so that it can be moved to its place; one folder deeper, where no zoo looks for models.
    with staged(folder.parent) as made:
        stage = made / folder.name
        try:
            difference = export_onnx(graph, stage / MODEL)
        except InexactError as error:
            raise ValueError(
                f"{folder / MODEL} was not written from {run}: {error}; look at its losses and train it "
                "again, with a lower rate where they grew."
            ) from error
        card = make_card(
            recipe,
            run,
            stage / MODEL,
            name=folder.name,
            kind=kind,
            version=version,
            latent=latent,
            runs=runs,
        )
        write_card(card, stage)
        _put(stage, card, folder)
    return card, difference


def _put(stage: Path, card: Card, folder: Path) -> None:
    """Move a model that is made to its place; whatever ends this process, a whole model lies there.

    A card names its file and is replaced in one step. While the file of the usual name is exchanged it
    names a copy of another name, which the next export takes away where it was left behind.
    """
    if not folder.exists():
        stage.replace(folder)
        return
    copy = f"{COPY}{card.file.sha256[:12]}.onnx"
    aside = stage.parent / "aside" / folder.name
    aside.mkdir(parents=True)
    shutil.copyfile(stage / MODEL, aside / copy)
    renamed = card.file.model_copy(update={"name": copy})
    write_card(card.model_copy(update={"file": renamed}), aside)
    try:
        for name in (copy, CARD_FILE):
            (aside / name).replace(folder / name)
        (stage / MODEL).replace(folder / MODEL)
        (stage / CARD_FILE).replace(folder / CARD_FILE)
    finally:
        # Of a card that nobody can read it is not known which file it names.
        with suppress(CardError):
            named = read_card(folder).file.name
            for file in folder.glob(f"{COPY}*.onnx"):
                if file.name != named:
                    file.unlink()


def _weights(run: Path) -> dict[str, Tensor]:
    path = run / WEIGHTS
    try:
        weights: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    except BROKEN as error:
        if isinstance(error, OSError) and error.filename:
            raise
        raise ValueError(
            f"The weights {path} are damaged; copy them again, or continue the run, which writes them "
            "anew."
        ) from error
    return weights


def graph_of(
    recipe: Recipe, weights: dict[str, Tensor], *, sketch: bool = False, latent: bool = True
) -> Graph:
    """The exportable network of a recipe; see :meth:`training.system.System.graph`."""
    return system_of(recipe).graph(recipe, weights, sketch=sketch, latent=latent)


def export_onnx(graph: Graph, path: Path) -> float:
    """Write a network as ONNX with 16-bit weights and check it against torch.

    Args:
        graph: the network.
        path: the file to write.

    Returns:
        The largest absolute difference to torch on random inputs of several batch sizes.

    Raises:
        InexactError: the difference is larger than TOLERANCE; no file is left.
    """
    module = graph.module.eval()
    with _without_notes():
        program = torch.onnx.export(
            module,
            graph.inputs,
            dynamo=True,
            opset_version=OPSET,
            input_names=list(graph.names),
            output_names=list(graph.outputs),
            dynamic_shapes=tuple(graph.dynamic),
            external_data=False,
            verbose=False,
        )
    assert program is not None
    model = program.model_proto
    merged = merged_weights(model, module)
    halve_weights(model)
    del model.metadata_props[:]
    if merged:
        helper.set_model_props(model, {MERGED: json.dumps(merged)})
    move_into_branches(model.graph)
    _strip(model.graph)
    onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)
    difference = compare(graph, path)
    if difference > TOLERANCE:
        path.unlink()
        raise InexactError(f"it differs from torch by {difference:.4f}, more than {TOLERANCE}")
    return difference


def _strip(whole: onnx.GraphProto) -> None:
    """Take out the exporter's notes, here and in the branches of conditions.

    They name the source file and line of every node, paths of this machine included.
    """
    for graph in every_graph(whole):
        noted = (graph.node, graph.value_info, graph.input, graph.output, graph.initializer)
        for each in itertools.chain(*noted):
            del each.metadata_props[:]
        for node in graph.node:
            node.doc_string = ""


def merged_weights(model: onnx.ModelProto, module: nn.Module) -> dict[str, str]:
    """Weights that the exporter keeps once under another one's name, because both are the same.

    Without this a model could not be started from while two of its weights are still equal.

    Returns:
        By the name of the weight that is gone, the name of the one that stands for it.
    """
    kept = {
        tensor.name: numpy_helper.to_array(tensor)
        for tensor in model.graph.initializer
        if tensor.data_type == TensorProto.FLOAT
    }
    merged: dict[str, str] = {}
    for name, value in module.state_dict().items():
        if name in kept:
            continue
        own = value.numpy()
        twin = next((other for other, held in kept.items() if np.array_equal(own, held)), None)
        if twin is not None:
            merged[name] = twin
    return merged


@contextmanager
def _without_notes() -> Iterator[None]:
    """Keep the exporter from speaking of its own future and of packages that our graphs do not need."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def compare(graph: Graph, path: Path) -> float:
    """Largest absolute difference between torch and the exported model, relative for outputs above 1.

    Infinite when either gives a value that is no number.
    """
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    generator = torch.Generator().manual_seed(0)
    for count in (1, 2, 5):
        inputs = []
        for example, name in zip(graph.inputs, graph.names, strict=True):
            shape = (count, *example.shape[1:])
            if name == "enlarge":
                inputs.append(example)
                continue
            if name == "latent":
                inputs.append(torch.randn(shape, generator=generator))
                continue
            values = _smooth_noise(shape, generator)
            inputs.append((values > 0.5).float() if name == "map" else values)
        with torch.no_grad():
            expected = graph.module(*inputs)
        if isinstance(expected, Tensor):
            expected = (expected,)
        feed = {name: value.numpy() for name, value in zip(graph.names, inputs, strict=True)}
        for output, reference in zip(session.run(list(graph.outputs), feed), expected, strict=True):
            truth: NDArray[np.float32] = reference.numpy()
            scale = max(1.0, float(np.abs(truth).max()))
            apart = np.nan_to_num(np.abs(np.asarray(output) - truth), nan=np.inf)
            worst = max(worst, float(apart.max()) / scale)
    return worst


def _smooth_noise(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """Random pictures (N, C, H, W) in 0..1, as smooth as photos are.

    Where every pixel is noise, networks that draw amplify what 16 bits cost a hundredfold.
    """
    count, channels, height, width = shape
    coarse = (count, channels, -(-height // PATCH), -(-width // PATCH))
    smooth = functional.interpolate(
        torch.rand(coarse, generator=generator), size=(height, width), mode="bilinear"
    )
    return 0.95 * smooth + 0.05 * torch.rand(shape, generator=generator)


def halve_weights(model: onnx.ModelProto) -> None:
    """Store large 32-bit initialisers in 16 bit behind Cast nodes, in place.

    ONNX Runtime folds the casts when it loads the model.
    """
    casts = []
    for index, tensor in enumerate(list(model.graph.initializer)):
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        if values.size < LEAST_HALVED:
            continue
        name = tensor.name
        with np.errstate(over="ignore"):  # too large a weight shows when the outputs are compared
            half = numpy_helper.from_array(values.astype(np.float16), name + HALF_SUFFIX)
        model.graph.initializer[index].CopyFrom(half)
        casts.append(helper.make_node("Cast", [name + HALF_SUFFIX], [name], to=TensorProto.FLOAT))
    for position, node in enumerate(casts):
        model.graph.node.insert(position, node)
    # The shapes noted for initialisers would now contradict the 16-bit tensors.
    known = {node.output[0] for node in casts}
    kept = [value for value in model.graph.value_info if value.name not in known]
    del model.graph.value_info[:]
    model.graph.value_info.extend(kept)
