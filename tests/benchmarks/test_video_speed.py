"""How quick video is: one face at 720p, the fast model, two threads' worth of stages. Prints figures."""

from __future__ import annotations

from pathlib import Path

from scripts.performance_volume import FRAME_SIZE, FRAMES, video_figures


def test_720p(tmp_path: Path) -> None:
    figures = video_figures(tmp_path)
    print(
        f"\n{FRAMES} frames of {FRAME_SIZE[0]} x {FRAME_SIZE[1]}, one face: "
        f"{figures.clock:.1f} frames/s by the clock, "
        f"{1000 * figures.processor:.1f} ms of processor per frame in all"
    )
    for name, seconds in figures.parts.items():
        print(f"  {name:<8}{1000 * seconds:7.1f} ms per frame in its own thread")
    print(f"  two idle cores: {figures.idle_cores:.1f} frames/s")
