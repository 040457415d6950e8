"""Recipes of every task, small enough to train in a second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STEPS = 4

_NETWORK: dict[str, Any] = {
    "task": "reconstruct",
    "size": 32,
    "batch": 4,
    "steps": STEPS,
    "widths": [8, 12, 16],
    "middle_blocks": 1,
    "heads": 2,
    "further_blocks": [1],
    "latent": 8,
}

TINY: dict[str, dict[str, Any]] = {
    "map": {
        "task": "map",
        "name": "map",
        "size": 32,
        "batch": 4,
        "steps": STEPS,
        "widths": [8, 12, 16],
    },
    "align": {"task": "align", "name": "align", "size": 32, "batch": 4, "steps": STEPS},
    "locate": {"task": "locate", "name": "locate", "size": 128, "batch": 2, "steps": STEPS},
    "landmarks": {
        "task": "landmarks",
        "name": "landmarks",
        "size": 32,
        "batch": 4,
        "steps": STEPS,
        "widths": [8, 12, 16],
        "worn_share": 0.0,
    },
    "regression": _NETWORK | {"name": "regression", "stage": "regression"},
    "muon": _NETWORK | {"name": "muon", "stage": "regression", "optimiser": "muon", "rate": 4e-3},
    "adversarial": _NETWORK
    | {
        "name": "adversarial",
        "stage": "adversarial",
        "warm_start": "regression/weights.pt",
        "discriminator_widths": [8, 12, 12],
        "spread": 0.3,
        "perceptual": 0.0,
    },
}
"""By name, in an order in which each finds what it starts from."""


SUPER_RESOLUTION: dict[str, Any] = {
    "task": "super_resolution",
    "name": "super_resolution",
    "size": 64,
    "patch": 32,
    "batch": 4,
    "steps": STEPS,
    "rate": 2e-3,
    "widths": [8, 12],
    "blocks": 1,
}
"""It learns with VGG-19, which the small data folder has in some tests only."""


@dataclass(frozen=True)
class Exported:
    """One model of the zoo, the run it comes from and what it is exported as."""

    run: str
    kind: str | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return f"tiny_{self.run}_{self.kind}" if self.kind else f"tiny_{self.run}"


MODELS = (
    Exported("locate"),
    Exported("align"),
    Exported("map"),
    Exported("regression", "rgb"),
    Exported("adversarial", "sketch"),
    Exported("adversarial", "gan"),
)
