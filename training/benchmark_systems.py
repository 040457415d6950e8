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
        differs: what is not as it was published, beside :data:`ALL_DIFFER`; one sentence or more.
    """

    name: str
    title: str
    source: str
    stage: Stage
    recipes: tuple[tuple[str, float], ...] = ()
    kind: Kind | None = None
    differs: str = ""


ALL_DIFFER = (
    "Published systems are trained here on the pictures that ours are trained on, cut by the "
    "application's alignment at the eyes; reconstructions see a black map, as the application shows it "
    "to every model, where the papers show faces that wear masks. The narrow recipes are smaller than "
    "the published networks. Beyond that:"
)
"""What no published system of the benchmark has as in its publication."""


def _published(name: str, title: str, source: str, differs: str) -> Entry:
    return Entry(
        name=name,
        title=title,
        source=source,
        stage="reconstruct",
        recipes=((name, 1.0),),
        kind="gan",
        differs=differs,
    )


_OURS = (("ours_regression", 0.8), ("ours_adversarial", 0.2))
_SUNAGAD = "Sunagad et al."
_DIN = "after Din et al. 2020"

_SHETE_DIFFERS = (
    "The description names the kind of network; the number of its levels and their widths are ours."
)
_SIVAKUMAR_DIFFERS = (
    "No Haar cascade samples the faces: the application aligns them otherwise, and a model has to be "
    "trained on what it will be shown. (The cascade stands among the locators.) The rate falls when the "
    "training loss, which stands for that of other faces, has not fallen for three epochs, of 100 steps "
    "each in the narrow recipes: in a run of fewer than 400 steps it stays at its highest."
)
_SUNAGAD_DIFFERS = (
    "Pictures are learned in batches, one at a time by Isola et al. 2017, so that the model in use "
    "normalises by running figures and has no dropout. The share of outputs with a face is the Haar "
    "cascade's."
)
_EDITING_DIFFERS = (
    "The map is the data's own in training and the user's in use, not the map module's output."
)
_MAP_DIFFERS = "It is trained on the synthetic masks that our own map network is trained on."
_GATED_DIFFERS = (
    "The refinement is shown the map too, each face's own map says which patches the attention may use, "
    "and the discriminator's last layer has no rectifier."
)
_DETECTOR_DIFFERS = (
    "The backbone begins with random weights, not with ImageNet's; in short runs the warm-up is "
    "shorter, and averages of weights and statistics have a shorter memory."
)

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
    _published("autoencoder", "Autoencoder", "Shete et al.", _SHETE_DIFFERS),
    _published("rgb2rgb", "RGB2RGB U-Net", "Sivakumar", _SIVAKUMAR_DIFFERS),
    _published("pix2pix_l1", "Pix2Pix, L1", _SUNAGAD, _SUNAGAD_DIFFERS),
    _published("pix2pix_cosine_mean", "Pix2Pix, cosine mean", _SUNAGAD, _SUNAGAD_DIFFERS),
    _published("pix2pix_cosine_sum", "Pix2Pix, cosine sum", _SUNAGAD, _SUNAGAD_DIFFERS),
    _published("editing_module", "Two-discriminator GAN", _DIN, _EDITING_DIFFERS),
    _published("gated", "Gated GAN, SN-PatchGAN", "Fan et al.", _GATED_DIFFERS),
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
        differs=_SIVAKUMAR_DIFFERS,
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
        differs=_MAP_DIFFERS,
    ),
    Entry(name="map", title="Ours, map", source="", stage="map", recipes=(("map", 1.0),)),
    Entry(name="haar", title="Haar cascade", source="Viola & Jones 2001", stage="locate"),
    Entry(
        name="efficientdet_d0",
        title="EfficientDet-D0",
        source="Fan et al., after Tan et al. 2020",
        stage="locate",
        recipes=(("efficientdet_d0", 1.0),),
        differs=_DETECTOR_DIFFERS,
    ),
    Entry(
        name="locate", title="Ours, locator", source="", stage="locate", recipes=(("locate", 1.0),)
    ),
)
"""Every system, in the order of the tables."""

BY_NAME = {entry.name: entry for entry in ENTRIES}
