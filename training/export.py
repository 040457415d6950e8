"""From averaged weights to a folder of the zoo.

ONNX with 16-bit weights, checked against torch, and the card beside it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.export import Dim

from app.inference.card import Card, FileCard, write_card
from training.networks.aligner import AlignerNetwork
from training.networks.detector import DetectorNetwork, LocatorExport
from training.networks.inpainting import InpaintingNetwork
from training.networks.map_unet import MapNetwork
from training.tasks import Recipe
from training.tasks.align import AlignRecipe
from training.tasks.locate import LocateRecipe
from training.tasks.map import MapRecipe
from training.tasks.reconstruct import ReconstructRecipe, network_spec

log = logging.getLogger(__name__)

OPSET = 18

LEAST_HALVED = 256
"""Initialisers with fewer values stay in 32 bit: halving a bias saves nothing."""

TOLERANCE = 0.02
"""Largest difference between torch (32 bit) and the exported model (16-bit weights) that is accepted."""


class SelectChannels(nn.Module):
    """Only some of the output channels of the reconstruction network, clipped to 0..1.

    RGB and sketch are learned together and shipped as separate models.
    """

    def __init__(self, network: InpaintingNetwork, channels: slice, *, latent: bool) -> None:
        super().__init__()
        self.network, self.channels, self.latent = network, channels, latent

    def forward(self, face: Tensor, map: Tensor, latent: Tensor | None = None) -> Tensor:
        """As :meth:`InpaintingNetwork.forward`."""
        output: Tensor = self.network(face, map, latent if self.latent else None)
        return output[:, :, self.channels].clamp(0, 1)


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A network with what its ONNX form is called and made of.

    Attributes:
        module: gives the tensors of the application's contract.
        inputs: example inputs, in order.
        names: their names.
        outputs: the outputs' names.
        dynamic: for every input, which dimensions vary and what they are called.
    """

    module: nn.Module
    inputs: tuple[Tensor, ...]
    names: Sequence[str]
    outputs: Sequence[str]
    dynamic: Sequence[dict[int, Dim]]


def graph_of(
    recipe: Recipe, weights: dict[str, Tensor], *, sketch: bool = False, latent: bool = True
) -> Graph:
    """The exportable network of a recipe.

    Args:
        recipe: of the run.
        weights: averaged weights.
        sketch: the sketch channel instead of RGB (reconstruction only).
        latent: keep the latent input (reconstruction only); without it the network answers for
            latent zero.
    """
    batch = Dim("batch", min=1, max=64)
    match recipe:
        case AlignRecipe():
            align = AlignerNetwork(recipe.size)
            align.load_state_dict(weights)
            face = torch.rand(2, 3, recipe.size, recipe.size)
            return Graph(
                module=align,
                inputs=(face,),
                names=["face"],
                outputs=["landmarks"],
                dynamic=[{0: batch}],
            )
        case MapRecipe():
            mapper = MapNetwork(recipe.widths)
            mapper.load_state_dict(weights)
            face = torch.rand(2, 3, recipe.size, recipe.size)
            return Graph(
                module=mapper,
                inputs=(face,),
                names=["face"],
                outputs=["logit"],
                dynamic=[{0: batch}],
            )
        case LocateRecipe():
            detector = DetectorNetwork()
            detector.load_state_dict(weights)
            photo = torch.rand(2, 3, 256, 320)
            rows, columns = 64 * Dim("rows", min=2, max=64), 64 * Dim("columns", min=2, max=64)
            return Graph(
                module=LocatorExport(detector),
                inputs=(photo,),
                names=["photo"],
                outputs=["boxes", "scores", "masked"],
                dynamic=[{0: batch, 2: rows, 3: columns}],
            )
        case ReconstructRecipe():
            network = InpaintingNetwork(network_spec(recipe))
            network.load_state_dict(weights)
            latent = latent and bool(recipe.latent)
            face = torch.rand(2, 3, recipe.size, recipe.size)
            hole = (torch.rand(2, 1, recipe.size, recipe.size) > 0.5).float()
            inputs: tuple[Tensor, ...] = (face, hole)
            names, dynamic = ["face", "map"], [{0: batch}, {0: batch}]
            if latent:
                inputs += (torch.randn(2, 3, recipe.latent),)
                names.append("latent")
                dynamic.append({0: batch, 1: Dim("hypotheses", min=1, max=64)})
            channels = slice(3, 4) if sketch else slice(0, 3)
            return Graph(
                module=SelectChannels(network, channels, latent=latent),
                inputs=inputs,
                names=names,
                outputs=["output"],
                dynamic=dynamic,
            )


def export_onnx(graph: Graph, path: Path) -> float:
    """Write a network as ONNX with 16-bit weights and check it against torch.

    Args:
        graph: the network.
        path: the file to write.

    Returns:
        The largest absolute difference to torch on random inputs of several batch sizes.

    Raises:
        ValueError: the difference is larger than TOLERANCE.
    """
    module = graph.module.eval()
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
    halve_weights(model)
    del model.metadata_props[:]
    for node in model.graph.node:
        # The exporter notes the source file and line of every node, paths of this machine included.
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (
        *model.graph.value_info,
        *model.graph.input,
        *model.graph.output,
        *model.graph.initializer,
    ):
        del value.metadata_props[:]
    onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)
    difference = compare(graph, path)
    if difference > TOLERANCE:
        path.unlink()
        raise ValueError(f"{path} differs from torch by {difference:.4f}, more than {TOLERANCE}.")
    return difference


def compare(graph: Graph, path: Path) -> float:
    """Largest absolute difference between torch and the exported model, relative for outputs above 1."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    generator = torch.Generator().manual_seed(0)
    for count in (1, 2, 5):
        inputs = []
        for example, name in zip(graph.inputs, graph.names, strict=True):
            shape = (count, *example.shape[1:])
            values = (
                torch.randn(shape, generator=generator)
                if name == "latent"
                else torch.rand(shape, generator=generator)
            )
            inputs.append((values > 0.5).float() if name == "map" else values)
        with torch.no_grad():
            expected = graph.module(*inputs)
        if isinstance(expected, Tensor):
            expected = (expected,)
        feed = {name: value.numpy() for name, value in zip(graph.names, inputs, strict=True)}
        for output, reference in zip(session.run(list(graph.outputs), feed), expected, strict=True):
            truth: NDArray[np.float32] = reference.numpy()
            scale = max(1.0, float(np.abs(truth).max()))
            worst = max(worst, float(np.abs(np.asarray(output) - truth).max()) / scale)
    return worst


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
        half = numpy_helper.from_array(values.astype(np.float16), name + "_16bit")
        model.graph.initializer[index].CopyFrom(half)
        casts.append(helper.make_node("Cast", [name + "_16bit"], [name], to=TensorProto.FLOAT))
    for position, node in enumerate(casts):
        model.graph.node.insert(position, node)
    # The shapes noted for initialisers would now contradict the 16-bit tensors.
    known = {node.output[0] for node in casts}
    kept = [value for value in model.graph.value_info if value.name not in known]
    del model.graph.value_info[:]
    model.graph.value_info.extend(kept)


def file_card(path: Path) -> FileCard:
    """The card's table about an ONNX file."""
    content = path.read_bytes()
    return FileCard(
        name=path.name,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        precision="fp16",
    )


def install(card: Card, folder: Path) -> None:
    """Write the card beside its model and check that the pair fits.

    Args:
        card: names the model.
        folder: holds the ONNX file already.

    Raises:
        ValueError: the file is not the one that the card describes.
    """
    if file_card(folder / card.file.name) != card.file:
        raise ValueError(f"{folder / card.file.name} is not the file that its card describes.")
    write_card(card, folder)
