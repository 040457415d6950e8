"""How well a few typed letters fit a name: the search of the command palette."""

from __future__ import annotations

import unicodedata

START_OF_NAME = 8
START_OF_WORD = 6
NEXT_TO_LAST = 4
GAP = 1


def folded(text: str) -> str:
    """Without case and accents, so that ``uberblenden`` finds ``Überblenden``."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each))


def fit(typed: str, name: str) -> int | None:
    """How well the typed letters fit a name, larger is better; None when they do not.

    They fit when all of them occur in the name in this order. Letters at the start of words and beside
    each other count more, letters that are skipped count less. The best of all ways is taken.

    Args:
        typed: spaces in it are ignored.
        name: what is searched in.
    """
    wanted = folded("".join(typed.split()))
    within = folded(name)
    if not wanted:
        return 0
    # best[i]: the best score with the letters so far, the last of them at within[i].
    best: dict[int, int] = {}
    for number, letter in enumerate(wanted):
        found: dict[int, int] = {}
        for index, other in enumerate(within):
            if other != letter:
                continue
            start = index == 0 or not within[index - 1].isalnum()
            own = (START_OF_NAME if index == 0 else START_OF_WORD) if start else 0
            if number == 0:
                found[index] = own - min(index, 3) * GAP
                continue
            ways = [
                score + (NEXT_TO_LAST if index == last + 1 else -min(index - last, 5) * GAP)
                for last, score in best.items()
                if last < index
            ]
            if ways:
                found[index] = max(ways) + own
        best = found
        if not best:
            return None
    return max(best.values())
