"""Composites: a hypothesis in the whole photo, as PNG, TIFF or JPEG."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from app.export.encoders import encode_jpeg, encode_tiff
from app.export.exif import KeptExif, kept_exif
from app.export.exporter import Choice, Drawn, Exporter, Item, Material, Option, each_hypothesis
from app.export.labels import add_border, label_of
from app.export.metadata import COMPOSITE, GENERATED
from app.export.pictures import Marks, Role, encode_generated

LOCATION = Option(
    name="location",
    title="Where the photo was taken",
    choices=(Choice(value="keep", title="Keep"), Choice(value="leave-out", title="Leave out")),
)

DEPTH = Option(
    name="depth",
    title="Depth",
    choices=(
        Choice(value="photo", title="As the photo"),
        Choice(value="16", title="16 bits per channel"),
    ),
)


class Composite(Exporter):
    """A hypothesis in the photo's size, its label in a border below."""

    options: ClassVar[tuple[Option, ...]] = (LOCATION,)

    def items(self, material: Material, options: Mapping[str, str]) -> Sequence[Item]:
        """One file per hypothesis."""
        return each_hypothesis(material, self.suffix)

    def draw(self, material: Material, item: Item, options: Mapping[str, str]) -> Drawn:
        """The picture with its label below, and the photo's camera data where it is a photo."""
        run = item.run
        assert run is not None
        label = label_of(run.result, item.hypothesis)
        pixels = run.composites[item.hypothesis - 1]
        shown = add_border(pixels[..., None] if pixels.ndim == 2 else pixels, label)
        exif = KeptExif()
        if not run.sketch:
            exif = kept_exif(material.evidence, location=options["location"] == "keep")
        source_type = GENERATED if run.sketch else COMPOSITE
        marks = Marks(
            label=label,
            source_type=source_type,
            result=run.result,
            # The profile describes colours, and a sketch has none.
            icc_profile=None if run.sketch else material.photo.icc_profile,
        )
        content = self.encode(shown, marks, exif, options)
        role: Role = "sketch" if run.sketch else "composite"
        return Drawn(content=content, role=role, label=label, source_type=source_type)

    @abstractmethod
    def encode(
        self,
        pixels: NDArray[np.generic],
        marks: Marks,
        exif: KeptExif,
        options: Mapping[str, str],
    ) -> bytes:
        """The file's bytes."""


class CompositePng(Composite):
    """The composite's own pixels, in the photo's depth."""

    name = "composite-png"
    title = "Composite (PNG)"
    suffix = ".png"
    mime = "image/png"
    order = 10

    def encode(
        self,
        pixels: NDArray[np.generic],
        marks: Marks,
        exif: KeptExif,
        options: Mapping[str, str],
    ) -> bytes:
        """PNG, camera data in its own chunk."""
        height, width = pixels.shape[:2]
        block = exif.block(label=marks.label, width=width, height=height)
        return encode_generated(pixels, marks, exif=block)


class CompositeTiff(Composite):
    """The composite's own pixels, in the photo's depth or in 16 bits (8-bit values times 257)."""

    name = "composite-tiff"
    title = "Composite (TIFF, 8 or 16 bits)"
    suffix = ".tif"
    mime = "image/tiff"
    options = (DEPTH, LOCATION)
    order = 11

    def encode(
        self,
        pixels: NDArray[np.generic],
        marks: Marks,
        exif: KeptExif,
        options: Mapping[str, str],
    ) -> bytes:
        """TIFF; 257 brings 255 to 65535 exactly, and a division brings it back."""
        if options["depth"] == "16" and pixels.dtype == np.uint8:
            pixels = pixels.astype(np.uint16) * np.uint16(257)
        return encode_tiff(pixels, marks, exif=exif)


class CompositeJpeg(Composite):
    """For mail and text documents: small, and close to the composite but not equal to it."""

    name = "composite-jpeg"
    title = "Composite (JPEG, with loss)"
    suffix = ".jpg"
    mime = "image/jpeg"
    lossless = False
    order = 12

    def encode(
        self,
        pixels: NDArray[np.generic],
        marks: Marks,
        exif: KeptExif,
        options: Mapping[str, str],
    ) -> bytes:
        """JPEG of high quality."""
        return encode_jpeg(pixels, marks, exif=exif)
