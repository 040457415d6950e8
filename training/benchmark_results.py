"""The results that the benchmark's tables are written from: those made here, and those kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from training.benchmark_systems import ENTRIES
from training.benchmark_training import Budget
from training.data.side_files import read_json

Result = dict[str, Any]
"""What :func:`training.benchmark.measure_entry` writes of one system."""

Budgets = dict[Budget, list[Result]]
"""Every budget with its results in the order of the systems; models of the zoo come last."""

MEASURE = "delete it, and run the benchmark without --collect for this system"

Kept = dict[str, dict[str, Result]]
"""By :attr:`Budget.label` and system, the results that the tables were last written from."""


def read_kept(path: Path) -> Kept:
    """What :func:`write_kept` wrote; nothing where there is no file.

    Raises:
        ValueError: it is damaged.
    """
    if not path.exists():
        return {}
    return read_json(
        path,
        lambda kept: {
            label: {row["system"]: _result(row) for row in rows} for label, rows in kept.items()
        },
        remedy="get it again, or delete it to begin with the results of this machine",
    )


def _result(document: Any) -> Result:
    """A result, if it has what the tables are made of."""
    row: Result = dict(document)
    for name in ("system", "title", "stage", "machine", "commit"):
        if not isinstance(row[name], str):
            raise TypeError(f"{name} is no text")
    for columns in (*row["figures"].values(), row["versions"]):
        dict(columns)
    if not all(isinstance(stage["recipe"], str) for stage in row["training"]):
        raise TypeError("a recipe has no name")
    _ = row["source"], row["parameters"]
    return row


def write_kept(path: Path, budgets: Budgets, before: Kept) -> None:
    """Keep the results beside the tables, so that these can grow where the runs are gone.

    Args:
        path: the file.
        budgets: all results of some budgets.
        before: of :func:`read_kept`; what it has of other budgets stays.
    """
    kept = {label: list(rows.values()) for label, rows in before.items()}
    kept |= {budget.label: results for budget, results in budgets.items()}
    part = path.with_suffix(".json.part")
    part.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(path)


def read_results(folder: Path, *, only: str | None = None, kept: Kept | None = None) -> Budgets:
    """The results of every budget that has any, the smaller budget first.

    Args:
        folder: of the budgets.
        only: the one :attr:`Budget.label` that counts.
        kept: earlier results, each of which counts until `folder` holds another of its system.

    Raises:
        ValueError: there is none, or one is damaged.
    """
    kept = kept or {}
    labels = [only] if only else sorted({path.name for path in folder.glob("*")} | kept.keys())
    known = [budget for label in labels if (budget := Budget.labelled(label)) is not None]
    known.sort(key=lambda budget: (budget.minutes, budget.images, budget.narrow))
    budgets: Budgets = {}
    for budget in known:
        paths = (folder / budget.label / "results").glob("*.json")
        found = kept.get(budget.label, {}) | {
            path.stem: read_json(path, _result, remedy=MEASURE) | {"written": path.stat().st_mtime}
            for path in paths
        }
        order = [entry.name for entry in ENTRIES if entry.name in found]
        if found:
            budgets[budget] = [found[name] for name in (*order, *sorted(found.keys() - set(order)))]
    if not budgets:
        raise ValueError(
            f"There are no results in {folder / only if only else folder}; run the benchmark without "
            "--collect first."
        )
    return budgets
