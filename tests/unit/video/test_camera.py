"""Cameras: which are listed, and what is said when one cannot be opened."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.video import camera
from app.video.camera import Camera, camera_number, cameras, open_camera
from app.video.errors import VideoError

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Video4Linux2 is Linux's")


@pytest.fixture
def devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer with the files of two cameras, one of which has a second file for metadata."""
    folder, about = tmp_path / "dev", tmp_path / "sys"
    monkeypatch.setattr(camera, "DEVICES", folder)
    monkeypatch.setattr(camera, "DESCRIPTIONS", about)
    folder.mkdir()
    for name, index, title in (
        ("video0", "0", "Door"),
        ("video1", "1", "Door"),
        ("video10", "0", "Hall\n"),
    ):
        (folder / name).write_bytes(b"")
        (about / name).mkdir(parents=True)
        (about / name / "index").write_text(index)
        (about / name / "name").write_text(title)
    (folder / "video-something").write_bytes(b"")
    return folder


@LINUX
def test_each_camera_is_listed_once_by_number(devices: Path) -> None:
    assert cameras() == (
        Camera(0, "Door", str(devices / "video0"), "v4l2"),
        Camera(10, "Hall", str(devices / "video10"), "v4l2"),
    )


@LINUX
def test_no_camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "DEVICES", tmp_path / "nowhere")
    assert cameras() == ()
    with pytest.raises(VideoError, match=r"There is no camera 0; none is connected\."):
        open_camera(0, patience_s=1)


@LINUX
def test_another_camera_is_offered(devices: Path) -> None:
    with pytest.raises(VideoError, match=r"no camera 1; connected are: 0 \(Door\), 10 \(Hall\)"):
        open_camera(1, patience_s=1)


@LINUX
def test_what_video4linux_refuses_is_one_sentence(devices: Path) -> None:
    """The real Video4Linux2 reader of FFmpeg, asked to open a file that is no device."""
    with pytest.raises(VideoError) as raised:
        open_camera(0, patience_s=1)
    assert str(raised.value).startswith("The camera 0 (Door) gives no picture (")
    assert str(raised.value).endswith("that no other program uses it.")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("12", 12),
        ("/dev/video3", 3),
        ("/dev/videoX", None),
        ("film.mp4", None),
        ("²", None),
    ],
)
def test_what_names_a_camera(text: str, number: int | None) -> None:
    assert camera_number(text) == number
