"""Whose a library is, told from the names that wheels give it on each system."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.bundle_libraries import Library, bundled_libraries, stem, vendored_licence


def library(place: str) -> Library:
    return Library(place=place, source=Path("/site-packages") / place, extension=False)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("av.libs/libx264-d6533a8d.so.165", "x264"),
        ("av.libs/libx264-165-d6533a8d0123456789abcdef01234567.dll", "x264"),
        ("av/.dylibs/libx264.165.dylib", "x264"),
        ("av.libs/libavcodec-5e6b81c2.so.62.28.102", "avcodec"),
        ("av.libs/avcodec-62-d6533a8d0123456789abcdef01234567.dll", "avcodec"),
        ("opencv_python.libs/libopenblasp-r0-59ffcd50.3.15.so", "openblasp-r0"),
        ("numpy.libs/libscipy_openblas64_-32a4b2a6.so", "scipy_openblas64"),
        ("scipy.libs/libgfortran-040039e1-0352e75f.so.5.0.0", "gfortran"),
        ("opencv_python.libs/libpcre2-16-bca4e6b3.so.0.7.1", "pcre2"),
        ("opencv_python.libs/libxkbcommon-x11-27b61ed0.so.0.0.0", "xkbcommon-x11"),
        ("PySide6/Qt/lib/libQt6Core.so.6", "Qt6Core"),
        ("PySide6/Qt6Core.dll", "Qt6Core"),
    ],
)
def test_names(place: str, name: str) -> None:
    assert stem(place) == name


@pytest.mark.parametrize(
    ("place", "package", "licence"),
    [
        ("av.libs/libx265-f5385bb8.so.216", "av", "GPL-2.0-or-later"),
        ("av.libs/libgmp-8c6c054f.so.10.5.0", "av", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
        ("opencv_python.libs/libavutil-431feb49.so.60", "opencv-python", "LGPL-2.1-or-later"),
        ("opencv_python.libs/libxcb-icccm-9453e4f7.so.4", "opencv-python", "MIT"),
        ("elsewhere.libs/libavutil-431feb49.so.60", "elsewhere", None),
        ("new.libs/libnever_heard_of-431feb49.so.1", "new", None),
    ],
)
def test_licences(place: str, package: str, licence: str | None) -> None:
    assert vendored_licence(library(place), package) == licence


def test_the_ffmpeg_of_av_says_that_it_is_linked_with_gpl_libraries() -> None:
    said = vendored_licence(library("av.libs/libavcodec-5e6b81c2.so.62"), "av")
    assert said is not None
    assert "GPL-2.0-or-later" in said


def test_machine_code_is_found_in_the_builders_tables(tmp_path: Path) -> None:
    table = [
        ("av.libs/libx264-d6533a8d.so.165", "/x/av.libs/libx264-d6533a8d.so.165", "BINARY"),
        ("cv2/cv2.abi3.so", "/x/cv2/cv2.abi3.so", "EXTENSION"),
        ("libx264-d6533a8d.so.165", "av.libs/libx264-d6533a8d.so.165", "SYMLINK"),
        ("resources/a.svg", "/x/a.svg", "DATA"),
    ]
    (tmp_path / "COLLECT-00.toc").write_text(repr((table,)))
    assert [(each.place, each.extension) for each in bundled_libraries(tmp_path)] == [
        ("av.libs/libx264-d6533a8d.so.165", False),
        ("cv2/cv2.abi3.so", True),
    ]
