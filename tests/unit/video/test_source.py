"""What a text names, and how it may be shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.video.source import Source, is_video, source_of, without_password


@pytest.mark.parametrize(
    ("text", "expected", "stem"),
    [
        ("film.mp4", Source("file", "film.mp4", "film.mp4"), "film"),
        ("0", Source("camera", "0", "camera 0"), "camera-0"),
        ("/dev/video2", Source("camera", "2", "camera 2"), "camera-2"),
        (
            "rtsp://guard:s3cr:et@cam.example:554/door?x=1",
            Source(
                "stream",
                "rtsp://guard:s3cr:et@cam.example:554/door?x=1",
                "rtsp://guard:***@cam.example:554/door?x=1",
            ),
            "cam.example",
        ),
        ("http://host/a", Source("stream", "http://host/a", "http://host/a"), "host"),
    ],
)
def test_what_a_text_names(text: str, expected: Source, stem: str) -> None:
    found = source_of(text)
    assert found == expected
    assert found.live is (expected.kind != "file")
    assert found.stem == stem


def test_a_file_that_is_named_like_a_camera(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "7").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert source_of("7").kind == "file"
    assert source_of("8").kind == "camera"


def test_an_address_that_is_none_shows_no_password_either() -> None:
    assert "secret" not in without_password("http://guard:secret@[broken/x")


def test_what_is_named_like_a_video() -> None:
    assert is_video(Path("a.MKV"))
    assert not is_video(Path("a.jpg"))
