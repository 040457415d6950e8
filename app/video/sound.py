"""The sound of a video's source beside new pictures: copied where MP4 can hold it, or encoded anew.

It is moved with the picture, so that the first frame's time is 0, and ends with the last frame. Damaged
places are left out and counted.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import av
import numpy as np
from numpy.typing import NDArray

from app.video.media import reason
from app.video.timeline import Timeline

MP4_SOUND = frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus"})
"""Sound that is copied bit for bit; other sound is encoded anew as AAC."""

AAC_FRAME = 1024
"""Samples."""

USUAL_RATE = 48_000
"""Samples per second where the source does not say."""

USUAL_PACKETS = Fraction(50)
"""Per second; only where times begin anew without the picture's doing so."""

SLACK_S = Fraction(1, 10)
"""So far sound may be from its time before it is moved there; moving it can be heard."""

PAST_S = 10
"""Sound so far behind the last frame says that no more is to come; a source's packets are not sorted."""


class SoundError(Exception):
    """The sound cannot be taken along in this way; says why, or nothing where there was no sound."""


@dataclass
class SoundReport:
    """What became of a source's sound.

    Attributes:
        damaged: its places that could not be decoded, and were left out.
        lost: why there is none though the source has some, in a sentence; mostly empty.
    """

    damaged: int = 0
    lost: str = ""


class Sound:
    """The sound streams of an opened source on their way into a file.

    Attributes:
        damaged: places that were left out so far.
        missing: why some of several streams were left out as a whole; mostly empty.
    """

    def __init__(
        self, source: Any, out: Any, *, start: Fraction, end: Fraction, copy: bool = True
    ) -> None:
        """
        Args:
            source: PyAV's container.
            out: PyAV's container to write to; gets a stream for each of the source's.
            start: seconds, by the source's clock, of what becomes 0.
            end: seconds from there on to where the sound is to end.
            copy: whether sound that MP4 can hold is copied.

        Raises:
            SoundError: a stream cannot be written.
        """
        self.damaged = 0
        self.missing = ""
        self._source, self._out, self._start, self._end = source, out, start, end
        self._begun = False
        self._tracks: dict[int, _Track] = {}
        for stream in source.streams.audio:
            context = stream.codec_context
            if context is None:
                self.missing = "its encoding is not known here"
                continue
            try:
                fits = copy and context.name in MP4_SOUND
                track = (_Copied if fits else _Encoded)(stream, out, end)
            except (av.FFmpegError, ValueError) as error:
                raise SoundError(reason(error)) from error
            self._tracks[stream.index] = track
        if self.missing and not self._tracks:
            raise SoundError(self.missing)

    def begin(self) -> None:
        """Write the file's head; raises SoundError when the sound does not let it be written."""
        try:
            self._out.start_encoding()
        except (av.FFmpegError, OSError, ValueError) as error:
            raise self._failed(error) from error

    @property
    def tracks(self) -> int:
        """How many streams there are."""
        return len(self._tracks)

    def packets(self) -> Iterator[Any]:
        """What is to be given to :meth:`mux`, sorted by time for each stream; raises SoundError."""
        if not self._tracks:
            return
        clocks = {index: _Clock(track.stream) for index, track in self._tracks.items()}
        picture = self._picture()
        streams = [track.stream for track in self._tracks.values()]
        leader = _Clock(picture) if picture is not None else None
        for packet in self._demuxed([*streams, *([picture] if picture is not None else [])]):
            if packet.stream is picture:
                if leader is not None and packet.dts is not None:
                    leader.place(packet.dts)
                continue
            track, clock = self._tracks[packet.stream.index], clocks[packet.stream.index]
            if packet.dts is not None:
                track.now = clock.place(packet.dts) - self._start
            shift = clock.offset(leader) - self._start
            yield from self._taken(track, packet, shift)
            if all(each.now > self._end + PAST_S for each in self._tracks.values()):
                break
        for track in self._tracks.values():
            yield from self._guarded(track.rest())

    def mux(self, packet: Any) -> None:
        """Write a packet; raises SoundError, and OSError when there is no room."""
        try:
            self._out.mux(packet)
            self._begun = True
        except av.error.InvalidDataError:
            self.damaged += 1
        except (av.FFmpegError, OSError, ValueError) as error:
            raise self._failed(error) from error

    def check(self) -> None:
        """Raises SoundError when nothing was written at all."""
        if self._tracks and not self._begun:
            raise SoundError("no place of it could be decoded" if self.damaged else "")

    def _failed(self, error: Exception) -> Exception:
        full = getattr(error, "errno", None) == errno.ENOSPC
        return error if full else SoundError(reason(error))

    def _picture(self) -> Any:
        """The stream whose new beginnings the sound has to follow; None where there are none."""
        anew = self._source.format.flags & av.format.Flags.ts_discont.value
        return self._source.streams.video[0] if anew and self._source.streams.video else None

    def _demuxed(self, streams: list[Any]) -> Iterator[Any]:
        try:
            yield from self._source.demux(streams)
        except (av.FFmpegError, OSError):
            return  # a file that was cut short; its pictures ended here, too, and that was counted

    def _taken(self, track: _Track, packet: Any, shift: Fraction) -> Iterator[Any]:
        made = track.packets(packet, shift)
        while True:
            try:
                new = next(made, None)
            except _DamagedError:
                self.damaged += 1
                return
            except (av.FFmpegError, ValueError) as error:
                raise SoundError(reason(error)) from error
            if new is None:
                return
            yield new

    def _guarded(self, made: Iterator[Any]) -> Iterator[Any]:
        try:
            yield from made
        except (av.FFmpegError, ValueError) as error:
            raise SoundError(reason(error)) from error


class _DamagedError(Exception):
    """A packet could not be decoded."""


class _Clock:
    """The times of one stream in seconds, also where they begin anew."""

    def __init__(self, stream: Any) -> None:
        rate = stream.average_rate if stream.type == "video" else USUAL_PACKETS
        self._base = Fraction(stream.time_base)
        self._line = Timeline(rate=Fraction(rate or 25), time_base=self._base)

    def place(self, time: int) -> Fraction:
        """The time of the next packet."""
        return self._line.place(time) * self._base

    def offset(self, leader: _Clock | None) -> Fraction:
        """What is added now: as much as to the pictures since the same beginning, as soon as they are
        there; sound and picture do not end together."""
        beginnings = len(self._line.offsets)
        if not beginnings:
            return Fraction(0)
        if leader is not None and len(leader._line.offsets) >= beginnings:
            return leader._line.offsets[beginnings - 1] * leader._base
        return self._line.offsets[-1] * self._base


class _Track(Protocol):
    """One sound stream.

    Attributes:
        stream: of the source.
        now: where it is, in seconds from the first frame.
    """

    stream: Any
    now: Fraction

    def packets(self, packet: Any, shift: Fraction) -> Iterator[Any]:
        """What becomes of a packet of the source whose time is moved by so many seconds."""
        ...

    def rest(self) -> Iterator[Any]:
        """What is still to come after the last one."""
        ...


class _Copied:
    """Packets as they are, at other times."""

    def __init__(self, stream: Any, out: Any, end: Fraction) -> None:
        self.stream = stream
        self.now = Fraction(0)
        self._end = end
        self._new = out.add_stream_from_template(stream)
        self._last = -1

    def packets(self, packet: Any, shift: Fraction) -> Iterator[Any]:
        if packet.dts is None:
            return
        ticks = round(shift / packet.time_base)
        packet.dts += ticks
        packet.pts = packet.dts if packet.pts is None else packet.pts + ticks
        if packet.dts <= self._last or packet.dts * packet.time_base >= self._end:
            return
        self._last = packet.dts
        packet.stream = self._new
        yield packet

    def rest(self) -> Iterator[Any]:
        return iter(())


class _Encoded:
    """Sound decoded, brought to what AAC takes, and encoded."""

    def __init__(self, stream: Any, out: Any, end: Fraction) -> None:
        self.stream = stream
        self.now = Fraction(0)
        context = stream.codec_context
        self._rate = aac_rate(context.sample_rate)
        self._end = round(end * self._rate)
        # PCM often does not name its channels, which AAC wants to know.
        self._layout = "mono" if context.channels == 1 else "stereo"
        self._new = out.add_stream("aac", rate=self._rate)
        self._new.codec_context.format, self._new.layout = "fltp", self._layout
        self._resampler: av.AudioResampler | None = None
        self._kind: tuple[Any, ...] = ()
        self._expected = Fraction(0)
        self._skip = 0
        self._samples: NDArray[np.float32] = np.zeros(
            (1 if self._layout == "mono" else 2, 0), np.float32
        )
        self._written = 0

    def packets(self, packet: Any, shift: Fraction) -> Iterator[Any]:
        try:
            frames = packet.decode()
        except (av.FFmpegError, ValueError) as error:
            self._kind = ()  # what comes next goes to its own time again
            raise _DamagedError from error
        for frame in frames:
            yield from self._frame(frame, shift)

    def rest(self) -> Iterator[Any]:
        yield from self._drained()
        if self._samples.shape[1]:
            yield from self._packets(self._samples)
        yield from self._new.encode(None)

    def _frame(self, frame: Any, shift: Fraction) -> Iterator[Any]:
        begin = self._expected if frame.pts is None else frame.pts * frame.time_base + shift
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._kind or abs(begin - self._expected) > SLACK_S:
            yield from self._drained()
            yield from self._moved(begin)
            self._kind, self._expected = kind, begin
            self._resampler = av.AudioResampler("fltp", self._layout, self._rate)
        self._expected += Fraction(frame.samples, frame.sample_rate)
        assert self._resampler is not None
        frame.pts = None  # its time is looked after here
        for piece in self._resampler.resample(frame):
            yield from self._add(_floats(piece))

    def _drained(self) -> Iterator[Any]:
        """What the resampler still holds."""
        if self._resampler is not None:
            for piece in self._resampler.resample(None):
                yield from self._add(_floats(piece))

    def _moved(self, begin: Fraction) -> Iterator[Any]:
        """Silence up to where sound begins; or its first samples are to be left out."""
        target = round(begin * self._rate)
        self._skip = max(0, self._position - target)
        while self._position < min(target, self._end):
            count = min(target - self._position, self._rate)
            silence = np.zeros((len(self._samples), count), np.float32)
            yield from self._add(silence)

    @property
    def _position(self) -> int:
        return self._written + int(self._samples.shape[1])

    def _add(self, samples: NDArray[np.float32]) -> Iterator[Any]:
        skipped = min(self._skip, samples.shape[1])
        self._skip -= skipped
        room = max(0, self._end - self._position)
        samples = samples[:, skipped:][:, :room]
        self._samples = np.concatenate([self._samples, samples], axis=1)
        while self._samples.shape[1] >= AAC_FRAME:
            piece, self._samples = self._samples[:, :AAC_FRAME], self._samples[:, AAC_FRAME:]
            yield from self._packets(piece)

    def _packets(self, samples: NDArray[np.float32]) -> Iterator[Any]:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", self._layout)
        frame.sample_rate, frame.time_base = self._rate, Fraction(1, self._rate)
        frame.pts = self._written
        self._written += samples.shape[1]
        yield from self._new.encode(frame)


def _floats(frame: Any) -> NDArray[np.float32]:
    """Samples (C, N)."""
    return np.asarray(frame.to_ndarray(), np.float32)


def aac_rate(rate: int) -> int:
    """The samples per second at which sound of a rate can be encoded: no fewer, if there are more."""
    rates: list[int] = av.Codec("aac", "w").audio_rates or [USUAL_RATE]
    wanted = rate or USUAL_RATE
    higher = [each for each in rates if each >= wanted]
    return min(higher) if higher else max(rates)
