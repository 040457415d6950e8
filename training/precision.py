"""Which numbers a device computes with fastest: bfloat16 only where it has instructions for it."""

from __future__ import annotations

from functools import cache

import torch


def fast_in_bfloat16(device: torch.device) -> bool:
    """Whether products of bfloat16 are faster than those of float32 there.

    A CPU without instructions for them computes them by way of float32, several times slower than
    float32 itself.

    Args:
        device: a CPU or a CUDA GPU.
    """
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return device.type == "cpu" and _cpu_has_bfloat16()


@cache
def _cpu_has_bfloat16() -> bool:
    has = torch.cpu.get_capabilities()
    return any(bool(has.get(name)) for name in ("avx512_bf16", "amx_bf16", "bf16", "sve_bf16"))
