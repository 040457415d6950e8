"""The systems of the benchmark: their names, where they were published, what they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.inference.card import Kind

Stage = Literal["reconstruct", "sketch", "map", "locate"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of the benchmark.

    Attributes:
        name: on the command line, and of its files.
        title: in the table.
        source: where it was published.
        stage: which table it stands in.
        recipes: the recipes that are trained one after the other, each from the weights of the one
            before, with their shares of the budget; empty for what needs no training.
        kind: what a reconstruction is exported as.
    """

    name: str
    title: str
    source: str
    stage: Stage
    recipes: tuple[tuple[str, float], ...] = ()
    kind: Kind | None = None


def _published(name: str, title: str, source: str) -> Entry:
    return Entry(
        name=name,
        title=title,
        source=source,
        stage="reconstruct",
        recipes=((name, 1.0),),
        kind="gan",
    )


_OURS = (("ours_regression", 0.8), ("ours_adversarial", 0.2))
_SUNAGAD = "Sunagad et al."
_DIN = "after Din et al. 2020"

ENTRIES: tuple[Entry, ...] = (
    Entry(name="grey_hole", title="grey hole", source="", stage="reconstruct"),
    Entry(name="telea", title="OpenCV Telea", source="Telea 2004", stage="reconstruct"),
    Entry(
        name="navier_stokes",
        title="OpenCV Navier-Stokes",
        source="Bertalmio et al. 2001",
        stage="reconstruct",
    ),
    Entry(
        name="ppca",
        title="PPCA, conditional mean",
        source="Tipping & Bishop 1999",
        stage="reconstruct",
    ),
    Entry(
        name="nearest_face",
        title="nearest training face, colour-matched",
        source="Reinhard et al. 2001 (colours)",
        stage="reconstruct",
    ),
    _published("autoencoder", "Autoencoder", "Shete et al."),
    _published("rgb2rgb", "RGB2RGB U-Net", "Sivakumar"),
    _published("pix2pix_l1", "Pix2Pix, L1", _SUNAGAD),
    _published("pix2pix_cosine_mean", "Pix2Pix, cosine mean", _SUNAGAD),
    _published("pix2pix_cosine_sum", "Pix2Pix, cosine sum", _SUNAGAD),
    _published("editing_module", "Two-discriminator GAN", _DIN),
    _published("gated", "Gated GAN, SN-PatchGAN", "Fan et al."),
    Entry(
        name="ours",
        title="Ours",
        source="",
        stage="reconstruct",
        recipes=_OURS,
        kind="gan",
    ),
    Entry(
        name="ours_rgb",
        title="Ours, RGB",
        source="",
        stage="reconstruct",
        recipes=(("ours_rgb", 1.0),),
        kind="rgb",
    ),
    Entry(
        name="rgb2sketch",
        title="RGB2SKETCH U-Net",
        source="Sivakumar",
        stage="sketch",
        recipes=(("rgb2sketch", 1.0),),
        kind="sketch",
    ),
    Entry(
        name="ours_sketch",
        title="Ours, sketch",
        source="",
        stage="sketch",
        recipes=(("ours_sketch", 1.0),),
        kind="sketch",
    ),
    Entry(
        name="map_module",
        title="Map module of the two-discriminator GAN",
        source=_DIN,
        stage="map",
        recipes=(("map_module", 1.0),),
    ),
    Entry(name="map", title="Ours, map", source="", stage="map", recipes=(("map", 1.0),)),
    Entry(name="haar", title="Haar cascade", source="Viola & Jones 2001", stage="locate"),
    Entry(
        name="efficientdet_d0",
        title="EfficientDet-D0",
        source="Fan et al., after Tan et al. 2020",
        stage="locate",
        recipes=(("efficientdet_d0", 1.0),),
    ),
    Entry(
        name="locate", title="Ours, locator", source="", stage="locate", recipes=(("locate", 1.0),)
    ),
)
"""Every system, in the order of the tables."""

BY_NAME = {entry.name: entry for entry in ENTRIES}
