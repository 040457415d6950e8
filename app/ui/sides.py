"""What can stand in the comparison: photo, map and every hypothesis, each ready to be painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QColor, QPainter

from app.ui.canvas.layers import Frame, GridLayer, Layer, MapLayer, PictureLayer
from app.ui.canvas.map_tiles import MapTiles
from app.ui.canvas.pyramid import Pyramid
from app.ui.labels import hypothesis_caption
from app.ui.map_document import MapDocument
from app.ui.sentences import in_language
from app.ui.session import Hypothesis, PhotoSession

WHITE = (255, 255, 255)

SideKey = tuple[str, object]
"""What a side shows: its kind, and which of that kind."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One picture of the comparison.

    Attributes:
        key: equal for equal pictures.
        title, details: what it is.
        layers: how it is painted, in photo coordinates.
        short: the details where there is little room; empty where they cannot be shortened.
        hypothesis: what it shows, or None for photo and map.
        model: the title of the model that it comes of; empty for photo and map.
        tiles: of the map, to be told of edits; None for others.
    """

    key: SideKey
    title: str
    details: str
    layers: tuple[Layer, ...] = field(repr=False)
    short: str = ""
    hypothesis: Hypothesis | None = None
    model: str = ""
    tiles: MapTiles | None = None

    @property
    def name(self) -> str:
        """Title and details in one line."""
        return f"{self.title} · {self.details}" if self.details else self.title

    @property
    def short_name(self) -> str:
        """The same where there is little room."""
        return f"{self.title} · {self.short}" if self.short else self.name


class PaperLayer:
    """The ground of the map's own picture: black, so that white is the map."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)

    def paint(self, painter: QPainter, _frame: Frame) -> None:
        """Fill the photo's area."""
        painter.fillRect(0, 0, *self._size, QColor(0, 0, 0))


def photo_side(photo: PhotoSession) -> Side:
    """The photo itself, which must be decoded."""
    assert photo.pyramid is not None
    assert photo.size is not None
    layers = (PictureLayer(photo.pyramid), GridLayer(*photo.size))
    title = QCoreApplication.translate("Sides", "Photo")
    return Side(key=("photo", None), title=title, details=photo.name, layers=layers)


def map_side(photo: PhotoSession, document: MapDocument) -> Side:
    """The map in black and white."""
    assert photo.size is not None
    layer = MapLayer()
    tiles = MapTiles(document.map.pixels, WHITE, document.bounds)
    layer.tiles = tiles
    layer.opacity = 1.0
    layer.outlined = False
    return Side(
        key=("map", None),
        title=QCoreApplication.translate("Sides", "Map"),
        details=map_details(document),
        layers=(PaperLayer(*photo.size), layer),
        tiles=tiles,
    )


def map_details(document: MapDocument) -> str:
    """Whether the map is still the automatic one."""
    if document.edited_by_hand:
        return QCoreApplication.translate("Sides", "edited by hand")
    return QCoreApplication.translate("Sides", "automatic")


def hypothesis_side(photo: Pyramid, hypothesis: Hypothesis, grid: GridLayer) -> Side:
    """A hypothesis in its photo, or a whole sketch."""
    title, details = hypothesis_caption(hypothesis)
    return Side(
        key=("hypothesis", hypothesis),
        title=title,
        details=details,
        layers=(
            PictureLayer(hypothesis.ground or photo),
            PictureLayer(hypothesis.picture, QPointF(*hypothesis.origin)),
            grid,
        ),
        short=QCoreApplication.translate("Sides", "{0} of {1} · seed {2}").format(
            hypothesis.number, hypothesis.of, hypothesis.outcome.request.seed
        ),
        hypothesis=hypothesis,
        model=title,
    )


def spread_side(photo: Pyramid, hypothesis: Hypothesis, grid: GridLayer) -> Side:
    """Where the hypotheses of a run differ."""
    model, seed = in_language(hypothesis.outcome.card.title), hypothesis.outcome.request.seed
    if hypothesis.of == 1:
        # Such a model states how far off its one answer may be.
        details = QCoreApplication.translate("Sides", "Stated by {0} · seed {1}").format(model, seed)
    else:
        details = QCoreApplication.translate("Sides", "{0} hypotheses of {1} · seed {2}").format(
            hypothesis.of, model, seed
        )
    return Side(
        key=("spread", hypothesis.outcome),
        title=QCoreApplication.translate("Sides", "Uncertainty"),
        details=details,
        layers=(
            PictureLayer(photo),
            PictureLayer(hypothesis.spread, QPointF(*hypothesis.spread_origin)),
            grid,
        ),
        model=model,
    )


def sides_of(photo: PhotoSession | None, *, spread: bool) -> Sequence[Side]:
    """Everything of a photo that is to be compared, in order; nothing without a chosen hypothesis.

    Args:
        photo: the photo.
        spread: with the uncertainty of every run of several hypotheses.
    """
    chosen = [each for each in photo.hypotheses if each.chosen] if photo is not None else []
    if photo is None or photo.pyramid is None or photo.size is None or not chosen:
        return ()
    grid = GridLayer(*photo.size)
    sides = [photo_side(photo)]
    if photo.document is not None:
        sides.append(map_side(photo, photo.document))
    for index, hypothesis in enumerate(chosen):
        sides.append(hypothesis_side(photo.pyramid, hypothesis, grid))
        last = index + 1 == len(chosen) or chosen[index + 1].outcome is not hypothesis.outcome
        if last and spread and hypothesis.spread is not None:
            sides.append(spread_side(photo.pyramid, hypothesis, grid))
    return tuple(sides)
