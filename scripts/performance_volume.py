"""How many photos and frames get through: the last tables of docs/performance.md."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from app.sample import sample_photo
from app.video.order import VideoOrder
from app.video.run import make_video
from app.workbench import Workbench
from tests.support.videos import moving_frames, write_video

ROOT = Path(__file__).resolve().parents[1]
FRAMES, FRAME_SIZE = 100, (1280, 720)
PHOTOS, PHOTO_SIDE = (6, 30), 1400
"""Two batches, whose difference is without the start; a photo's side in pixels."""


@dataclass(frozen=True)
class VideoFigures:
    """What a video of FRAMES frames took.

    Attributes:
        clock: frames per second as it went.
        processor: seconds of processor time per frame, of all threads.
        parts: the same of each stage in its own thread.
    """

    clock: float
    processor: float
    parts: dict[str, float]

    @property
    def idle_cores(self) -> float:
        """Frames per second on two cores with nothing else to do.

        The stages run side by side, so that the slowest decides, or all of them shared out.
        """
        return 1 / max(*self.parts.values(), self.processor / 2)


def video_figures(folder: Path) -> VideoFigures:
    """One face at 720p that moves, with sound, the fast model and one thread for each stage."""
    large = cv2.resize(sample_photo().pixels, (900, 900), interpolation=cv2.INTER_CUBIC)
    frames = moving_frames(np.asarray(large, np.uint8), FRAMES, FRAME_SIZE)
    film = write_video(folder / "film.mp4", frames)
    bench = Workbench(device="cpu", threads=1)
    bench.load("locate", "align", "map")
    bench.session("reconstruct", "rgb").load()
    began = time.process_time()
    done = make_video(bench, str(film), folder / "out.mp4", VideoOrder())
    whole = time.process_time() - began
    if done.filled != FRAMES:
        raise RuntimeError(f"{done.filled} of {FRAMES} frames have a face; nothing is measured.")
    return VideoFigures(
        clock=FRAMES / done.seconds,
        processor=whole / FRAMES,
        parts={name: seconds / FRAMES for name, seconds in done.cpu.items()},
    )


@dataclass(frozen=True)
class BatchFigures:
    """What each photo of a batch took.

    Attributes:
        clock: seconds per photo as it went.
        processor: seconds of processor time per photo, of all processes.
    """

    clock: float
    processor: float


def batch_figures(folder: Path, jobs: int) -> BatchFigures:
    """Photos of two megapixels with one face, the RGB model, the usual outputs."""
    photo = cv2.resize(sample_photo().pixels, (PHOTO_SIDE, PHOTO_SIDE))[:, :, ::-1]
    took = []
    for count in PHOTOS:
        tree = folder / f"{jobs}-{count}"
        tree.mkdir()
        for number in range(count):
            # None is like another: a batch works once on photos of the same bytes.
            moved = np.roll(photo, number, axis=1)
            cv2.imwrite(str(tree / f"{number}.jpg"), moved)
        before = _children()
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "app", "batch", str(tree), "--out", str(tree / "results"),
             "--jobs", str(jobs), "--device", "cpu", "--quiet"],
            cwd=ROOT, check=True, capture_output=True,
            env={name: value for name, value in os.environ.items() if "NUM_THREADS" not in name},
        )  # fmt: skip
        took.append(np.array([time.perf_counter() - began, _children() - before]))
    clock, processor = (took[1] - took[0]) / (PHOTOS[1] - PHOTOS[0])
    return BatchFigures(clock=float(clock), processor=float(processor))


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def batches() -> str:
    """The section on batches."""
    counts = [jobs for jobs in (1, 2, 4, 8) if jobs <= len(os.sched_getaffinity(0))]
    with tempfile.TemporaryDirectory() as folder:
        found = [batch_figures(Path(folder), jobs) for jobs in counts]
    lines = [
        f"| {jobs} | {figures.processor * 1e3:.0f} | {1 / figures.clock:.1f} | "
        f"{found[0].clock / figures.clock:.2f} |"
        for jobs, figures in zip(counts, found, strict=True)
    ]
    return "\n".join(
        [
            f"Photos of {PHOTO_SIDE} x {PHOTO_SIDE} px with one face, the RGB model and the usual "
            f"outputs, each read, located, mapped, filled, labelled and written: what {PHOTOS[1]} take "
            f"longer than {PHOTOS[0]}, so that the start does not count.",
            "",
            "| photos at once | ms of processor a photo | photos/s by the clock | times as fast |",
            "| --- | ---: | ---: | ---: |",
            *lines,
        ]
    )


def video() -> str:
    """The section on video."""
    with tempfile.TemporaryDirectory() as folder:
        figures = video_figures(Path(folder))
    parts = [f"| {name} | {seconds * 1e3:.1f} |" for name, seconds in figures.parts.items()]
    return "\n".join(
        [
            f"{FRAMES} frames of {FRAME_SIZE[0]} x {FRAME_SIZE[1]} with sound and one face, the RGB "
            f"model. {figures.processor * 1e3:.0f} ms of processor a frame in all, "
            f"{figures.clock:.1f} frames/s by the clock; two idle cores could do "
            f"{figures.idle_cores:.1f} (10 are wanted).",
            "",
            "| stage | ms of processor a frame, in its own thread |",
            "| --- | ---: |",
            *parts,
        ]
    )
