"""Sentences with very long file names, made short enough to be read at a glance."""

from __future__ import annotations

import re

LONGEST_NAME = 64
"""Characters that a path or file name may have within a sentence."""

LONGEST = 220
"""Characters of a whole sentence: about two lines of the message bar."""

HEAD_SHARE = 0.4
"""Of what stays of a shortened text: names are told apart by their ends more often."""

PATH = re.compile(r"(?<!\w)(?:[A-Za-z]:[\\/]|[\\/])[^\n;:*?\"<>|]*\.\w{2,8}\b")
"""An absolute path up to its file's suffix; blanks may be in it, a sentence's other marks may not."""


def with_short_names(sentence: str) -> str:
    """The sentence with long paths shortened in their middle; the sentence too where that is not enough.

    What is shown shortened must be there in full somewhere near: as a tool tip, or under "Details".
    """
    shorter = PATH.sub(lambda found: _short_path(found.group()), sentence)
    return elided(shorter, LONGEST)


def _short_path(path: str) -> str:
    """The file and its folder come first; what is above gives way, then the file's own middle."""
    if len(path) <= LONGEST_NAME:
        return path
    parts = re.findall(r"[\\/][^\\/]*", path)
    name = parts[-1]
    # Many files are told apart by their folder alone, such as the cards of models.
    if len(parts) > 1 and len(name) + len(parts[-2]) <= LONGEST_NAME // 2:
        name = parts[-2] + name
    folder = path[: len(path) - len(name)]
    room = LONGEST_NAME - len(name) - 1
    if room >= 0:
        return f"{folder[:room]}…{name}"
    return f"…{name[0]}{elided(name[1:], LONGEST_NAME - 2)}"


def elided(text: str, longest: int) -> str:
    """A text of at most so many characters, with an ellipsis for what was too long in its middle."""
    if len(text) <= longest:
        return text
    head = round((longest - 1) * HEAD_SHARE)
    return f"{text[:head].rstrip()}…{text[len(text) - (longest - 1 - head) :].lstrip()}"
