"""Memory that really runs out: the allocator is the one that CUDA uses too, with a limit set."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.inference import devices
from tests.support.tiny_models import add_model, reconstruct_model

ROOT = Path(__file__).resolve().parents[3]

# A limit can be set for all sessions of a process that ask for it, so this one is of its own.
CODE = """
import json, sys
from pathlib import Path
import numpy as np
from app.inference import devices
from app.inference.session import ModelSession
from app.inference.zoo import Zoo
from tests.support.tiny_models import SIZE

ort = devices.runtime()
place = ort.OrtMemoryInfo(
    "Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT
)
limit = ort.OrtArenaCfg({"max_mem": 4 << 20, "arena_extend_strategy": 1})
ort.create_and_register_allocator(place, limit)


class Small:
    # A session that calls itself CUDA and has four megabytes.
    def __init__(self, content):
        options = ort.SessionOptions()
        options.add_session_config_entry("session.use_env_allocators", "1")
        options.log_severity_level = 4
        self.real = ort.InferenceSession(content, options, providers=[devices.CPU])

    def get_providers(self):
        return [devices.CUDA, devices.CPU]

    def __getattr__(self, name):
        return getattr(self.real, name)


devices.cuda_problem = lambda: None
create = ModelSession._create
ModelSession._create = lambda self, device: (
    Small(self.model.read()) if device == "cuda" else create(self, device)
)
session = ModelSession(Zoo(Path(sys.argv[1])).get("lab_rgb"), "cuda")


def run(faces):
    inputs = {
        "face": np.zeros((faces, 3, SIZE, SIZE), np.float32),
        "map": np.ones((faces, 1, SIZE, SIZE), np.float32),
    }
    shape = session.run(inputs)["output"].shape
    return [list(shape), session.provider, session.fallback]


print(json.dumps([run(1), run(4000), run(1)]))
"""


def test_the_cpu_takes_over_when_memory_really_runs_out(tmp_path: Path) -> None:
    add_model(tmp_path, "lab_rgb", "reconstruct", reconstruct_model())
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    before, full, after = json.loads(done.stdout)
    assert before[1:] == [devices.CUDA, None]
    assert full[0][0] == 4000
    assert full[1] == devices.CPU
    assert full[2].startswith("The GPU ran out of memory (Available memory of ")
    assert full[2].endswith("; the CPU took over.")
    assert "/" not in full[2]  # no line of ONNX Runtime's own source
    assert after[1:] == full[1:]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "[ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned while running Conv node. "
            "Name:'/up/Conv' Status Message: /src/onnxruntime/core/framework/bfc_arena.cc:360 void* "
            "onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*) Available "
            "memory of 8 is smaller than requested bytes of 16",
            "Available memory of 8 is smaller than requested bytes of 16",
        ),
        (
            "[ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Non-zero status code returned while running "
            "Gather node. Name:'' Status Message: indices element out of data bounds",
            "indices element out of data bounds",
        ),
        ("CUDA failure 2: out of memory.\nmore", "CUDA failure 2: out of memory"),
    ],
)
def test_an_error_without_the_source_it_stopped_at(said: str, shown: str) -> None:
    assert devices.first_line(RuntimeError(said)) == shown
