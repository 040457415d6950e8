"""`revisage video rtsp://...`: a real server, lost or ended in mid-stream."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from app.cli.video import _Progress
from tests.e2e.conftest import Cli
from tests.support.rtsp import RtspServer, why_no_rtsp
from tests.support.tiny_models import DrawnFace, draw_photo
from tests.support.videos import moving_frames, read_video, repeat_video, write_video

if why_no_rtsp():
    pytest.skip(why_no_rtsp(), allow_module_level=True)

SIZE = (400, 300)
FACE = DrawnFace((100, 60, 220, 220))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film that outlasts every test."""
    folder = tmp_path_factory.mktemp("film")
    frames = moving_frames(draw_photo(*SIZE, [FACE]), 50, SIZE)
    return repeat_video(
        folder / "long.mp4", write_video(folder / "short.mp4", frames, sound=None), 300
    )


@pytest.fixture
def server(film: Path) -> Iterator[RtspServer]:
    with RtspServer(film, user="guard", password="s3cret") as running:
        yield running


def at_frame(monkeypatch: pytest.MonkeyPatch, number: int, do: list[object]) -> None:
    """Call what is given as soon as so many frames were written."""

    def progress(_: _Progress, done: int, total: int) -> None:
        if done == number:
            for each in do:
                assert callable(each)
                each()

    monkeypatch.setattr(_Progress, "__call__", progress)


def test_a_camera_that_is_switched_off_leaves_what_was_recorded(
    cli: Cli, tiny_zoo: Path, server: RtspServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_frame(monkeypatch, 12, [server.kill])
    out = tmp_path / "out.mp4"
    run = cli("video", server.address, "--out", out, "--json")
    assert run.code == 0, run.err
    said = run.document
    made, times = read_video(out)
    assert 12 <= said["frames"] == len(made)
    assert said["filled"] == said["frames"]
    assert all(later > earlier for earlier, later in pairwise(times))
    assert said["broke_off"].endswith("sends no more frames.")
    assert "What came until then was kept." in run.err
    record = json.loads((tmp_path / "out.provenance.json").read_text(encoding="utf-8"))
    assert record["request"]["source"].startswith("rtsp://guard:***@127.0.0.1:")
    assert record["video"]["broke_off"] == said["broke_off"]
    for text in (run.out, run.err, json.dumps(record)):
        assert "s3cret" not in text


def test_ctrl_c_ends_a_recording_also_while_nothing_comes(
    cli: Cli, tiny_zoo: Path, server: RtspServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_frame(monkeypatch, 12, [server.freeze, lambda: os.kill(os.getpid(), signal.SIGINT)])
    out = tmp_path / "out.mp4"
    run = cli("video", server.address, "--out", out, "--json", "--quiet")
    assert run.code == 130
    assert len(read_video(out)[0]) >= 12
    record = json.loads((tmp_path / "out.provenance.json").read_text(encoding="utf-8"))
    assert record["video"]["broke_off"] == ""  # it was ended, and did not give nothing for so long


def test_a_wrong_password_is_one_sentence_without_it(
    cli: Cli, tiny_zoo: Path, server: RtspServer, tmp_path: Path
) -> None:
    address = server.address.replace("s3cret", "wr0ng")
    run = cli("video", address, "--out", tmp_path / "out.mp4")
    assert run.code == 1
    assert "guard:***@" in run.complaint
    assert "wr0ng" not in run.err
    assert list(tmp_path.iterdir()) == []
