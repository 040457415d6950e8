"""The finished segments as one labelled file, and its record beside it."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from app.case.records import canonical_json
from app.export.files import check_target, write_file
from app.export.metadata import Origin, xmp_packet
from app.export.pictures import SOFTWARE
from app.export.provenance import STATEMENT
from app.video.errors import VideoError
from app.video.join import join
from app.video.journal import Journal
from app.video.order import VideoSummary
from app.video.read import VideoFrames

XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""UUID of the MP4 box that holds XMP (XMP specification, part 3)."""


def assemble(
    journal: Journal,
    out: Path,
    frames: VideoFrames,
    sound_of: str | None,
    origin: Origin,
    *,
    force: bool,
) -> bool:
    """Make the one file and give it its name; returns whether it has sound."""
    whole = journal.folder / "whole.mp4"
    sound = join(
        [(segment.path, list(segment.times)) for segment in journal.segments],
        whole,
        time_base=Fraction(frames.info.time_base),
        sound_of=sound_of,
        metadata={
            "title": origin.description,
            "comment": f"{origin.description}. Digital source type: {origin.source_type}",
            "encoder": origin.software,
        },
    )
    packet = xmp_packet(origin).encode()
    try:
        with whole.open("ab") as file:
            file.write(struct.pack(">I4s16s", 24 + len(packet), b"uuid", XMP_BOX) + packet)
            file.flush()
            os.fsync(file.fileno())
        check_target(out, force=force)  # it may have come meanwhile
        whole.replace(out)
    except OSError as error:
        reason = error.strerror or error
        raise VideoError(f"{out} could not be written ({reason}); choose another --out.") from error
    return sound


def write_record(
    summary: VideoSummary,
    document: dict[str, Any],
    journal: Journal,
    frames: VideoFrames,
    origin: Origin,
    started: datetime,
    *,
    force: bool,
) -> None:
    """The provenance beside the video."""
    info = frames.info
    spans: dict[int, list[int]] = {}
    number = 0
    for segment in journal.segments:
        for tracks in segment.tracks:
            for track in tracks:
                span = spans.setdefault(track, [number, number, 0])
                span[1], span[2] = number, span[2] + 1
            number += 1
    record = {
        "format": 1,
        "made_by": SOFTWARE,
        "statement": STATEMENT,
        "started_utc": started.isoformat(timespec="seconds"),
        "request": document,
        "request_sha256": hashlib.sha256(canonical_json(document).encode()).hexdigest(),
        "video": {
            "width": info.width,
            "height": info.height,
            "frames": summary.frames,
            "frames_filled": summary.filled,
            "frames_per_second": float(info.rate),
            "sound": summary.sound,
            "damaged_places": summary.damaged,
            "frames_dropped": summary.dropped,
            "broke_off": summary.broke_off,
        },
        "faces": [
            {"track": track, "first_frame": first, "last_frame": last, "frames": count}
            for track, (first, last, count) in sorted(spans.items())
        ],
        "provider": summary.provider,
        "hypotheses": {"made": 1, "shown": 1},
        "file": {
            "name": summary.path.name,
            "sha256": summary.sha256,
            "label": origin.description,
            "visible_label": True,
            "digital_source_type": origin.source_type,
        },
        "notes": [
            "The video was encoded anew: pixels outside the maps are those of the source up to the "
            "encoder's loss.",
            "Maps and pictures are smoothed over time, so that a frame differs from a reconstruction of "
            "that frame alone.",
            "Content credentials are not added to videos.",
        ],
    }
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_file(summary.provenance, text.encode("utf-8", "backslashreplace"), force=force)
