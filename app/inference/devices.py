"""Which processors ONNX Runtime can really use on this machine, and why not the others.

ONNX Runtime's own list says what was built in, not what works. So an accelerator counts as usable only
after a session was made with it and still had it.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import io
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app.folders import cache_folder

DeviceName = Literal["auto", "cpu", "cuda", "tensorrt", "directml", "coreml"]
"""What may be asked for."""

RealDevice = Literal["cpu", "cuda", "tensorrt", "directml", "coreml"]
"""What there may be."""

NAMES: tuple[DeviceName, ...] = ("auto", "cpu", "cuda", "tensorrt", "directml", "coreml")

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
TENSORRT = "TensorrtExecutionProvider"
DIRECTML = "DmlExecutionProvider"
COREML = "CoreMLExecutionProvider"

PROVIDERS: dict[RealDevice, str] = {
    "cpu": CPU,
    "cuda": CUDA,
    "tensorrt": TENSORRT,
    "directml": DIRECTML,
    "coreml": COREML,
}

TITLES: dict[RealDevice, str] = {
    "cpu": "the CPU",
    "cuda": "CUDA",
    "tensorrt": "TensorRT",
    "directml": "DirectML",
    "coreml": "Core ML",
}

SOURCES: dict[RealDevice, str] = {
    "cuda": "install onnxruntime-gpu for it",
    "tensorrt": "onnxruntime-gpu has it, on machines with an NVIDIA GPU",
    "directml": "onnxruntime-directml has it, on Windows only",
    "coreml": "onnxruntime has it, on macOS only",
}
"""Where a build that contains a provider comes from."""

AUTOMATIC: tuple[RealDevice, ...] = ("cuda", "directml")
"""What `auto` takes, the first that works. TensorRT builds an engine for every new size of a photo,
which takes minutes; Core ML may compute in half precision. Both are used only when asked for by name."""

CUDA_OPTIONS = {
    # An exhaustive search for the fastest convolution costs seconds at every new photo size.
    "cudnn_conv_algo_search": "HEURISTIC",
    # Ten-bit products would make CUDA and CPU results differ visibly; records must be reproducible.
    "use_tf32": "0",
}

MAX_THREADS = 8
"""More threads than this gain nothing for networks of this size."""

ERROR_CODE = re.compile(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ")
"""What ONNX Runtime puts before its messages."""

WHERE = re.compile(r"^.*?Status Message: (\S+\.(cc|cpp|cu|h):\d+ .*?\) )?")
"""Which node and which line of ONNX Runtime's own source a failed run stopped at."""

# Identity on one float: the smallest model that shows whether a provider starts.
PROBE = (
    b'\x08\x08:;\n\x10\n\x01x\x12\x01y"\x08Identity\x12\x05probeZ\x0f\n\x01x\x12\n\n\x08\x08\x01'
    b"\x12\x04\n\x02\x08\x01b\x0f\n\x01y\x12\n\n\x08\x08\x01\x12\x04\n\x02\x08\x01B\x04\n\x00\x10\x11"
)


@dataclass(frozen=True)
class Device:
    """An execution provider of ONNX Runtime.

    Attributes:
        name: ``cpu``, ``cuda``, or the provider's own name in lower case.
        provider: ONNX Runtime's name for it.
        built_in: whether this build of ONNX Runtime contains it.
        usable: whether it really started here and Revisage uses it.
        reason: why it is not usable, one sentence; empty when it is.
    """

    name: str
    provider: str
    built_in: bool
    usable: bool
    reason: str


@dataclass(frozen=True)
class Choice:
    """What a wish for a device leads to.

    Attributes:
        device: the processor.
        fallback: why it is the CPU although another would have been welcome, one sentence; None when
            the wish was granted.
    """

    device: RealDevice
    fallback: str | None


def runtime() -> Any:
    """ONNX Runtime, imported on first use and silenced.

    Its own messages go to stderr past every handler and would alarm a user whose machine merely has
    no GPU; what matters is in the exceptions and in :func:`find_devices`.
    """
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    onnxruntime.disable_telemetry_events()  # works offline and sends nothing, on Windows too
    return onnxruntime


def default_threads() -> int:
    """Threads for one run: the processors this process may use, up to a sensible limit."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(MAX_THREADS, available or 1))


def find_devices() -> tuple[Device, ...]:
    """Every provider that Revisage can use, and whatever else is built in; usable ones first."""
    built_in: list[str] = list(runtime().get_available_providers())
    devices = []
    for name, provider in PROVIDERS.items():
        reason = None if name == "cpu" else problem(name)
        usable = provider in built_in and reason is None
        devices.append(Device(name, provider, provider in built_in, usable, reason or ""))
    for provider in built_in:
        if provider not in PROVIDERS.values():
            other = provider.removesuffix("ExecutionProvider").lower()
            devices.append(Device(other, provider, True, False, "Revisage does not use it."))
    # Accelerators before the CPU, and among the usable in the order of PROVIDERS otherwise.
    return tuple(sorted(devices, key=lambda device: (not device.usable, device.name == "cpu")))


def choose(device: DeviceName = "auto") -> Choice:
    """The device that a wish leads to on this machine."""
    if device == "cpu":
        return Choice("cpu", None)
    if device != "auto":
        reason = problem(device)
        return Choice(device, None) if reason is None else Choice("cpu", reason)
    for name in AUTOMATIC:
        if problem(name) is None:
            return Choice(name, None)
    return Choice("cpu", problem(AUTOMATIC[0]))


def providers(device: RealDevice) -> list[Any]:
    """What ONNX Runtime is given for a device: its provider with options, then what may help out."""
    order: dict[RealDevice, list[Any]] = {
        "cpu": [CPU],
        "cuda": [(CUDA, CUDA_OPTIONS), CPU],
        "tensorrt": [(TENSORRT, tensorrt_options()), (CUDA, CUDA_OPTIONS), CPU],
        "directml": [DIRECTML, CPU],
        "coreml": [(COREML, COREML_OPTIONS), CPU],
    }
    return order[device]


COREML_OPTIONS = {
    "ModelFormat": "MLProgram",
    # The neural engine computes in half precision only, so that results would differ visibly.
    "MLComputeUnits": "CPUAndGPU",
}


def tensorrt_options() -> dict[str, str]:
    """Full precision, and engines kept in the user's cache, because each takes long to build."""
    cache = cache_folder() / "tensorrt"
    return {
        "trt_fp16_enable": "0",
        "trt_engine_cache_enable": "1",
        "trt_engine_cache_path": str(cache),
    }


def prepare(options: Any, device: RealDevice) -> None:
    """Set the session options that a device needs.

    DirectML refuses memory patterns and parallel execution; see its page in the documentation of
    ONNX Runtime.
    """
    if device == "directml":
        options.enable_mem_pattern = False
    if device == "tensorrt":
        Path(tensorrt_options()["trt_engine_cache_path"]).mkdir(parents=True, exist_ok=True)


def problem(device: RealDevice) -> str | None:
    """Why a device cannot be used here, one sentence; None when it can. Found out once per process."""
    if device == "cpu":
        return None
    return cuda_problem() if device == "cuda" else _problem(device)


@functools.cache
def _problem(device: RealDevice) -> str | None:
    """The same for what needs no search for libraries."""
    ort, title = runtime(), TITLES[device]
    if PROVIDERS[device] not in ort.get_available_providers():
        return f"This installation of ONNX Runtime has no {title}; {SOURCES[device]}."
    if device == "tensorrt":
        without = cuda_problem()
        if without is not None:
            return f"TensorRT needs CUDA: {without}"
    options = ort.SessionOptions()
    options.log_severity_level = 4
    try:
        prepare(options, device)
        session = ort.InferenceSession(PROBE, options, providers=providers(device))
    except Exception as error:
        return f"{title} did not start ({first_line(error)})."
    if PROVIDERS[device] not in session.get_providers():
        needs = "it needs TensorRT's libraries" if device == "tensorrt" else "it needs a GPU"
        return f"{title} did not start; {needs}."
    return None


@functools.cache
def cuda_problem() -> str | None:
    """Why CUDA cannot be used here, one sentence; None when it can. Found out once per process."""
    ort = runtime()
    if CUDA not in ort.get_available_providers():
        return f"This installation of ONNX Runtime has no CUDA; {SOURCES['cuda']}."
    if not _driver_loads():
        return "No NVIDIA driver was found on this machine."
    said = io.StringIO()
    with contextlib.redirect_stdout(said):  # it prints; stdout may be a JSON document
        ort.preload_dlls()
    options = ort.SessionOptions()
    options.log_severity_level = 4
    try:
        session = ort.InferenceSession(PROBE, options, providers=providers("cuda"))
    except Exception as error:
        return f"CUDA did not start ({first_line(error)})."
    if CUDA not in session.get_providers():
        missing = said.getvalue().strip().splitlines()
        detail = f" ({missing[0]})" if missing else ""
        return (
            f"CUDA did not start{detail}; it needs an NVIDIA GPU, CUDA and cuDNN as "
            "onnxruntime-gpu[cuda,cudnn] installs them."
        )
    return None


def _driver_loads() -> bool:
    """Whether NVIDIA's driver library is there; a quick look that spares the slow attempt."""
    name = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def first_line(error: BaseException) -> str:
    """The first line of an error of ONNX Runtime, without its code, short enough for a sentence."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    text = WHERE.sub("", ERROR_CODE.sub("", lines[0])).strip().rstrip(".")
    return text if len(text) <= 200 else f"{text[:197]}..."
