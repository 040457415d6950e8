"""bfloat16 only where a device has it."""

from __future__ import annotations

import pytest
import torch

from training import precision


@pytest.mark.parametrize(
    ("capabilities", "fast"),
    [
        ({"avx2": True, "avx512_f": True, "avx512_bf16": False, "amx_bf16": False}, False),
        ({"avx512_f": True, "avx512_bf16": True}, True),
        ({"avx512_bf16": False, "amx_bf16": True}, True),
        ({"neon": True, "bf16": True}, True),
        ({"neon": True, "bf16": False}, False),
    ],
)
def test_a_cpu_computes_in_bfloat16_only_with_instructions_for_it(
    monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, bool], fast: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    precision._cpu_has_bfloat16.cache_clear()
    try:
        assert precision.fast_in_bfloat16(torch.device("cpu")) is fast
    finally:
        precision._cpu_has_bfloat16.cache_clear()


def test_other_devices_are_not_guessed_at() -> None:
    assert not precision.fast_in_bfloat16(torch.device("meta"))
