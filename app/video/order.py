"""What is asked of a video, and what came of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import __version__
from app.case.records import ModelRecord
from app.video.faces import LOCATE_EVERY
from app.video.source import source_of
from app.workbench import Workbench, model_record


@dataclass(frozen=True, kw_only=True)
class VideoOrder:
    """Everything that decides the output; the source's bytes aside.

    Attributes:
        model: a model's name or a kind.
        seed: chooses the hypothesis, which is held for as long as a face is followed.
        every: frames from one look of the locator to the next.
        limit: frames after which to stop; 0 for all.
    """

    model: str = "rgb"
    seed: int = 0
    every: int = LOCATE_EVERY
    limit: int = 0


@dataclass(frozen=True, kw_only=True)
class VideoSummary:
    """What came of a video.

    Attributes:
        path, provenance: the files.
        sha256: of the video file.
        frames: in it.
        worked: of them in this run, rather than in an earlier one that was interrupted.
        filled: frames in which a face was filled in.
        faces: how many faces were followed.
        sound: whether there is any.
        sound_lost: why the source's sound is not all there, in a sentence; mostly empty.
        damaged: places of the source that could not be decoded, its sound's among them.
        dropped: frames of a camera or stream that came faster than they could be worked on.
        broke_off: how a camera or stream was lost, in a sentence; what came until then is kept.
        warnings: what must be known of the source, a sentence each.
        provider: that ran the model.
        seconds: of this run, by the clock.
        cpu: seconds of each stage's own thread.
    """

    path: Path
    provenance: Path
    sha256: str
    frames: int
    worked: int
    filled: int
    faces: int
    sound: bool
    sound_lost: str
    damaged: int
    dropped: int
    broke_off: str
    warnings: tuple[str, ...]
    provider: str
    seconds: float
    cpu: dict[str, float]


def order_document(
    bench: Workbench,
    source: str,
    digest: str,
    order: VideoOrder,
    record: ModelRecord,
    *,
    live: bool,
) -> dict[str, Any]:
    """The order as JSON has it: with the source's digest and the models that decide the output."""
    helpers = [model_record(bench.zoo.default(task)) for task in ("locate", "align", "map")]
    return {
        "app_version": __version__,
        "source": Path(source).name if digest else source_of(source).name,
        "source_sha256": digest,
        "model": asdict(record),
        "helpers": [asdict(helper) for helper in helpers],
        "device": bench.device,
        "order": asdict(order),
        # What a camera has shown cannot be shown again: every recording is one of its own.
        "begun": datetime.now(UTC).isoformat() if live else "",
    }
