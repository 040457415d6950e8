"""Camera, pyramid, tiles and outlines: the parts of the canvas by themselves."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.imaging.map import BinaryMap
from app.ui.canvas import layers
from app.ui.canvas.camera import MAX_SCALE, Camera
from app.ui.canvas.layers import MapLayer
from app.ui.canvas.map_tiles import MapTiles, Tile
from app.ui.canvas.outline import pixel_edges, smooth_edges
from app.ui.canvas.pyramid import Pyramid
from app.ui.canvas.view import PhotoView
from app.ui.main import make_application

VIEW = QSizeF(800, 600)
RED = (255, 0, 0)


# --- camera -------------------------------------------------------------------------------------


@pytest.fixture
def camera() -> Camera:
    """On a photo of 4000 x 3000, fitted into 800 x 600."""
    camera = Camera()
    camera.set_view_size(VIEW)
    camera.set_photo_size(4000, 3000)
    return camera


@given(
    x=st.floats(0, 4000), y=st.floats(0, 3000), scale=st.floats(0.05, MAX_SCALE, allow_nan=False)
)
def test_photo_and_view_coordinates_are_each_others_inverse(x: float, y: float, scale: float) -> None:
    camera = Camera()
    camera.set_view_size(VIEW)
    camera.set_photo_size(4000, 3000)
    camera.zoom_to(scale, anchor=QPointF(x, y))
    back = camera.to_photo(camera.to_view(QPointF(x, y), VIEW), VIEW)
    assert back.x() == pytest.approx(x, abs=1e-6 * 4000)
    assert back.y() == pytest.approx(y, abs=1e-6 * 4000)


def test_a_fitted_photo_stays_fitted(camera: Camera) -> None:
    assert camera.fitted
    camera.set_view_size(QSizeF(400, 300))
    assert camera.scale == camera.fit_scale


def test_a_photo_that_was_moved_stays_put(camera: Camera) -> None:
    camera.zoom_to(1.0)
    assert not camera.fitted
    camera.set_view_size(QSizeF(400, 300))
    assert camera.scale == 1.0


def test_a_shown_rectangle_fills_the_view_whatever_its_size(camera: Camera) -> None:
    face = QRectF(1000, 1000, 400, 300)
    camera.show_rectangle(face)
    first = camera.scale
    camera.set_view_size(QSizeF(1600, 1200))
    assert camera.scale == pytest.approx(2 * first)
    assert camera.centre == face.center()


def test_only_a_view_that_is_seen_tells_its_size(camera: Camera, qtbot: QtBot) -> None:
    make_application()
    seen, unseen = PhotoView(camera), PhotoView(camera)
    for view, size in ((seen, (400, 300)), (unseen, (200, 150))):
        qtbot.addWidget(view)
        view.resize(*size)
    seen.show()
    fitted = camera.scale
    unseen.grab()  # gives the view its size
    assert camera.scale == fitted
    unseen.show()
    assert camera.scale == pytest.approx(fitted / 2, rel=0.05)


def test_scales_have_limits_and_the_photo_stays_in_sight(camera: Camera) -> None:
    camera.zoom_to(1e6)
    assert camera.scale == MAX_SCALE
    camera.zoom_to(1e-9)
    assert camera.scale == camera.min_scale
    camera.pan(1e9, -1e9)
    assert 0 <= camera.centre.x() <= 4000
    assert 0 <= camera.centre.y() <= 3000


def test_steps_are_round_and_levels_follow_the_scale(camera: Camera) -> None:
    camera.zoom_to(0.3)
    camera.step(1)
    assert camera.scale == 0.5
    assert camera.level() == 1
    camera.step(-1)
    assert camera.scale == 0.25
    assert camera.level() == 2
    camera.zoom_to(3.0)
    assert camera.level() == 0


# --- pyramid --------------------------------------------------------------------------------------


def test_the_full_level_is_the_array_itself() -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (700, 1001, 3), dtype=np.uint8)
    pyramid = Pyramid(pixels)
    assert pyramid.depth == 3
    assert [pyramid.image(level).width() for level in range(3)] == [1001, 501, 251]
    assert pyramid.value(1000, 699) == tuple(pixels[699, 1000])
    colour = pyramid.image(0).pixelColor(1000, 699)
    assert (colour.red(), colour.green(), colour.blue()) == tuple(pixels[699, 1000])


def test_painting_a_part_equals_painting_all_of_it() -> None:
    pixels = np.random.default_rng(2).integers(0, 255, (64, 80), dtype=np.uint8)
    pyramid = Pyramid(pixels)
    whole, parts = (QImage(320, 256, QImage.Format.Format_RGB32) for _ in range(2))
    for target, areas in (
        (whole, [QRectF(0, 0, 80, 64)]),
        (parts, [QRectF(0, 0, 37.5, 64), QRectF(37.5, 0, 42.5, 64)]),
    ):
        target.fill(0)
        painter = QPainter(target)
        painter.scale(4, 4)
        for area in areas:
            painter.setClipRect(area)
            pyramid.paint(painter, level=0, visible=area, smooth=False)
        painter.end()
    assert whole == parts


# --- tiles ----------------------------------------------------------------------------------------


def shown(tiles: MapTiles, level: int, width: int, height: int) -> NDArray[np.uint8]:
    """(h, w) uint8: how much each pixel of the level is covered."""
    whole = np.zeros((-(-height >> level), -(-width >> level)), np.uint8)
    for tile in tiles.visible(level, QRectF(0, 0, width, height)):
        x, y = tile.rectangle[0] >> level, tile.rectangle[1] >> level
        whole[y : y + tile.cover.shape[0], x : x + tile.cover.shape[1]] = tile.cover
    return whole


def test_tiles_show_the_map_and_follow_every_edit() -> None:
    rng = np.random.default_rng(3)
    map_ = BinaryMap(700, 530)
    tiles = MapTiles(map_.pixels, RED, (0, 0, 0, 0))
    for _ in range(12):
        points = rng.uniform((-50, -50), (750, 580), (3, 2))
        edit = map_.paint_stroke(points, float(rng.uniform(1, 90)), bool(rng.integers(2)))
        if edit is not None:
            tiles.touch(edit.rectangle)
        assert np.array_equal(shown(tiles, 0, 700, 530), map_.pixels * np.uint8(255))
        half = shown(tiles, 1, 700, 530)
        mean = map_.pixels.reshape(265, 2, 350, 2).mean(axis=(1, 3)) * 255
        assert np.abs(half - mean).max() <= 1


@pytest.mark.parametrize("level", [2, 3, 5])
def test_coarse_tiles_show_the_share_that_is_covered_to_the_photos_last_row(level: int) -> None:
    width, height, factor = 2003, 1541, 1 << level
    map_ = BinaryMap(width, height)
    map_.paint_stroke(np.array([[700.0, 600.0], [1990.0, 1530.0]]), 211)
    tiles = MapTiles(map_.pixels, RED, map_.rectangle)
    cover = shown(tiles, level, width, height)
    ones, counts = map_.pixels.astype(np.int64), np.ones((height, width), np.int64)
    means = [
        np.add.reduceat(
            np.add.reduceat(each, np.arange(0, height, factor), axis=0),
            np.arange(0, width, factor),
            axis=1,
        )
        for each in (ones, counts)
    ]
    true = 255 * means[0] / means[1]
    # Not every pixel is counted far out, but where all or none is set nothing else is said.
    assert np.array_equal(cover[true == 255], np.full(np.count_nonzero(true == 255), 255))
    assert not cover[true == 0].any()
    assert np.abs(cover - true).max() <= (1 if level == 2 else 100)
    assert abs(float(cover.mean()) - float(true.mean())) < 0.3


@pytest.mark.parametrize("level", [2, 3, 4])
def test_coarse_tiles_count_sixteen_samples_of_each_pixel(level: int) -> None:
    factor = 1 << level
    rows, columns = 75, 300  # of the level: more than one tile
    pixels = np.random.default_rng(level).random((rows * factor, columns * factor)) < 0.5
    tiles = MapTiles(pixels, RED, (0, 0, columns * factor, rows * factor))
    at = factor // 8 + (factor // 4) * np.arange(4)
    blocks = pixels.reshape(rows, factor, columns, factor)[:, at][..., at]
    true = np.round(blocks.sum(axis=(1, 3)) * 255 / 16).astype(np.uint8)
    assert np.array_equal(shown(tiles, level, columns * factor, rows * factor), true)


def test_only_touched_tiles_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    map_ = BinaryMap(2048, 2048)
    map_.clear()
    map_.invert()
    tiles = MapTiles(map_.pixels, RED, map_.rectangle)
    shown(tiles, 0, 2048, 2048)
    made: list[object] = []
    refresh = tiles._refresh

    def watch(level: int, tile: Tile) -> None:
        made.append(tile.stale)
        refresh(level, tile)

    monkeypatch.setattr(tiles, "_refresh", watch)
    edit = map_.paint_stroke(np.array([[300.0, 300.0]]), 5, False)
    assert edit is not None
    tiles.touch(edit.rectangle)
    shown(tiles, 0, 2048, 2048)
    assert len(made) == 1


def test_without_time_tiles_come_as_they_were_and_are_asked_for_again() -> None:
    map_ = BinaryMap(600, 300)
    map_.paint_stroke(np.array([[100.0, 150.0]]), 60)
    tiles = MapTiles(map_.pixels, RED, (0, 0, 600, 300))
    area = QRectF(0, 0, 600, 300)
    behind: list[QRectF] = []
    assert not list(tiles.visible(0, area, late=lambda: True, behind=behind))
    assert len(behind) == 6
    before = shown(tiles, 0, 600, 300)
    edit = map_.invert()
    assert edit is not None
    tiles.touch(edit.rectangle)
    behind.clear()
    seen = list(tiles.visible(0, area, late=lambda: True, behind=behind))
    assert len(behind) == 6
    assert np.array_equal(seen[0].cover, before[:256, :256])
    turn = iter([False, False])
    behind.clear()
    list(tiles.visible(0, area, late=lambda: next(turn, True), behind=behind))
    assert len(behind) == 4
    assert np.array_equal(shown(tiles, 0, 600, 300), map_.pixels * np.uint8(255))


def test_a_canvas_that_is_late_paints_the_rest_with_the_next_frames(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_application()
    view = PhotoView(Camera())
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.camera.set_photo_size(600, 300)
    layer = MapLayer()
    map_ = BinaryMap(600, 300)
    map_.invert()
    layer.tiles = MapTiles(map_.pixels, RED, map_.rectangle)
    layer.opacity = 1.0
    view.layers = [layer]
    monkeypatch.setattr(layers, "READY_S", -1.0)  # every frame is late
    view.show()
    qtbot.waitExposed(view)
    assert view.grab().toImage().pixelColor(350, 200) != QColor(255, 0, 0)
    monkeypatch.undo()
    # Nobody asks for a repaint but the canvas itself.
    tiles = layer.tiles._tiles
    qtbot.waitUntil(lambda: len(tiles) == 6 and all(t.lines is not None for t in tiles.values()))
    assert view.grab().toImage().pixelColor(350, 200) == QColor(255, 0, 0)


def test_tiles_take_another_colour() -> None:
    map_ = BinaryMap(10, 10)
    map_.invert()
    tiles = MapTiles(map_.pixels, RED, map_.rectangle)
    (tile,) = tiles.visible(0, QRectF(0, 0, 10, 10))
    assert tile.image.pixelColor(5, 5) == QColor(255, 0, 0)
    tiles.set_colour((0, 0, 255))
    assert tile.image.pixelColor(5, 5) == QColor(0, 0, 255)


# --- outlines -------------------------------------------------------------------------------------


@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=4, max_size=4))
def test_exact_outlines_are_as_long_as_the_border(rows: list[list[bool]]) -> None:
    inside = np.zeros((6, 7), bool)
    inside[1:5, 1:6] = rows
    lines = pixel_edges(inside)
    length = np.abs(lines[:, 2:] - lines[:, :2]).sum()
    border = sum(
        int(np.count_nonzero(np.diff(inside.astype(np.int8), axis=axis))) for axis in (0, 1)
    )
    assert length == border


@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=4, max_size=4))
def test_smooth_outlines_are_closed(rows: list[list[bool]]) -> None:
    inside = np.zeros((6, 7), bool)
    inside[1:5, 1:6] = rows
    ends: dict[tuple[float, float], int] = {}
    for x0, y0, x1, y1 in smooth_edges(inside).tolist():
        for point in ((x0, y0), (x1, y1)):
            ends[point] = ends.get(point, 0) + 1
    assert all(count == 2 for count in ends.values())


def test_outlines_do_not_break_between_tiles() -> None:
    map_ = BinaryMap(600, 300)
    map_.paint_stroke(np.array([[256.0, 150.0]]), 60, True)
    tiles = MapTiles(map_.pixels, RED, map_.rectangle)
    for smooth in (True, False):
        # Both tiles draw what lies between them; drawn twice it is seen once.
        lines = {
            frozenset([(line.x1(), line.y1()), (line.x2(), line.y2())])
            for tile in tiles.visible(0, QRectF(0, 0, 600, 300))
            for line in tiles.lines(0, tile, smooth=smooth)
        }
        ends = Counter(point for line in lines for point in line)
        assert ends
        assert all(count % 2 == 0 for count in ends.values()) or not smooth
