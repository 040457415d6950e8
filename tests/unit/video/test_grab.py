"""A frame out of a video as a photo."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.export.own import FRAME_KEYWORD, made_here
from app.imaging.photo import decode_photo
from app.video.errors import VideoError
from app.video.grab import clock, grab
from app.video.label import LabelledFrame
from app.video.look import Look
from app.video.media import Frame, VideoInfo
from app.video.source import source_of

WHEN = datetime(2026, 11, 20, 15, 4, 5, 678_900, UTC)
INFO = VideoInfo(
    width=64, height=48, rate=Fraction(25), time_base=Fraction(1, 90000), frames=0, live=True
)


@pytest.fixture
def look() -> Look:
    rgb = np.random.Generator(np.random.PCG64(1)).integers(0, 256, (48, 64, 3), np.uint8)
    made = np.zeros((60, 64, 3), np.uint8)
    frame = Frame(123, 442_800, rgb)
    return Look(frame, WHEN, 4.92, hypothesis=made, label="hypothesis")


def test_the_original_without_loss_and_with_its_record(look: Look) -> None:
    source = source_of("rtsp://guard:secret@cam.example/door")
    made = grab(source, INFO, look, codec="h264")
    assert np.array_equal(decode_photo(made.content, made.name).rgb, look.frame.rgb)
    assert made.sha256 == hashlib.sha256(made.content).hexdigest()
    assert made.name == "cam.example_20261120T150405.678Z_frame000123.png"
    assert made.record["pts"] == 442_800
    assert made.record["time_base"] == "1/90000"
    assert made.record["seconds"] == "4.920"
    assert made.record["captured_utc"] == "2026-11-20T15:04:05.678+00:00"
    assert made.record["source"] == "rtsp://guard:***@cam.example/door"
    with Image.open(io.BytesIO(made.content)) as image:
        assert json.loads(image.info[FRAME_KEYWORD]) == dict(made.record)
    assert b"secret" not in made.content
    assert "secret" not in made.source
    assert made.source.endswith(
        "frame 123 at 00:00:04.920 - captured 2026-11-20T15:04:05.678+00:00"
    )


@pytest.mark.parametrize("resized", [False, True])
def test_the_record_says_whether_the_pixels_were_made_square(look: Look, resized: bool) -> None:
    made = grab(source_of("0"), replace(INFO, resized=resized), look, codec="rawvideo")
    assert made.record["made_square"] is resized


def test_a_frame_of_a_video_that_revisage_made_is_no_photo(look: Look) -> None:
    for generated in (False, True):
        made = grab(source_of("0"), replace(INFO, generated=generated), look, codec="h264")
        assert made.generated is generated
        assert made.record.get("generated", False) is generated
        assert made_here(io.BytesIO(made.content)) is generated


def test_the_same_frame_gives_the_same_file(look: Look) -> None:
    source = source_of("0")
    first, second = (grab(source, INFO, look, codec="rawvideo") for _ in range(2))
    assert first.content == second.content
    assert first.name.startswith("camera-0_")


def test_a_frame_of_a_file_leads_back_to_it(look: Look, tmp_path: Path) -> None:
    path = tmp_path / "Türe: 1/2".replace("/", "-")
    path.write_bytes(b"video")
    made = grab(source_of(str(path)), INFO, look, codec="h264")
    assert made.record["source"] == path.name
    assert made.record["source_sha256"] == hashlib.sha256(b"video").hexdigest()
    assert made.name == "Türe-1-2_00-00-04.920_frame000123.png"
    path.unlink()
    with pytest.raises(VideoError, match="could not be read any more"):
        grab(source_of(str(path)), INFO, look, codec="h264")


def test_the_clock() -> None:
    assert clock(3723.4567) == "01:02:03.457"
    assert clock(-1) == "00:00:00.000"


@pytest.mark.parametrize("size", [(64, 48), (401, 301)])
def test_a_labelled_frame_is_the_frame_and_a_border_below(size: tuple[int, int]) -> None:
    width, height = size
    frame = np.full((height, width, 3), 7, np.uint8)
    labelled = LabelledFrame("Revisage hypothesis", width=width, height=height)
    made = labelled.around(frame, copy=True)
    assert made.shape[:2] == labelled.shape
    assert made.shape[0] % 2 == made.shape[1] % 2 == 0
    assert np.array_equal(made[:height, :width], frame)
    assert made[height:].min() < 80
    assert labelled.around(frame) is labelled.around(frame)
    assert labelled.around(frame, copy=True) is not labelled.around(frame)
