"""The map, as other programs and `revisage reconstruct --map` read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from app.export.exporter import Drawn, Exporter, Item, Material, Need
from app.export.pictures import encode_map, map_name


class MapPng(Exporter):
    """8 bits, the photo's size, 255 is mask and 0 is not.

    It shows nothing generated and is read back as data, so it has no label that would change its size.
    """

    name = "map-png"
    title = "Map (PNG)"
    suffix = ".png"
    mime = "image/png"
    needs: ClassVar[tuple[Need, ...]] = ("map",)
    order = 60

    def items(self, material: Material, options: Mapping[str, str]) -> Sequence[Item]:
        """One file."""
        return [Item(file_name=map_name(material.stem))]

    def draw(self, material: Material, item: Item, options: Mapping[str, str]) -> Drawn:
        """The map's pixels."""
        assert material.map is not None
        return Drawn(content=encode_map(material.map), role="map")
