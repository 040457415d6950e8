"""``--compile``: the same training where there is a compiler, one sentence where there is none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.training.conftest import Workplace
from training.cli import main

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Nothing compiled before is taken, and this very process compiles, so that no other one is left."""
    from torch._inductor import config

    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "cache"))
    torch.compiler.reset()
    with config.patch({"compile_threads": 1}):
        yield tmp_path / "run"
    torch.compiler.reset()


def small(workplace: Workplace, out: Path, *more: str) -> list[str]:
    path = workplace.recipe("map", name="compiled", widths=[8, 8], steps=2)
    return workplace.train(path, "--out", str(out), *more)


@pytest.mark.skipif(shutil.which("g++") is None, reason="compiling for a CPU needs g++")
def test_a_compiled_network_learns_the_same(workplace: Workplace, fresh: Path) -> None:
    losses = []
    for out, more in ((fresh / "plain", ()), (fresh / "compiled", ("--compile",))):
        assert main(small(workplace, out, *more)) == 0
        rows = [json.loads(row) for row in (out / "metrics.jsonl").read_text().splitlines()]
        losses.append(rows[-1]["bce"])
    assert losses[1] == pytest.approx(losses[0], rel=0.02)
    weights = torch.load(fresh / "compiled" / "weights.pt", weights_only=True)
    # The export must find the weights under their own names.
    plain = torch.load(fresh / "plain" / "weights.pt", weights_only=True)
    assert list(weights) == list(plain)


def test_a_missing_compiler_is_one_sentence(
    workplace: Workplace,
    fresh: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from torch._inductor import config

    capsys.readouterr()
    with config.patch({"cpp.cxx": ("no_such_compiler",)}):
        assert main(small(workplace, fresh, "--compile")) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("revisage-train: The networks could not be compiled (")
    assert "no_such_compiler" in said
    assert said.endswith("Install what is missing, or train without --compile.")
