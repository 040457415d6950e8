"""The finished segments as one labelled file, and its record beside it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import struct
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from app.case.records import canonical_json
from app.export.files import check_target, write_file
from app.export.metadata import XMP_BOX, Origin, xmp_packet
from app.export.pictures import SOFTWARE
from app.export.provenance import STATEMENT, provenance_name
from app.video.errors import VideoError
from app.video.join import join
from app.video.journal import RECORD, Journal, discard
from app.video.media import reason
from app.video.sound import SoundReport

WHOLE = "whole.mp4"
"""The finished video's name in the working folder."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What only the work itself knows of its video: kept with every segment, because a recording may
    have to be delivered after the work was killed.

    Attributes:
        width, height: of the source's frames, as displayed.
        rate: frames per second, as a fraction such as ``30000/1001``.
        time_base: seconds per unit of the frames' times, as a fraction.
        label: that is burned into each frame.
        source_type: an IPTC digital source type.
        model: name and version.
        provider: that ran the model.
        started_utc: ISO 8601.
        damaged: places of the source that could not be decoded so far.
        dropped: frames of a camera or stream that came too fast so far.
        warnings: what must be known of the source, a sentence each.
    """

    width: int
    height: int
    rate: str
    time_base: str
    label: str
    source_type: str
    model: str
    provider: str
    started_utc: str
    damaged: int
    dropped: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """A video that has its name and its record.

    Attributes:
        provenance: the record.
        sha256: of the video.
        frames: in it.
        filled: frames in which a face was filled in.
        faces: how many faces were followed.
        sound: whether there is any.
        sound_lost: why the source's sound is not all there, in a sentence; mostly empty.
        damaged: places of the source that could not be decoded, its sound's among them.
    """

    provenance: Path
    sha256: str
    frames: int
    filled: int
    faces: int
    sound: bool
    sound_lost: str
    damaged: int


def provenance_path(out: Path) -> Path:
    """Where the record of a video lies."""
    return out.with_name(provenance_name(out.stem))


def deliver(
    journal: Journal,
    out: Path,
    facts: Facts,
    *,
    sound_of: str | None,
    broke_off: str,
    force: bool,
    protected: Collection[Path] = (),
) -> Delivered:
    """Make one file of all segments, and give it and its record their names; the segments stay.

    Args:
        journal: the segments.
        out: the video.
        facts: of the work.
        sound_of: a file whose sound is taken; None for silence.
        broke_off: how a recording was lost, in a sentence; empty when it was not.
        force, protected: see :func:`app.export.files.check_target`.

    Raises:
        VideoError, ExportError: neither has come.
    """
    whole = journal.folder / WHOLE
    origin = Origin(
        source_type=facts.source_type,
        description=facts.label,
        software=SOFTWARE,
        model=facts.model,
    )
    journal.drop_unfinished()
    told = SoundReport()
    try:
        sound = join(
            [(segment.path, list(segment.times)) for segment in journal.segments],
            whole,
            time_base=Fraction(facts.time_base),
            sound_of=sound_of,
            metadata={
                "title": origin.description,
                "comment": f"{origin.description}. Digital source type: {origin.source_type}",
                "encoder": origin.software,
            },
            report=told,
        )
        _add_xmp(whole, origin)
        tracks = [tracks for segment in journal.segments for tracks in segment.tracks]
        delivered = Delivered(
            provenance=provenance_path(out),
            sha256=_sha256(whole),
            frames=len(tracks),
            filled=sum(1 for each in tracks if each),
            faces=len({track for each in tracks for track in each}),
            sound=sound,
            sound_lost=told.lost,
            damaged=facts.damaged + told.damaged,
        )
        record = _record(delivered, out, journal.order, tracks, facts, broke_off)
        _publish(journal, out, record, force=force, protected=protected)
    except OSError as error:
        raise VideoError(
            f"{out} could not be written ({reason(error)}); choose another --out."
        ) from error
    finally:
        # On a full disk it is in the way; the segments are all that is needed to make it again.
        with contextlib.suppress(OSError):
            whole.unlink(missing_ok=True)
    return delivered


def settle(folder: Path) -> None:
    """Put in order what a run left that was killed while it gave its video a name.

    Without the video its record goes, so that the same command can be given again; with it the work was
    done, and the working folder goes. The caller holds the output. Raises VideoError.
    """
    try:
        content = (folder / RECORD).read_bytes()
        file = json.loads(content)["file"]
        video, sha256 = folder.with_name(file["name"]), file["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    provenance = provenance_path(video)
    try:
        if not provenance.is_file() or provenance.read_bytes() != content:
            return
        if video.is_file() and _sha256(video) == sha256:
            discard(folder)
        else:
            provenance.unlink()
    except OSError as error:
        raise VideoError(
            f"{provenance} is left from a run that was killed and could not be removed "
            f"({reason(error)}); remove it."
        ) from error


def _publish(
    journal: Journal, out: Path, record: bytes, *, force: bool, protected: Collection[Path]
) -> None:
    """The record first: nobody finds the video without it."""
    provenance = provenance_path(out)
    for target in (out, provenance):  # they may have come meanwhile
        check_target(target, force=force, protected=protected)
    journal.note_record(record)
    if force:
        out.unlink(missing_ok=True)  # an earlier video never stands beside this one's record
    write_file(provenance, record, force=force)
    try:
        (journal.folder / WHOLE).replace(out)
    except OSError:
        provenance.unlink(missing_ok=True)
        raise


def _add_xmp(path: Path, origin: Origin) -> None:
    packet = xmp_packet(origin).encode()
    with path.open("ab") as file:
        file.write(struct.pack(">I4s16s", 24 + len(packet), b"uuid", XMP_BOX) + packet)
        file.flush()
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _record(
    delivered: Delivered,
    out: Path,
    order: dict[str, Any],
    tracks: list[tuple[int, ...]],
    facts: Facts,
    broke_off: str,
) -> bytes:
    """The provenance beside the video."""
    spans: dict[int, list[int]] = {}
    for number, each in enumerate(tracks):
        for track in each:
            span = spans.setdefault(track, [number, number, 0])
            span[1], span[2] = number, span[2] + 1
    # A file name that is no text in its system's encoding becomes a JSON escape, here as below.
    request = canonical_json(order).encode("utf-8", "backslashreplace")
    record = {
        "format": 1,
        "made_by": SOFTWARE,
        "statement": STATEMENT,
        "started_utc": facts.started_utc,
        "request": order,
        "request_sha256": hashlib.sha256(request).hexdigest(),
        "video": {
            "width": facts.width,
            "height": facts.height,
            "frames": delivered.frames,
            "frames_filled": delivered.filled,
            "frames_per_second": float(Fraction(facts.rate)),
            "sound": delivered.sound,
            "sound_lost": delivered.sound_lost,
            "damaged_places": delivered.damaged,
            "frames_dropped": facts.dropped,
            "broke_off": broke_off,
        },
        "faces": [
            {"track": track, "first_frame": first, "last_frame": last, "frames": count}
            for track, (first, last, count) in sorted(spans.items())
        ],
        "provider": facts.provider,
        "hypotheses": {"made": 1, "shown": 1},
        "file": {
            "name": out.name,
            "sha256": delivered.sha256,
            "label": facts.label,
            "visible_label": True,
            "digital_source_type": facts.source_type,
        },
        "notes": [
            *facts.warnings,
            "The video was encoded anew: pixels outside the maps are those of the source up to the "
            "encoder's loss.",
            "Maps and pictures are smoothed over time, so that a frame differs from a reconstruction of "
            "that frame alone.",
            "Content credentials are not added to videos.",
        ],
    }
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return text.encode("utf-8", "backslashreplace")
