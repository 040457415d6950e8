"""How quick video is: one face at 720p, the fast model, two threads' worth of stages. Prints figures."""

from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np

from app.sample import sample_photo
from app.video.order import VideoOrder
from app.video.run import make_video
from app.workbench import Workbench
from tests.support.videos import moving_frames, write_video

COUNT = 100
SIZE = (1280, 720)


def test_720p(tmp_path: Path) -> None:
    large = cv2.resize(sample_photo().pixels, (900, 900), interpolation=cv2.INTER_CUBIC)
    film = write_video(
        tmp_path / "film.mp4", moving_frames(np.asarray(large, np.uint8), COUNT, SIZE)
    )
    bench = Workbench(device="cpu", threads=1)
    bench.load("locate", "align", "map")
    bench.session("reconstruct", "rgb").load()
    began = time.process_time()
    done = make_video(bench, str(film), tmp_path / "out.mp4", VideoOrder())
    whole = time.process_time() - began
    assert done.filled == COUNT
    # The stages run side by side, so that with idle cores the slowest stage, or all of them shared out
    # over two cores, decides.
    slowest = max(done.cpu.values())
    print(
        f"\n{COUNT} frames of {SIZE[0]} x {SIZE[1]}, one face: {COUNT / done.seconds:.1f} frames/s by "
        f"the clock, {1000 * whole / COUNT:.1f} ms of processor per frame in all"
    )
    for name, seconds in done.cpu.items():
        print(f"  {name:<8}{1000 * seconds / COUNT:7.1f} ms per frame in its own thread")
    print(f"  two idle cores: {COUNT / max(slowest, whole / 2):.1f} frames/s")
