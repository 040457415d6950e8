"""Recipes of every published system, small enough to train in a second or two."""

from __future__ import annotations

from typing import Any

STEPS = 4

_FACE: dict[str, Any] = {"size": 32, "batch": 4, "steps": STEPS}

PUBLISHED: dict[str, dict[str, Any]] = {
    "autoencoder": _FACE | {"task": "autoencoder", "width": 8},
    "rgb2rgb": _FACE | {"task": "rgb2rgb", "width": 4},
    "rgb2sketch": _FACE | {"task": "rgb2sketch", "width": 4},
    "pix2pix_l1": _FACE
    | {"task": "pix2pix", "loss": "l1", "width": 8, "discriminator_width": 8, "depth": 4},
    "pix2pix_cosine_mean": _FACE
    | {"task": "pix2pix", "loss": "cosine_mean", "width": 8, "discriminator_width": 8, "depth": 4},
    "pix2pix_cosine_sum": _FACE
    | {"task": "pix2pix", "loss": "cosine_sum", "width": 8, "discriminator_width": 8, "depth": 4},
    "map_module": {"task": "map_module", "size": 64, "batch": 2, "steps": STEPS, "width": 8},
    "editing_module": {
        "task": "editing_module",
        "size": 64,
        "batch": 2,
        "steps": STEPS,
        "width": 8,
        "discriminator_width": 8,
        "perceptual": 0.0,
    },
    "gated": _FACE | {"task": "gated", "size": 64, "width": 8, "discriminator_width": 8},
    "efficientdet_d0": {
        "task": "efficientdet",
        "size": 128,
        "batch": 2,
        "steps": STEPS,
        "width": 0.25,
    },
}
"""By the name of the bundled recipe that each is a small one of."""

for _name, _values in PUBLISHED.items():
    _values["name"] = f"tiny_{_name}"
