"""Weights of a branch lie in the branch, and what they give stays the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from training.branches import every_graph, move_into_branches
from training.export import halve_weights
from training.weights import read_part

SIDE = 32
SHAPE = [1, 1, 16, 16]


def conditional() -> onnx.ModelProto:
    """A picture through one convolution of its own if it is asked for, and one that both know."""
    random = np.random.default_rng(3)

    def weights(name: str) -> onnx.TensorProto:
        return numpy_helper.from_array(
            random.normal(size=(1, 1, SIDE - 1, SIDE - 1)).astype(np.float32), name
        )

    def convolution(before: str, kernel: str, after: str) -> onnx.NodeProto:
        pads = [SIDE // 2 - 1] * 4
        return helper.make_node("Conv", [before, kernel], [after], pads=pads)

    def picture(name: str) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, SHAPE)

    drawn = helper.make_graph(
        [convolution("seen", "finer.own", "half"), convolution("half", "shared", "drawn")],
        "then",
        [],
        [picture("drawn")],
    )
    left = helper.make_graph(
        [helper.make_node("Neg", ["seen"], ["left"])], "else", [], [picture("left")]
    )
    whole = helper.make_graph(
        [
            convolution("face", "shared", "seen"),
            helper.make_node("If", ["asked"], ["output"], then_branch=drawn, else_branch=left),
        ],
        "whole",
        [picture("face"), helper.make_tensor_value_info("asked", TensorProto.BOOL, [])],
        [picture("output")],
        [weights("finer.own"), weights("shared")],
    )
    return helper.make_model(whole, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def drawn_by(model: onnx.ModelProto, *, asked: bool) -> NDArray[np.float32]:
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    face = np.random.default_rng(4).random(SHAPE, np.float32)
    (output,) = session.run(None, {"face": face, "asked": np.array(asked)})
    return np.asarray(output)


def names(graph: onnx.GraphProto) -> list[list[str]]:
    return [[tensor.name for tensor in each.initializer] for each in every_graph(graph)]


@pytest.mark.parametrize("halved", [False, True])
def test_a_branch_has_the_weights_that_it_alone_uses(halved: bool) -> None:
    model = conditional()
    if halved:
        halve_weights(model)
    before = [drawn_by(model, asked=asked) for asked in (False, True)]
    move_into_branches(model.graph)
    end = "_16bit" if halved else ""
    assert sorted(names(model.graph)) == [[], ["finer.own" + end], ["shared" + end]]
    assert not any(node.output[0] == "finer.own" for node in model.graph.node)
    for asked, expected in enumerate(before):
        # Prepared weights are multiplied in another order.
        apart = np.abs(drawn_by(model, asked=bool(asked)) - expected).max()
        assert apart < 1e-5 * np.abs(expected).max()
    assert np.abs(before[0] - before[1]).max() > 1


def test_weights_of_a_branch_can_be_begun_with(tmp_path: Path) -> None:
    model = conditional()
    wanted = numpy_helper.to_array(model.graph.initializer[0])
    move_into_branches(model.graph)
    onnx.save(model, tmp_path / "model.onnx")
    found = read_part(tmp_path / "model.onnx", "finer.")
    assert found.keys() == {"own"}
    np.testing.assert_array_equal(found["own"].numpy(), wanted)
