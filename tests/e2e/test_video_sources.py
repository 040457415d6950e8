"""Videos that are not as they should be through the command line: all come to a labelled file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Cli
from tests.support.tiny_models import DrawnFace, draw_photo
from tests.support.videos import (
    changed,
    moving_frames,
    nonsense,
    read_video,
    repeat_video,
    write_video,
)
from tests.support.web import Length, served_folder

SIZE = (400, 300)
COUNT = 30


@pytest.fixture(scope="module")
def frames() -> list[Any]:
    photo = draw_photo(*SIZE, [DrawnFace((100, 60, 220, 220))])
    return moving_frames(photo, COUNT, SIZE)


def b_frames_in_avi(folder: Path, frames: list[Any]) -> Path:
    return write_video(folder / "film.avi", frames, sound=None)


def two_recordings(folder: Path, frames: list[Any]) -> Path:
    one = write_video(folder / "one.ts", frames, sound="mp2").read_bytes()
    (folder / "both.ts").write_bytes(one + one)
    return folder / "both.ts"


def bare_pictures(folder: Path, frames: list[Any]) -> Path:
    return write_video(folder / "film.h264", frames, sound=None)


def colon_in_its_name(folder: Path, frames: list[Any]) -> Path:
    film = write_video(folder / "film.mp4", frames)
    return film.rename(folder / "cam1:front.mp4")


@pytest.mark.parametrize(
    "made", [b_frames_in_avi, two_recordings, bare_pictures, colon_in_its_name]
)
def test_odd_files_give_a_whole_video(
    cli: Cli,
    tiny_zoo: Path,
    frames: list[Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    made: Callable[[Path, list[Any]], Path],
) -> None:
    if os.name == "nt" and made is colon_in_its_name:
        pytest.skip("no name there has a colon")
    film = made(tmp_path, frames)
    monkeypatch.chdir(tmp_path)
    run = cli("video", film.name, "--out", "out.mp4", "--json", "--quiet")
    assert run.code == 0, run.err
    _, times = read_video(tmp_path / "out.mp4")
    assert run.document["frames"] == len(times) >= COUNT
    assert all(0.03 < later - earlier < 0.05 for earlier, later in pairwise(times))


@pytest.mark.parametrize("length", ["told", "chunked"])
def test_a_file_at_an_address_loses_no_frame(
    cli: Cli, tiny_zoo: Path, frames: list[Any], tmp_path: Path, length: Length
) -> None:
    film = write_video(tmp_path / "film.mp4", frames, sound=None)
    repeat_video(tmp_path / "long.mkv", film, 5)
    with served_folder(tmp_path, length=length) as served:
        run = cli(
            *("video", f"{served}/long.mkv", "--out", tmp_path / "out.mp4", "--json", "--quiet"),
        )
    assert run.code == 0, run.err
    assert (run.document["frames"], run.document["dropped"]) == (5 * COUNT, 0)


def test_sound_that_cannot_be_taken_along_is_said(
    cli: Cli, tiny_zoo: Path, frames: list[Any], tmp_path: Path
) -> None:
    whole = write_video(tmp_path / "whole.mkv", frames, sound="flac")
    film = changed(whole, tmp_path / "broken.mkv", lambda packet, _: nonsense(packet, 10))
    run = cli("video", str(film), "--out", str(tmp_path / "out.mp4"), "--json", "--quiet")
    assert run.code == 0, run.err
    assert not run.document["sound"]
    assert run.document["sound_lost"].startswith(f"Sound of {film} could not be taken along (")
    assert run.document["sound_lost"] in run.err
    record = json.loads((tmp_path / "out.provenance.json").read_text(encoding="utf-8"))
    assert record["video"]["sound_lost"] == run.document["sound_lost"]


def test_damaged_places_of_the_sound_are_counted(
    cli: Cli, tiny_zoo: Path, frames: list[Any], tmp_path: Path
) -> None:
    whole = write_video(tmp_path / "whole.mkv", frames, sound="mp2")
    film = changed(whole, tmp_path / "damaged.mkv", nonsense)
    run = cli("video", str(film), "--out", str(tmp_path / "out.mp4"), "--json", "--quiet")
    assert (run.code, run.document["sound"], run.document["damaged"]) == (0, True, 1)
    record = json.loads((tmp_path / "out.provenance.json").read_text(encoding="utf-8"))
    assert record["video"]["damaged_places"] == 1
