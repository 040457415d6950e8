"""Optimisers that torch has only in part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from typing_extensions import override

from training.precision import fast_in_bfloat16

AS_LONG_AS_ADAMW = 0.2
"""Root mean square of a step of AdamW, which Muon's steps are scaled to."""


class MuonInFloat32(torch.optim.Muon):
    """torch's Muon, which makes matrices orthogonal in bfloat16, for devices that are slow in it.

    States are torch's: a run may go on with the other one.
    """

    @override
    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """One step as torch's ``_single_tensor_muon`` makes it; closures are not asked."""
        if closure is not None:
            raise ValueError("MuonInFloat32 takes no closure.")
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is not None:
                    self._turn(matrix, group)

    def _turn(self, matrix: nn.Parameter, group: dict[str, Any]) -> None:
        gradient = matrix.grad
        assert gradient is not None
        state = self.state[matrix]
        momentum = state.setdefault("momentum_buffer", torch.zeros_like(gradient))
        momentum.lerp_(gradient, 1 - group["momentum"])
        step = orthogonal(
            gradient.lerp(momentum, group["momentum"]),
            group["ns_coefficients"],
            group["ns_steps"],
            group["eps"],
        )
        length = group["lr"] * AS_LONG_AS_ADAMW * max(matrix.shape) ** 0.5
        matrix.mul_(1 - group["lr"] * group["weight_decay"])
        matrix.add_(step, alpha=-length)


def orthogonal(
    matrix: Tensor, coefficients: tuple[float, float, float], steps: int, smallest: float
) -> Tensor:
    """The matrix with singular values near one, by Muon's quintic iteration of Newton and Schulz.

    The polynomials of every step are polynomials of the first product of the matrix with itself, and
    are multiplied among themselves before they meet the matrix: of a kernel with nine times more
    inputs than outputs, that is two fifths of the operations. Only float32 is exact enough for it.

    Args:
        matrix: (O, I) float32.
        coefficients: of the polynomial, at powers one, three and five.
        steps: of the iteration.
        smallest: norm below which the matrix is zero.

    Returns:
        (O, I) float32.
    """
    wide = matrix if len(matrix) <= matrix.shape[1] else matrix.t()
    a, b, c = coefficients
    wide = wide / wide.norm().clamp(min=smallest)
    square = wide @ wide.t()
    turned: Tensor = torch.eye(len(wide), dtype=wide.dtype, device=wide.device)
    for _ in range(steps):
        factor = torch.addmm(square, square, square, beta=b, alpha=c)
        factor.diagonal().add_(a)
        turned = factor @ turned
        square = factor @ square @ factor
    wide = torch.mm(turned, wide)
    return wide if len(matrix) <= matrix.shape[1] else wide.t()


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
        whole = any(not fast_in_bfloat16(matrix.device) for matrix in self._matrices)
        self._muon = (MuonInFloat32 if whole else torch.optim.Muon)(
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
