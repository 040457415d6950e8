"""`revisage video`: every masked face of a video, followed from frame to frame."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from app.cli.console import DONE, complain, counted, one_line, print_json, was
from app.cli.work import require_model
from app.inference.session import CancelToken
from app.workbench import Workbench


def run(options: argparse.Namespace, cancel: CancelToken) -> int:
    """Make the video; returns the exit code."""
    from app.video.errors import VideoError
    from app.video.order import VideoOrder
    from app.video.run import make_video

    order = VideoOrder(
        model=options.model,
        seed=options.seed,
        every=options.locate_every,
        limit=options.frames or 0,
    )
    # The stages run side by side; more threads in each would only take from the others.
    bench = Workbench(device=options.device, threads=1)
    require_model(bench, options.model, "reconstruct")
    bench.load("locate", "align", "map")
    with _Progress(quiet=options.quiet) as progress:
        try:
            summary = make_video(
                bench,
                options.input,
                options.out,
                order,
                force=options.force,
                progress=progress,
                notice=complain,
                cancel=cancel,
            )
        except VideoError as error:
            if (
                cancel.cancelled
            ):  # of an interrupted command nobody else says where its recording is
                complain(one_line(error))
            raise
    if summary.broke_off:
        print(f"{summary.broke_off} What came until then was kept.", file=sys.stderr)
    if summary.sound_lost:
        print(summary.sound_lost, file=sys.stderr)
    rate = summary.worked / summary.seconds if summary.seconds else 0.0
    if options.json:
        print_json(
            {
                "path": str(summary.path),
                "provenance": str(summary.provenance),
                "sha256": summary.sha256,
                "frames": summary.frames,
                "worked": summary.worked,
                "filled": summary.filled,
                "faces": summary.faces,
                "sound": summary.sound,
                "sound_lost": summary.sound_lost,
                "damaged": summary.damaged,
                "dropped": summary.dropped,
                "broke_off": summary.broke_off,
                "provider": summary.provider,
                "seconds": summary.seconds,
                "frames_per_second": round(rate, 2),
                "cpu_seconds": summary.cpu,
                **({"warnings": list(summary.warnings)} if summary.warnings else {}),
            }
        )
        return DONE
    if not options.quiet:
        print(
            f"{counted(summary.frames, 'frame')}, {counted(summary.faces, 'face')} followed, "
            f"{counted(summary.filled, 'frame')} with a face filled in, {rate:.1f} frames/s"
        )
    if summary.damaged:
        places = counted(summary.damaged, "place")
        print(f"{places} of the video could not be decoded and {was(summary.damaged)} left out")
    if summary.dropped:
        frames = counted(summary.dropped, "frame")
        print(f"{frames} came faster than could be worked on and {was(summary.dropped)} left out")
    print(summary.path)
    return DONE


class _Progress:
    """Frames on stderr: a bar on a terminal, now and then a line otherwise, nothing when quiet."""

    INTERVAL_S = 5.0

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: Any = None
        self._said = time.monotonic()

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, done: int, total: int) -> None:
        if self._quiet:
            return
        if sys.stderr.isatty():
            if self._bar is None:
                from tqdm import tqdm

                tqdm.monitor_interval = 0  # no thread behind the scenes for a bar that we redraw
                self._bar = tqdm(
                    total=total or None,
                    initial=done - 1,
                    unit=" frames",
                    file=sys.stderr,
                    leave=False,
                )
            self._bar.update(done - self._bar.n)
        elif time.monotonic() - self._said >= self.INTERVAL_S:
            self._said = time.monotonic()
            print(f"[{done}/{total or '?'}] frames", file=sys.stderr)
