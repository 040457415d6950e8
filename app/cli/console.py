"""What the command line says and where: results on stdout, progress and errors on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, TextIO

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes."""


class UsageError(Exception):
    """The command line asks for something that cannot be meant; exit code 2."""


def one_line(error: BaseException) -> str:
    """An error's text on one line."""
    return " ".join(str(error).split()) or type(error).__name__


def harmless(text: str) -> str:
    """A text on one line, without what would drive a terminal or turn letters round.

    Evidence brings names that nobody here has chosen: line breaks, escape sequences, marks that change
    the direction of writing, bytes that are no text. They are shown as Python's escapes.
    """
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def complain(message: str) -> None:
    """One line on stderr."""
    print(f"revisage: {harmless(message)}", file=sys.stderr)


def tolerate_every_name() -> None:
    """Let stdout take names that its encoding has no characters for.

    What is no UTF-8 goes out as the system gave it, for whoever reads file names; what another encoding
    lacks goes out as escapes.
    """
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        # Windows has names with other halves of surrogates than POSIX, and another way to keep them.
        kept = sys.getfilesystemencodeerrors() if _speaks_utf8() else "backslashreplace"
        reconfigure(errors=kept)


def print_json(document: Mapping[str, Any]) -> None:
    """The one document that `--json` promises on stdout."""
    text = json.dumps(document, ensure_ascii=not _speaks_utf8(), indent=2, allow_nan=False)
    # Bytes of a name that are no text become JSON's own escapes.
    print(text.encode("utf-8", "backslashreplace").decode())


def _speaks_utf8() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


class Bar:
    """A bar of tqdm that is there only once it is shown, and goes with the block it was made in.

    Attributes:
        drawn: tqdm's bar, or None.
    """

    def __init__(self) -> None:
        self.drawn: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.drawn is not None:
            self.drawn.close()

    def show(self, stream: TextIO, **options: Any) -> None:
        """Draw the bar; the options are tqdm's."""
        from tqdm import tqdm

        tqdm.monitor_interval = 0  # no thread behind the scenes for a bar that we redraw
        self.drawn = tqdm(file=stream, leave=False, **options)


class Progress(Bar):
    """Progress on stderr: a bar on a terminal, a line per step otherwise, nothing when quiet.

    A photo's steps are not known before its faces are, so the bar counts photos and names the step.

    Args:
        photos: how many photos there are.
        quiet: say nothing.
        stream: where to; stderr as it is when the work begins.
    """

    def __init__(self, photos: int, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        super().__init__()
        self._photos = photos
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._done = 0
        self._name = ""

    def __enter__(self) -> Self:
        if not self._quiet and self._stream.isatty():
            self.show(
                self._stream, total=self._photos, bar_format="{bar:24} {n_fmt}/{total_fmt} {desc}"
            )
        return self

    def photo(self, name: str) -> None:
        """Begin the next photo."""
        self._name = name

    def step(self, text: str) -> None:
        """Begin a step of the photo."""
        if self._quiet:
            return
        if self.drawn is not None:
            self.drawn.set_description_str(f"{harmless(self._name)}: {text}")
        else:
            name = harmless(self._name)
            print(f"[{self._done + 1}/{self._photos}] {name}: {text}", file=self._stream)
            self._stream.flush()

    def photo_done(self) -> None:
        """End the photo, done or failed."""
        self._done += 1
        if self.drawn is not None:
            self.drawn.update(1)

    def complain(self, message: str) -> None:
        """An error or a finding, without tearing the bar; shown even when quiet."""
        if self.drawn is not None:
            self.drawn.clear()
        print(f"revisage: {harmless(message)}", file=self._stream)
        if self.drawn is not None:
            self.drawn.refresh()


def counted(number: int, word: str, many: str = "") -> str:
    """A number with its word: 1 photo, 2 photos.

    Args:
        number: how many.
        word: for one.
        many: for any other number; empty takes the word and an s.
    """
    return f"{number} {word if number == 1 else many or word + 's'}"


def was(number: int) -> str:
    """The verb that goes with so many."""
    return "was" if number == 1 else "were"
