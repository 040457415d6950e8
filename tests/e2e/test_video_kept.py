"""Videos whose run is killed or disturbed: recordings stay, and no video is without its record."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.case.records import canonical_json
from app.video.deliver import provenance_path
from app.video.errors import VideoError
from app.video.hold import working_folder
from app.video.order import VideoOrder, VideoSummary
from app.video.run import make_video
from app.workbench import Workbench
from tests.e2e.conftest import ROOT, Cli
from tests.support.streams import StreamServer
from tests.support.tiny_models import DrawnFace, draw_photo
from tests.support.videos import moving_frames, read_video, write_video

SIZE = (400, 300)
COUNT = 30
SEGMENT = 5

SCRIPT = """
import sys, os, time, app.workbench, app.video.deliver, app.video.journal, app.video.stages
from pathlib import Path
app.video.stages.SEGMENT = {segment}
app.workbench.default_zoo_folders = lambda: (Path({zoo!r}),)
from app.video.order import VideoOrder
from app.video.run import make_video
def slow(done, total):
    print(done, flush=True)
    time.sleep({pause})
{more}
bench = app.workbench.Workbench(threads=1)
make_video(bench, sys.argv[1], Path(sys.argv[2]), VideoOrder(), progress=slow)
"""


@pytest.fixture(scope="module")
def frames() -> list[Any]:
    face = DrawnFace((100, 60, 220, 220))
    return moving_frames(draw_photo(*SIZE, [face]), COUNT, SIZE)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, frames: list[Any]) -> Path:
    return write_video(tmp_path_factory.mktemp("film") / "film.mp4", frames)


@pytest.fixture(autouse=True)
def short_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.video.stages.SEGMENT", SEGMENT)


@contextmanager
def another_process(
    zoo: Path, source: object, out: Path, *, pause: float = 0.2, more: str = ""
) -> Iterator[subprocess.Popen[str]]:
    """The same work in a process of its own, which is killed at the end of the block."""
    script = SCRIPT.format(segment=SEGMENT, zoo=str(zoo), pause=pause, more=more)
    worker = subprocess.Popen(
        [sys.executable, "-c", script, str(source), str(out)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()
        assert worker.stdout is not None
        worker.stdout.close()


def wait_for(worker: subprocess.Popen[str], frames: int) -> None:
    """Until so many frames are done."""
    assert worker.stdout is not None
    assert any(int(line) >= frames for line in worker.stdout), "it ended before"


def record_of(out: Path) -> Any:
    """The record beside a video, which must be that video's."""
    record = json.loads(provenance_path(out).read_text(encoding="utf-8"))
    assert record["file"]["name"] == out.name
    assert record["file"]["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    return record


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def record_stream(
    address: str, out: Path, *, limit: int, obstacle: str, after: int
) -> VideoSummary:
    """Record with something in the way in the working folder from a frame on: writing there fails."""

    def progress(done: int, _total: int) -> None:
        if done == after:
            (working_folder(out) / obstacle).mkdir()

    bench = Workbench(threads=1)
    return make_video(bench, address, out, VideoOrder(limit=limit), progress=progress)


def test_a_recording_that_was_killed_is_saved_by_the_next_start(
    cli: Cli, tiny_zoo: Path, frames: list[Any], tmp_path: Path
) -> None:
    out = tmp_path / "door.mp4"
    with StreamServer(frames) as server:
        with another_process(tiny_zoo, server.address, out, pause=0.05) as worker:
            wait_for(worker, 12)
        assert not out.exists()
        run = cli("video", server.address, "--out", out, "--frames", "7", "--json", "--quiet")
    assert run.code == 0, run.err
    assert run.document["frames"] == 7
    (recovered,) = tmp_path.glob("door.recovered-*.mp4")
    assert f"what was finished of it is now {recovered}" in run.complaint
    made, _ = read_video(recovered)
    assert len(made) in (10, 15)  # the pieces that were whole
    record = record_of(recovered)
    assert record["video"]["frames"] == record["video"]["frames_filled"] == len(made)
    assert "Revisage ended" in record["video"]["broke_off"]
    assert record["request"]["begun"] < record_of(out)["request"]["begun"]
    assert record_of(out)["video"]["broke_off"] == ""
    both = (out, provenance_path(out), recovered, provenance_path(recovered))
    assert names(tmp_path) == sorted(path.name for path in both)


def test_a_recording_that_cannot_be_written_on_is_kept(
    tiny_zoo: Path, frames: list[Any], tmp_path: Path
) -> None:
    out = tmp_path / "door.mp4"
    with StreamServer(frames) as server:
        done = record_stream(server.address, out, limit=0, obstacle="000001.mp4", after=SEGMENT)
    assert done.frames == done.worked == len(read_video(out)[0]) == SEGMENT
    assert done.broke_off.startswith("door.mp4 could not be written any further (")
    assert record_of(out)["video"]["broke_off"] == done.broke_off
    assert names(tmp_path) == ["door.mp4", "door.provenance.json"]


def test_a_recording_for_which_there_is_no_room_waits_in_its_folder(
    cli: Cli, tiny_zoo: Path, frames: list[Any], tmp_path: Path
) -> None:
    out = tmp_path / "door.mp4"
    folder = working_folder(out)
    with StreamServer(frames) as server:
        with pytest.raises(VideoError) as refused:
            record_stream(server.address, out, limit=8, obstacle="whole.mp4", after=8)
        assert f"is kept in {folder}; free some space" in str(refused.value)
        # As long as it cannot be saved, nothing touches it.
        run = cli("video", server.address, "--out", out, "--frames", "2", "--quiet")
        assert run.code == 1
        assert f"is kept in {folder}; free some space" in run.complaint
        (folder / "whole.mp4").rmdir()
        run = cli("video", server.address, "--out", out, "--frames", "2", "--quiet")
    assert run.code == 0, run.err
    (recovered,) = tmp_path.glob("door.recovered-*.mp4")
    assert len(read_video(recovered)[0]) == 8
    assert not folder.exists()


def test_a_recording_with_a_damaged_piece_is_left_alone(
    cli: Cli, tiny_zoo: Path, frames: list[Any], film: Path, tmp_path: Path
) -> None:
    out = tmp_path / "door.mp4"
    with StreamServer(frames) as server, pytest.raises(VideoError):
        record_stream(server.address, out, limit=12, obstacle="whole.mp4", after=12)
    folder = working_folder(out)
    (folder / "whole.mp4").rmdir()
    (folder / "000001.mp4").write_bytes(b"")
    before = names(folder)
    run = cli("video", film, "--out", out, "--quiet")  # whatever comes next
    assert run.code == 1
    assert "some of its pieces are damaged" in run.complaint
    assert names(folder) == before


def test_one_run_per_output(cli: Cli, tiny_zoo: Path, film: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    with another_process(tiny_zoo, film, out) as worker:
        wait_for(worker, SEGMENT + 2)
        run = cli("video", film, "--out", out, "--seed", "3", "--quiet")
        assert run.code == 1
        assert f"Another run is working on {out}; wait for its end" in run.complaint
        wait_for(worker, SEGMENT + 4)  # and it goes on
        assert (working_folder(out) / "000000.mp4").exists()
    # A kill lets go of it.
    run = cli("video", film, "--out", out, "--json", "--quiet")
    assert run.code == 0, run.err
    assert run.document["worked"] == COUNT - SEGMENT
    assert names(tmp_path) == ["out.mp4", "out.provenance.json"]


DIE = """
def dying(work):
    def instead(*arguments, **options):
        if {first}:
            work(*arguments, **options)
        os._exit(9)
    return instead
{name} = dying({name})
"""


@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("app.video.deliver.write_file", False),
        ("app.video.deliver.write_file", True),
        ("app.video.journal.Journal.remove", False),
    ],
)
def test_a_video_never_stands_without_its_record(
    cli: Cli, tiny_zoo: Path, film: Path, tmp_path: Path, name: str, first: bool, earlier: bool
) -> None:
    """Killed while the video and its record get their names, the second time over an earlier video."""
    out = tmp_path / "out.mp4"
    force = ["--force"] if earlier else []
    more = DIE.format(name=name, first=first)
    if earlier:
        assert cli("video", film, "--out", out, "--seed", "3", "--quiet").code == 0
        more += "import functools\nmake_video = functools.partial(make_video, force=True)"
    with another_process(tiny_zoo, film, out, pause=0, more=more) as worker:
        assert worker.wait(120) == 9
    published = name.endswith("remove")
    assert out.exists() == published
    if published:
        record_of(out)
    run = cli("video", film, "--out", out, "--json", "--quiet", *force)
    if published and not earlier:
        assert "exists already" in run.complaint  # it was done
    else:
        assert run.code == 0, run.err
        assert run.document["worked"] == (COUNT if published else 0)
    record_of(out)
    assert names(tmp_path) == ["out.mp4", "out.provenance.json"]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are always text there")
def test_a_name_that_is_no_text(cli: Cli, tiny_zoo: Path, film: Path, tmp_path: Path) -> None:
    source = tmp_path / os.fsdecode(b"corridor-\xff.mp4")
    source.write_bytes(film.read_bytes())
    out = tmp_path / os.fsdecode(b"out-\xfe.mp4")
    run = cli("video", source, "--out", out, "--frames", "6", "--quiet")
    assert run.code == 0, run.err
    record = record_of(out)
    assert record["request"]["source"] == source.name
    request = canonical_json(record["request"]).encode("utf-8", "backslashreplace")
    assert record["request_sha256"] == hashlib.sha256(request).hexdigest()
