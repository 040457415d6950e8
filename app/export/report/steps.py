"""The log as an ordered list of steps in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.case.log import LogEntry
from app.export.report.content import Step
from app.export.report.words import ACTIONS

LONG = 16
"""Hexadecimal digits of a hash in a step; the log has all of them."""


def steps(entries: Sequence[LogEntry]) -> tuple[Step, ...]:
    """The steps in order; edits of one map by one person in a row become one step."""
    made: list[Step] = []
    group: list[LogEntry] = []
    for entry in entries:
        if group and not _together(group[-1], entry):
            made.append(_step(group))
            group = []
        group.append(entry)
    if group:
        made.append(_step(group))
    return tuple(made)


def _together(before: LogEntry, entry: LogEntry) -> bool:
    return (
        entry.action == before.action == "map.edit"
        and entry.details.get("map") == before.details.get("map")
        and entry.who == before.who
    )


def _step(group: list[LogEntry]) -> Step:
    first, last = group[0], group[-1]
    parameters = _parameters(first) if len(group) == 1 else _edits(group)
    return Step(
        first=first.seq,
        last=last.seq,
        utc=first.utc,
        until_utc=last.utc,
        who=first.who.get("examiner", ""),
        action=first.action,
        what=ACTIONS.get(first.action, first.action),
        parameters=parameters,
    )


def _edits(group: list[LogEntry]) -> dict[str, str]:
    tools = Counter(str(entry.details.get("tool", "")) for entry in group)
    numbers = [entry.details.get("number") for entry in group]
    return {
        "map": str(group[0].details.get("map")),
        "edits": f"{numbers[0]} to {numbers[-1]}",
        "tools": ", ".join(f"{tool} {count}" for tool, count in tools.items()),
    }


def _parameters(entry: LogEntry) -> dict[str, str]:
    """The details as short texts; the setup of a run is told in its own place."""
    return {
        name.replace("_", " "): _text(value)
        for name, value in entry.details.items()
        if name not in ("setup", "source") and value not in (None, "", [], {})
    }


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value)
    text = str(value)
    whole = len(text) == 64 and all(mark in "0123456789abcdef" for mark in text)
    return f"{text[:LONG]}..." if whole else text
