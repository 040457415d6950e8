"""Optimisers that torch has only in part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from typing_extensions import override


class MuonOfConvolutions(torch.optim.Optimizer):
    """Muon for the kernels of convolutions, AdamW for all else, at one learning rate.

    Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/) makes the momentum of a matrix
    orthogonal before it is applied, so that all directions of a layer learn alike. torch has it for
    matrices; a kernel is the matrix of its output channels by everything else, as it is for its author.
    Steps are as long as AdamW's (Liu et al. 2025, arXiv 2502.16982, eq. 4), so that both take the same
    rate. First and last layers stay with AdamW, as there.
    """

    def __init__(
        self,
        network: nn.Module,
        rate: float,
        *,
        edges: Iterable[str],
        betas: tuple[float, float] = (0.9, 0.99),
        momentum: float = 0.95,
        decay: float = 1e-2,
    ) -> None:
        """
        Args:
            network: on its device already: the kernels are shared with it, not copied.
            rate: learning rate of both.
            edges: names of the first and last layers.
            betas: AdamW's.
            momentum: Muon's.
            decay: weight decay of both.
        """
        outer = tuple(f"{name}." for name in edges)
        named = list(network.named_parameters())
        self._kernels = [p for name, p in named if p.dim() == 4 and not name.startswith(outer)]
        inner = {id(kernel) for kernel in self._kernels}
        rest = [p for _, p in named if id(p) not in inner]
        self._matrices = [nn.Parameter(_matrix(kernel.detach())) for kernel in self._kernels]
        self._muon = torch.optim.Muon(
            self._matrices,
            lr=rate,
            weight_decay=decay,
            momentum=momentum,
            adjust_lr_fn="match_rms_adamw",
        )
        self._adam = torch.optim.AdamW(rest, lr=rate, betas=betas, weight_decay=decay, fused=True)
        super().__init__([*self._kernels, *rest], {"lr": rate})
        self._join()

    def _join(self) -> None:
        # The groups themselves, so that a rate that is set here is set there.
        self.param_groups = [*self._muon.param_groups, *self._adam.param_groups]

    @override
    def zero_grad(self, set_to_none: bool = True) -> None:
        """As torch's."""
        for kernel, matrix in zip(self._kernels, self._matrices, strict=True):
            matrix.grad = None
            if not set_to_none and kernel.grad is not None:
                kernel.grad.zero_()
            else:
                kernel.grad = None
        self._adam.zero_grad(set_to_none)

    @override
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """One step of both; closures are not asked."""
        if closure is not None:
            raise ValueError("MuonOfConvolutions takes no closure.")
        for kernel, matrix in zip(self._kernels, self._matrices, strict=True):
            matrix.grad = None if kernel.grad is None else _matrix(kernel.grad)
        self._muon.step()  # type: ignore[no-untyped-call]
        self._adam.step()

    @override
    def state_dict(self) -> dict[str, Any]:
        """What resuming needs of both."""
        return {"muon": self._muon.state_dict(), "adam": self._adam.state_dict()}

    @override
    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take back what :meth:`state_dict` gave."""
        self._muon.load_state_dict(state_dict["muon"])
        self._adam.load_state_dict(state_dict["adam"])
        self._join()


def _matrix(kernel: Tensor) -> Tensor:
    """(O, I, H, W) as the matrix (O, H W I), without copying a kernel in the order ``channels_last``."""
    return kernel.permute(0, 2, 3, 1).reshape(len(kernel), -1)
