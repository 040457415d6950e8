"""video through the command line: real files with sound, real encoders, tiny real models."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from app.export.metadata import COMPOSITE, GENERATED, XMP_BOX
from tests.e2e.conftest import ROOT, Cli
from tests.support.streams import Kind, StreamServer
from tests.support.tiny_models import DrawnFace, draw_photo, drawn_mask
from tests.support.videos import (
    RATE,
    SOUND_RATE,
    TONE,
    moving_frames,
    read_sound,
    read_video,
    shift,
    write_video,
)

FACE = DrawnFace((100, 60, 220, 220))
SIZE = (400, 300)
COUNT = 30


@pytest.fixture(scope="module")
def frames() -> list[Any]:
    return moving_frames(draw_photo(*SIZE, [FACE]), COUNT, SIZE)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, frames: list[Any]) -> Path:
    return write_video(tmp_path_factory.mktemp("film") / "film.mp4", frames)


def mask_of(number: int) -> tuple[slice, slice]:
    """The inner half of where the mask is in a frame."""
    x0, y0, x1, y1 = drawn_mask(FACE)
    x, y = shift(number)
    w, h = (x1 - x0) / 4, (y1 - y0) / 4
    return slice(int(y0 + y + h), int(y1 + y - h)), slice(int(x0 + x + w), int(x1 + x - w))


def test_every_frame_is_there_with_its_time_its_sound_and_its_label(
    cli: Cli, tiny_zoo: Path, film: Path, tmp_path: Path
) -> None:
    before = film.read_bytes()
    out = tmp_path / "out.mp4"
    run = cli("video", film, "--out", out, "--json", "--quiet")
    assert run.code == 0, run.err
    said = run.document
    assert (said["frames"], said["worked"], said["filled"], said["faces"]) == (30, 30, 30, 1)
    assert film.read_bytes() == before

    source, times = read_video(film)
    made, made_times = read_video(out)
    assert made_times == pytest.approx(times, abs=1e-4)
    height = SIZE[1]
    for number, (old, new) in enumerate(zip(source, made, strict=True)):
        # The mask is filled in; what lies far from it is the frame, up to the encoder's loss.
        inside = mask_of(number)
        change = np.abs(old[inside].astype(int) - new[:height][inside]).mean()
        assert change > 20, number
        assert np.abs(old[:, -40:].astype(int) - new[:height, -40:]).mean() < 6
    border = made[0][height:]
    assert border.shape[0] >= 12
    assert border.min() < 80
    assert border.max() > 200  # black letters on white
    assert all(np.abs(each[height:].astype(int) - border).mean() < 12 for each in made)

    sound = read_sound(out)
    assert sound is not None
    assert len(sound) / SOUND_RATE == pytest.approx(COUNT / RATE, abs=0.06)
    spectrum = np.abs(np.fft.rfft(sound[4800:33600]))
    peak = np.fft.rfftfreq(28800, 1 / SOUND_RATE)[int(spectrum.argmax())]
    assert peak == pytest.approx(TONE, abs=3)


def test_the_record_and_the_container_say_what_it_is(
    cli: Cli, tiny_zoo: Path, film: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    said = cli("video", film, "--out", out, "--seed", "7", "--json", "--quiet").document
    record = json.loads((tmp_path / "out.provenance.json").read_text(encoding="utf-8"))
    assert record["file"]["sha256"] == said["sha256"]
    assert record["file"]["digital_source_type"] == COMPOSITE
    assert record["request"]["model"]["name"] == "tiny_rgb"
    assert record["request"]["order"]["seed"] == 7
    assert [each["task"] for each in record["request"]["helpers"]] == ["locate", "align", "map"]
    assert record["faces"] == [{"track": 1, "first_frame": 0, "last_frame": 29, "frames": 30}]
    content = out.read_bytes()
    assert b"<Iptc4xmpExt:DigitalSourceType>" + COMPOSITE.encode() in content
    assert record["file"]["label"].encode() in content
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["out.mp4", "out.provenance.json"]


def copied(source: Path, target: Path, *, tags: bool) -> Path:
    """The pictures of a video in another file, as other programs put them there; without its XMP."""
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        if tags:
            new.metadata.update(old.metadata)
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(old.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                new.mux(packet)
    return target


def test_a_video_that_revisage_made_is_no_recording_unnoticed(
    cli: Cli, tiny_zoo: Path, film: Path, tmp_path: Path
) -> None:
    made = tmp_path / "made.mp4"
    run = cli("video", film, "--out", made, "--frames", "4", "--json", "--quiet")
    assert "warnings" not in run.document
    with_tags = copied(made, tmp_path / "tags.mkv", tags=True)
    with_xmp = copied(made, tmp_path / "xmp.mp4", tags=False)
    content = made.read_bytes()
    with with_xmp.open("ab") as file:
        file.write(content[content.index(XMP_BOX) - 8 :])
    for number, path in enumerate((made, with_tags, with_xmp)):
        out = tmp_path / f"again{number}.mp4"
        run = cli("video", path, "--out", out, "--frames", "2", "--json", "--quiet")
        assert run.code == 0, run.err
        (warning,) = run.document["warnings"]
        assert warning.startswith(f"{path} is a video that Revisage made and no recording; ")
        assert warning in run.err
        record = json.loads(out.with_name(f"again{number}.provenance.json").read_text())
        assert warning in record["notes"]
    bare = copied(made, tmp_path / "bare.mp4", tags=False)
    run = cli("video", bare, "--out", tmp_path / "b.mp4", "--frames", "2", "--json", "--quiet")
    assert "warnings" not in run.document


def test_a_sketch_is_a_drawing_of_the_whole_frame(
    cli: Cli, tiny_zoo: Path, film: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    run = cli("video", film, "--out", out, "--model", "sketch", "--frames", "4", "--quiet")
    assert run.code == 0, run.err
    made, _ = read_video(out)
    assert len(made) == 4
    spread = made[0][: SIZE[1]].astype(int)
    assert np.abs(spread.max(axis=2) - spread.min(axis=2)).mean() < 3  # grey
    assert GENERATED.encode() in out.read_bytes()


def test_uneven_times_and_copied_or_recoded_sound(
    cli: Cli, tiny_zoo: Path, frames: list[Any], tmp_path: Path
) -> None:
    """A recorder that drops frames: each frame keeps its own time; PCM sound becomes AAC."""
    pts = [number * 2 + (number % 3 == 2) for number in range(12)]
    film = write_video(tmp_path / "film.mkv", frames[:12], sound="pcm_s16le", pts=pts)
    out = tmp_path / "out.mp4"
    assert cli("video", film, "--out", out, "--quiet").code == 0
    _, times = read_video(film)
    _, made_times = read_video(out)
    assert made_times == pytest.approx([time - times[0] for time in times], abs=1.1e-3)
    assert read_sound(out) is not None


def test_without_sound_and_without_a_face(cli: Cli, tiny_zoo: Path, tmp_path: Path) -> None:
    still = [draw_photo(*SIZE, [])] * 5
    film = write_video(tmp_path / "film.mp4", still, sound=None)
    run = cli("video", film, "--out", tmp_path / "out.mp4", "--json", "--quiet")
    assert run.code == 0, run.err
    assert (run.document["filled"], run.document["sound"]) == (0, False)
    made, _ = read_video(tmp_path / "out.mp4")
    assert np.abs(made[3][: SIZE[1]].astype(int) - still[0]).mean() < 9


def test_work_that_was_killed_goes_on_and_gives_the_same_video(
    cli: Cli,
    tiny_zoo: Path,
    film: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A kill between segments and in the middle of one, in a process of its own."""
    monkeypatch.setattr("app.video.stages.SEGMENT", 5)
    whole = cli("video", film, "--out", tmp_path / "whole.mp4", "--json", "--quiet").document
    script = (
        "import sys, os, time, app.workbench, app.video.stages\n"
        "from pathlib import Path\n"
        "app.video.stages.SEGMENT = 5\n"
        f"app.workbench.default_zoo_folders = lambda: (Path({str(tiny_zoo)!r}),)\n"
        "from app.video.order import VideoOrder\n"
        "from app.video.run import make_video\n"
        "def slow(done, total):\n"
        "    print(done, flush=True); time.sleep(0.2)\n"
        "make_video(app.workbench.Workbench(threads=1), sys.argv[1], Path(sys.argv[2]),\n"
        "           VideoOrder(), progress=slow)\n"
    )
    out = tmp_path / "out.mp4"
    worker = subprocess.Popen(
        [sys.executable, "-c", script, str(film), str(out)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    for line in worker.stdout:
        if int(line) >= 12:
            break
    os.kill(worker.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    worker.wait()
    worker.stdout.close()
    assert not out.exists()
    resumed = cli("video", film, "--out", out, "--json", "--quiet").document
    assert 15 <= resumed["worked"] <= 20
    assert resumed["frames"] == COUNT
    assert resumed["sha256"] == whole["sha256"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("missing.mp4", "was not found"), ("text.mp4", "could not be opened"), (".", "is a folder")],
)
def test_what_is_no_video_is_one_sentence(
    cli: Cli, tiny_zoo: Path, tmp_path: Path, name: str, said: str
) -> None:
    (tmp_path / "text.mp4").write_text("This is no video.")
    run = cli("video", tmp_path / name, "--out", tmp_path / "out.mp4")
    assert run.code == 1
    assert said in run.complaint


def test_nothing_is_overwritten_and_the_source_never(
    cli: Cli, tiny_zoo: Path, film: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(film.read_bytes())
    run = cli("video", copy, "--out", copy, "--force")
    assert run.code == 1
    assert "never replaced" in run.complaint
    (tmp_path / "out.mp4").write_bytes(b"mine")
    run = cli("video", copy, "--out", tmp_path / "out.mp4")
    assert run.code == 1
    assert (tmp_path / "out.mp4").read_bytes() == b"mine"
    assert cli("video", copy, "--out", tmp_path / "out.avi").code == 1


def test_a_cut_short_file_gives_what_is_there(
    cli: Cli, tiny_zoo: Path, frames: list[Any], tmp_path: Path
) -> None:
    whole = write_video(tmp_path / "film.ts", frames, sound="mp2")
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) * 2 // 3])
    run = cli("video", whole, "--out", tmp_path / "out.mp4", "--json", "--quiet")
    assert run.code == 0, run.err
    assert 5 < run.document["frames"] < COUNT


def test_a_camera_that_is_not_there(cli: Cli, tiny_zoo: Path, tmp_path: Path) -> None:
    for name in ("97", "/dev/video97"):
        run = cli("video", name, "--out", tmp_path / "out.mp4")
        assert run.code == 1
        assert "There is no camera 97; " in run.complaint


@pytest.mark.parametrize("kind", ["mjpeg", "mpegts"])
def test_a_stream_that_is_killed_leaves_what_was_recorded(
    cli: Cli, tiny_zoo: Path, frames: list[Any], tmp_path: Path, kind: Kind
) -> None:
    """Real video over HTTP from this computer, as a network camera sends it, torn down on the way."""
    out = tmp_path / "out.mp4"
    with StreamServer(frames, kind=kind, after=75, end="reset", login="guard:secret") as server:
        run = cli("video", server.address, "--out", out, "--json", "--quiet")
    assert run.code == 0, run.err
    said = run.document
    made, times = read_video(out)
    assert 1 <= said["frames"] == len(made) <= 75
    assert said["frames"] + said["dropped"] <= 75
    assert said["filled"] == said["frames"]
    assert not said["sound"]
    assert all(later > earlier for earlier, later in pairwise(times))
    assert times[-1] < 60
    if said["broke_off"]:
        assert "What came until then was kept." in run.err
    record = json.loads((tmp_path / "out.provenance.json").read_text(encoding="utf-8"))
    assert record["request"]["source"].startswith("http://guard:***@127.0.0.1:")
    assert record["video"]["broke_off"] == said["broke_off"]
    for text in (run.out, run.err, json.dumps(record)):
        assert "secret" not in text


def test_a_stream_with_a_number_of_frames_asked_for(
    cli: Cli, tiny_zoo: Path, frames: list[Any], tmp_path: Path
) -> None:
    with StreamServer(frames) as server:
        run = cli(
            *("video", server.address, "--out", tmp_path / "out.mp4"),
            *("--frames", "8", "--json", "--quiet"),
        )
    assert run.code == 0, run.err
    assert run.document["frames"] == 8
    assert run.document["broke_off"] == ""


def test_nobody_at_the_address(cli: Cli, tiny_zoo: Path, tmp_path: Path) -> None:
    with StreamServer([]) as server:
        address = server.address
    run = cli("video", address, "--out", tmp_path / "out.mp4")
    assert run.code == 1
    assert "check the address and the network" in run.complaint
    assert list(tmp_path.iterdir()) == []
