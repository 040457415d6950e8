"""Devices: only what really starts counts, and the reason for the rest is said."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from onnx import TensorProto, helper

from app.inference import devices


@pytest.fixture(autouse=True)
def fresh_answer() -> Iterator[None]:
    """The question about CUDA is asked once per process; each test asks anew."""
    for question in (devices.cuda_problem, devices._problem):
        question.cache_clear()
    yield
    for question in (devices.cuda_problem, devices._problem):
        question.cache_clear()


class FakeRuntime:
    """ONNX Runtime as it would be on another machine."""

    def __init__(self, *, built_in: list[str], used: list[str], error: str = "") -> None:
        self.built_in, self.used, self.error = built_in, used, error

    def get_available_providers(self) -> list[str]:
        return self.built_in

    def preload_dlls(self) -> None:
        print("Failed to load libcudnn.so.9: no such file")

    def SessionOptions(self) -> Any:
        return SimpleNamespace()  # takes whatever is set

    def InferenceSession(self, *_: Any, **__: Any) -> Any:
        if self.error:
            raise RuntimeError(self.error)
        return SimpleNamespace(get_providers=lambda: self.used)


def pretend(monkeypatch: pytest.MonkeyPatch, runtime: FakeRuntime, *, driver: bool = True) -> None:
    monkeypatch.setattr(devices, "runtime", lambda: runtime)
    monkeypatch.setattr(devices, "_driver_loads", lambda: driver)


def test_this_machine() -> None:
    found = {device.name: device for device in devices.find_devices()}
    assert found["cpu"].usable
    assert found["cpu"].reason == ""
    assert found["cuda"].usable == (found["cuda"].reason == "")
    assert devices.choose("cpu") == devices.Choice("cpu", None)
    choice = devices.choose("auto")
    assert (choice.device == "cuda") == found["cuda"].usable == (choice.fallback is None)
    assert devices.choose("cuda") == choice


def test_a_build_without_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, FakeRuntime(built_in=[devices.CPU], used=[devices.CPU]))
    cpu, cuda, *others = devices.find_devices()
    assert (cpu.name, cpu.usable, cuda.name, cuda.usable) == ("cpu", True, "cuda", False)
    assert [device.name for device in others] == ["tensorrt", "directml", "coreml"]
    assert not any(device.usable or device.built_in for device in others)
    assert all("This installation of ONNX Runtime has no" in device.reason for device in others)
    assert not cuda.built_in
    assert "has no CUDA" in cuda.reason


def test_no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = FakeRuntime(built_in=[devices.CUDA, devices.CPU], used=[devices.CPU])
    pretend(monkeypatch, runtime, driver=False)
    assert devices.choose("cuda") == devices.Choice(
        "cpu", "No NVIDIA driver was found on this machine."
    )


def test_a_driver_but_no_cudnn(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pretend(monkeypatch, FakeRuntime(built_in=[devices.CUDA, devices.CPU], used=[devices.CPU]))
    reason = devices.choose("auto").fallback
    assert reason is not None
    assert "libcudnn.so.9" in reason
    assert "onnxruntime-gpu[cuda,cudnn]" in reason
    assert capfd.readouterr() == ("", "")  # stdout may be a JSON document


def test_cuda_that_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    error = "[ONNXRuntimeError] : 1 : FAIL : CUDA failure 35: driver too old\nmore"
    pretend(monkeypatch, FakeRuntime(built_in=[devices.CUDA], used=[], error=error))
    reason = "CUDA did not start (CUDA failure 35: driver too old)."
    assert devices.choose("auto") == devices.Choice("cpu", reason)


def test_cuda_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    built_in = ["TensorrtExecutionProvider", devices.CUDA, devices.CPU]
    pretend(monkeypatch, FakeRuntime(built_in=built_in, used=[devices.CUDA, devices.CPU]))
    assert devices.choose("auto") == devices.Choice("cuda", None)
    found = devices.find_devices()
    assert [device.name for device in found[:3]] == ["cuda", "cpu", "tensorrt"]
    assert found[2].reason == "TensorRT did not start; it needs TensorRT's libraries."


def test_a_provider_of_somebody_else_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    built_in = ["QNNExecutionProvider", devices.CPU]
    pretend(monkeypatch, FakeRuntime(built_in=built_in, used=[devices.CPU]))
    *_, other = devices.find_devices()
    assert (other.name, other.reason) == ("qnn", "Revisage does not use it.")


@pytest.mark.parametrize("name", ["tensorrt", "directml", "coreml"])
def test_other_accelerators(monkeypatch: pytest.MonkeyPatch, name: devices.RealDevice) -> None:
    provider = devices.PROVIDERS[name]
    works = FakeRuntime(
        built_in=[provider, devices.CUDA, devices.CPU],
        used=[provider, devices.CUDA, devices.CPU],
    )
    pretend(monkeypatch, works)
    assert devices.choose(name) == devices.Choice(name, None)
    assert devices.choose("auto") == devices.Choice("cuda", None)
    usable = [device.name for device in devices.find_devices() if device.usable]
    assert set(usable) == {"cuda", name, "cpu"}
    assert usable[-1] == "cpu"


def test_directml_is_taken_where_there_is_no_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    here = [devices.DIRECTML, devices.CPU]
    pretend(monkeypatch, FakeRuntime(built_in=here, used=here))
    assert devices.choose("auto") == devices.Choice("directml", None)


def test_tensorrt_says_what_cuda_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    built_in = [devices.TENSORRT, devices.CUDA, devices.CPU]
    pretend(monkeypatch, FakeRuntime(built_in=built_in, used=[devices.CPU]), driver=False)
    assert devices.choose("tensorrt").fallback == (
        "TensorRT needs CUDA: No NVIDIA driver was found on this machine."
    )


def test_the_probe_is_the_model_it_says() -> None:
    sides = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "xy"]
    graph = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["y"])], "probe", sides[:1], sides[1:]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    assert model.SerializeToString() == devices.PROBE


def test_threads_are_limited() -> None:
    assert 1 <= devices.default_threads() <= devices.MAX_THREADS


def test_nothing_is_imported_or_printed_too_early() -> None:
    code = (
        "import sys\n"
        "from app.inference import card, contract, devices, locate, mapping, session, zoo\n"
        "assert 'onnxruntime' not in sys.modules\n"
        "devices.find_devices()\n"
        "assert 'onnxruntime' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
