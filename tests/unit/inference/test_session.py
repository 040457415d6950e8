"""Sessions: real ONNX Runtime runs, cancelled runs, broken files, and a GPU that gives up."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto

from app.inference import devices
from app.inference.errors import Cancelled, ModelError
from app.inference.session import CancelToken, ModelSession, Tensors
from app.inference.zoo import Model, Zoo
from tests.support.tiny_models import (
    SIZE,
    SKIN,
    Graph,
    add_model,
    align_model,
    map_model,
    reconstruct_model,
    slow_model,
)

FACE: Tensors = {
    "face": np.zeros((1, 3, SIZE, SIZE), np.float32),
    "map": np.ones((1, 1, SIZE, SIZE), np.float32),
}


def model_of(tmp_path: Path, content: bytes, task: str = "reconstruct", **changes: Any) -> Model:
    add_model(tmp_path, "model", task, content, **changes)
    return Zoo(tmp_path).get("model")


def test_runs(tmp_path: Path) -> None:
    session = ModelSession(model_of(tmp_path, reconstruct_model()), "cpu")
    output = session.run(FACE)["output"]
    assert output.shape == (1, 1, 3, SIZE, SIZE)
    np.testing.assert_allclose(output[0, 0, :, 0, 0], SKIN, rtol=1e-6)
    assert session.provider == devices.CPU
    assert session.fallback is None


def test_the_fallback_is_silent_and_visible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(devices, "cuda_problem", lambda: "No GPU here.")
    for device in ("auto", "cuda"):
        session = ModelSession(model_of(tmp_path / device, reconstruct_model()), device)
        session.run(FACE)
        assert session.provider == devices.CPU
        assert session.fallback == "No GPU here."
    assert capfd.readouterr() == ("", "")


def test_nothing_is_read_before_it_is_needed(tmp_path: Path) -> None:
    model = model_of(tmp_path, reconstruct_model())
    session = ModelSession(model, "cpu")
    content = model.path.read_bytes()
    model.path.unlink()
    with pytest.raises(ModelError, match="could not be read"):
        session.load()
    model.path.write_bytes(content)
    session.load()  # an error is not remembered


def test_many_threads_share_a_session(tmp_path: Path) -> None:
    session = ModelSession(model_of(tmp_path, reconstruct_model()), "cpu")
    found: list[bytes] = []

    def work() -> None:
        found.extend(session.run(FACE)["output"].tobytes() for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80
    assert len(set(found)) == 1


def test_cancel_stops_a_run_under_way(tmp_path: Path) -> None:
    session = ModelSession(model_of(tmp_path, slow_model()), "cpu", threads=1)
    session.load()
    token = CancelToken()
    times: dict[str, float] = {}

    def cancel() -> None:
        times["cancelled"] = time.monotonic()
        token.cancel()

    timer = threading.Timer(0.3, cancel)
    timer.start()
    with pytest.raises(Cancelled, match="nothing was changed"):
        session.run(FACE, token)
    timer.join()
    assert time.monotonic() - times["cancelled"] < 0.5
    assert token.cancelled


def test_a_cancelled_token_starts_nothing(tmp_path: Path) -> None:
    session = ModelSession(model_of(tmp_path, slow_model()), "cpu")
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        session.run(FACE, token)
    with pytest.raises(Cancelled):
        token.check()


def test_one_token_stops_every_run_and_no_other(tmp_path: Path) -> None:
    slow = ModelSession(model_of(tmp_path / "slow", slow_model()), "cpu", threads=1)
    quick = ModelSession(model_of(tmp_path / "quick", reconstruct_model()), "cpu", threads=1)
    token = CancelToken()
    ended: list[str] = []

    def work() -> None:
        try:
            slow.run(FACE, token)
        except Cancelled:
            ended.append("cancelled")

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    quick.run(FACE, CancelToken())
    token.cancel()
    for thread in threads:
        thread.join(timeout=5)
    assert ended == ["cancelled", "cancelled"]
    quick.run(FACE, CancelToken())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"this is not an ONNX file", id="text"),
        pytest.param(b"\0" * 200, id="zeros"),
        pytest.param(reconstruct_model()[:-40], id="truncated"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(64), id="png"),
    ],
)
def test_a_file_that_is_no_onnx(
    tmp_path: Path, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    model = model_of(tmp_path, content)
    with pytest.raises(ModelError, match="is not a usable ONNX file") as caught:
        ModelSession(model, "cpu").load()
    message = str(caught.value)
    assert str(model.path) in message
    assert "\n" not in message
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_not_its_cards_is_not_run(tmp_path: Path) -> None:
    model = model_of(tmp_path, reconstruct_model())
    content = bytearray(model.path.read_bytes())
    content[-1] ^= 1
    model.path.write_bytes(content)
    with pytest.raises(ModelError, match="SHA-256 differs"):
        ModelSession(model, "cpu").run(FACE)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (map_model(), "has no input 'map'"),
        (align_model(), "has no input 'map'"),
        (reconstruct_model(latent=3), "asks for an input 'latent'"),
        (reconstruct_model(size=64), "input 'face' of shape (N, 3, 64, 64), not (N, 3, 32, 32)"),
        (reconstruct_model(sketch=True), "output 'output' of shape (N, 1, 1, 32, 32), not"),
    ],
)
def test_a_model_that_is_not_what_its_card_says(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(ModelError) as caught:
        ModelSession(model_of(tmp_path, content), "cpu").load()
    assert said in str(caught.value)


def test_a_fixed_batch_is_refused(tmp_path: Path) -> None:
    graph = Graph()
    graph.op("Identity", "face", name="logit")
    side = [1, 3, SIZE, SIZE]
    content = graph.model({"face": side}, {"logit": ["N", 3, SIZE, SIZE]})
    with pytest.raises(ModelError, match=r"shape \(1, 3, 32, 32\), not \(N, 3, 32, 32\)"):
        ModelSession(model_of(tmp_path, content, "map"), "cpu").load()


def test_values_that_are_no_numbers(tmp_path: Path) -> None:
    graph = Graph()
    nothing = graph.op("Sqrt", graph.op("Sub", "map", graph.const(2)))
    filled = graph.op("Add", "face", nothing)
    graph.op("Unsqueeze", filled, graph.ints(1), name="output")
    content = graph.model(
        {name: ["N", *value.shape[1:]] for name, value in FACE.items()},
        {"output": ["N", 1, 3, SIZE, SIZE]},
    )
    with pytest.raises(ModelError, match="values that are no numbers"):
        ModelSession(model_of(tmp_path, content), "cpu").run(FACE)


def test_wrong_inputs_are_the_callers_mistake(tmp_path: Path) -> None:
    session = ModelSession(model_of(tmp_path, reconstruct_model()), "cpu")
    with pytest.raises(ValueError, match="inputs"):
        session.run({"face": FACE["face"]})
    with pytest.raises(ValueError, match="float64"):
        session.run({**FACE, "map": FACE["map"].astype(np.float64)})
    with pytest.raises(ValueError, match=r"\(1, 3, 16, 16\)"):
        session.run({**FACE, "face": FACE["face"][:, :, ::2, ::2]})


class _GpuSession:
    """A session that claims CUDA and fails on it, as one without memory does."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def get_providers(self) -> list[str]:
        return [devices.CUDA, devices.CPU]

    def run(self, *_: Any) -> Any:
        raise RuntimeError("[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : out of memory")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def test_the_cpu_takes_over_when_cuda_fails_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "cuda_problem", lambda: None)
    create = ModelSession._create

    def gpu(self: ModelSession, device: Any) -> Any:
        real = create(self, "cpu")
        return _GpuSession(real) if device == "cuda" else real

    monkeypatch.setattr(ModelSession, "_create", gpu)
    session = ModelSession(model_of(tmp_path, reconstruct_model()), "auto")
    assert session.provider == devices.CUDA
    assert session.fallback is None
    assert session.run(FACE)["output"].shape == (1, 1, 3, SIZE, SIZE)
    assert session.provider == devices.CPU
    assert session.fallback == "The GPU ran out of memory (out of memory); the CPU took over."


def test_a_failing_cpu_is_said(tmp_path: Path) -> None:
    graph = Graph()
    far = graph.op("ReduceMax", graph.op("Add", "face", graph.const(9)), keepdims=0)
    index = graph.op("Cast", far, to=TensorProto.INT64)
    value = graph.op("Gather", graph.const([1, 2]), index)
    graph.op("Add", value, graph.const(np.zeros((1, 68, 2))), name="landmarks")
    content = graph.model({"face": ["N", 3, SIZE, SIZE]}, {"landmarks": ["N", 68, 2]})
    session = ModelSession(model_of(tmp_path, content, "align"), "cpu")
    with pytest.raises(ModelError, match="could not be run"):
        session.run({"face": FACE["face"]})


def test_waiting_threads_do_not_spin(tmp_path: Path) -> None:
    """Between the runs of a model that uses two threads, neither takes the processor."""
    graph = Graph()
    matrix = graph.op("Expand", graph.op("ReduceMean", "face", keepdims=0), graph.ints(256, 256))
    for _ in range(6):
        matrix = graph.op("MatMul", matrix, graph.const(np.full((256, 256), 1 / 256)))
    mean = graph.op("ReduceMean", matrix, keepdims=0)
    first = graph.op("ReduceMean", "face", axes=[1], keepdims=1)
    graph.op("Add", first, mean, name="logit")
    content = graph.model({"face": ["N", 3, SIZE, SIZE]}, {"logit": ["N", 1, SIZE, SIZE]})
    session = ModelSession(model_of(tmp_path, content, "map"), "cpu", threads=2)
    face = {"face": FACE["face"]}
    session.run(face)
    before = time.process_time()
    for _ in range(20):
        session.run(face)
        time.sleep(0.02)
    assert time.process_time() - before < 0.12  # 0.02 s; 0.26 s with spinning threads
