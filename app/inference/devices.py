"""Which processors ONNX Runtime can really use on this machine, and why not the others.

ONNX Runtime's own list says what was built in, not what works. So CUDA counts as usable only after a
session was made with it and still had it.
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
from typing import Any, Literal

DeviceName = Literal["auto", "cpu", "cuda"]

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"

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
        device: ``cpu`` or ``cuda``.
        fallback: why it is not CUDA although CUDA would have been welcome, one sentence; None when
            the wish was granted.
    """

    device: Literal["cpu", "cuda"]
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
    """Every provider of this build, CUDA and CPU always among them; usable ones first."""
    built_in: list[str] = list(runtime().get_available_providers())
    reason = cuda_problem()
    devices = [
        Device("cuda", CUDA, CUDA in built_in, reason is None, reason or ""),
        Device("cpu", CPU, CPU in built_in, CPU in built_in, ""),
    ]
    for provider in built_in:
        if provider not in (CUDA, CPU):
            name = provider.removesuffix("ExecutionProvider").lower()
            devices.append(Device(name, provider, True, False, "Revisage does not use it."))
    return tuple(sorted(devices, key=lambda device: not device.usable))


def choose(device: DeviceName = "auto") -> Choice:
    """The device that a wish leads to on this machine."""
    if device == "cpu":
        return Choice("cpu", None)
    reason = cuda_problem()
    return Choice("cuda", None) if reason is None else Choice("cpu", reason)


@functools.cache
def cuda_problem() -> str | None:
    """Why CUDA cannot be used here, one sentence; None when it can. Found out once per process."""
    ort = runtime()
    if CUDA not in ort.get_available_providers():
        return "This installation of ONNX Runtime has no CUDA; install onnxruntime-gpu for it."
    if not _driver_loads():
        return "No NVIDIA driver was found on this machine."
    said = io.StringIO()
    with contextlib.redirect_stdout(said):  # it prints; stdout may be a JSON document
        ort.preload_dlls()
    options = ort.SessionOptions()
    options.log_severity_level = 4
    try:
        session = ort.InferenceSession(PROBE, options, providers=[(CUDA, CUDA_OPTIONS), CPU])
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
    text = ERROR_CODE.sub("", lines[0]).strip().rstrip(".")
    return text if len(text) <= 200 else f"{text[:197]}..."
