"""Finished pieces of a recording are never lost: a camera or stream cannot show them again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from app.imaging.errors import RevisageError
from app.video.deliver import Facts, deliver
from app.video.errors import VideoError
from app.video.hold import working_folder
from app.video.journal import Journal
from app.video.media import reason

CUT_OFF = (
    "Revisage ended before this recording was a video; it holds the pieces that were finished."
)


def rescue(out: Path, notice: Callable[[str], None] | None) -> None:
    """Make a video of an earlier recording that was to become an output, and say so.

    It gets a name of its own beside the output. The caller holds the output.

    Raises:
        VideoError: that failed, and the recording stays where it was.
    """
    folder = working_folder(out)
    recording = Journal.recording(folder)
    if recording is None:
        return
    target = out
    try:
        if recording.damaged:
            raise VideoError("some of its pieces are damaged")
        begun = datetime.fromisoformat(recording.order["begun"]).astimezone(UTC)
        target = out.with_name(f"{out.stem}.recovered-{begun:%Y%m%dT%H%M%SZ}.mp4")
        facts = Facts(**recording.segments[-1].facts)
        deliver(recording, target, facts, sound_of=None, broke_off=CUT_OFF, force=False)
    except (ValueError, TypeError) as error:
        raise kept(target, folder, VideoError("another version of Revisage made it")) from error
    except RevisageError as error:
        raise kept(target, folder, error) from error
    recording.remove()
    if notice is not None:
        notice(
            f"An earlier recording for {out} had not become a video; what was finished of it is "
            f"now {target}."
        )


def kept(out: Path, folder: Path, error: RevisageError) -> VideoError:
    """What to say when a recording could not become a video: where it lies, and what to do."""
    why = _system_reason(error) or str(error).rstrip(".")
    return VideoError(
        f"The recording could not be made into {out} ({why}) and is kept in {folder}; free some space "
        "and give the same command again, which saves it first, or move that folder away to begin anew."
    )


def broken_off(out: Path, error: Exception) -> str:
    """How a recording ended that an error has ended, in a sentence."""
    why = _system_reason(error)
    return f"{out.name} could not be written any further ({why})." if why else str(error)


def _system_reason(error: Exception) -> str:
    """What the system said, when it was the system that refused to write."""
    cause = error.__cause__ if isinstance(error, RevisageError) else error
    return reason(cause) if getattr(cause, "strerror", None) and cause is not None else ""
