"""Exported networks whose graphs have branches, of which one or the other is run.

ONNX Runtime prepares the weights of a convolution, when it loads a model, only where both belong to the
same graph. Those of a branch that the exporter left in the graph around it are taken as they come, which
takes half as long again for what is behind a condition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnx


def every_graph(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """A graph, its branches, and theirs."""
    yield graph
    for branch in _branches(graph):
        yield from every_graph(branch)


def move_into_branches(graph: onnx.GraphProto) -> None:
    """Give every branch the weights that it alone uses, and the casts before them, in place."""
    branches = _branches(graph)
    for branch in branches:
        inside = _used(branch)
        uses = Counter(name for node in graph.node for name in node.input)
        uses.update(output.name for output in graph.output)
        for other in branches:
            if other is not branch:
                uses.update(_used(other))
        casts = [
            node
            for node in graph.node
            if node.op_type == "Cast" and node.output[0] in inside and not uses[node.output[0]]
        ]
        uses.subtract(node.input[0] for node in casts)
        wanted = inside | {node.input[0] for node in casts}
        weights = [
            tensor
            for tensor in graph.initializer
            if tensor.name in wanted and not uses[tensor.name]
        ]
        for position, node in enumerate(casts):
            branch.node.insert(position, node)
            graph.node.remove(node)
        for tensor in weights:
            branch.initializer.append(tensor)
            graph.initializer.remove(tensor)
        move_into_branches(branch)


def _branches(graph: onnx.GraphProto) -> list[onnx.GraphProto]:
    return [
        attribute.g
        for node in graph.node
        for attribute in node.attribute
        if attribute.HasField("g")
    ]


def _used(graph: onnx.GraphProto) -> set[str]:
    """What the nodes of a graph and of its branches take."""
    return {name for each in every_graph(graph) for node in each.node for name in node.input}
