"""What is written for one photo: the usual pictures, or the export formats that the order asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.batch.order import Order
from app.export.exporter import Exporter, Material
from app.export.pictures import WrittenFile
from app.workbench import Outcome, Workbench


@dataclass(frozen=True, kw_only=True, eq=False)
class Writing:
    """What one model's work is about to become.

    Attributes:
        outcome: the work.
        model: its name in file names.
        names: of the files.
        notes: why a format has nothing to show, one sentence each.
        material, exporters: of the formats; None and empty for the usual pictures.
    """

    outcome: Outcome
    model: str
    names: frozenset[str]
    notes: tuple[str, ...] = ()
    material: Material | None = None
    exporters: tuple[Exporter, ...] = ()


def plan(
    bench: Workbench, order: Order, stem: str, outcomes: Sequence[tuple[str, Outcome]]
) -> list[Writing]:
    """What would be written, before anything is.

    Args:
        bench: knows the formats.
        order: says which.
        stem: of the file names.
        outcomes: with their models' names in file names.

    Raises:
        ExportError: a format cannot show this work.
    """
    if not order.formats:
        names = frozenset(order.names(stem))
        return [Writing(outcome=each, model=model, names=names) for model, each in outcomes]
    writings: list[Writing] = []
    for model, outcome in outcomes:
        material = bench.material([outcome], stem=stem, names={outcome: model})
        exporters, notes = bench.exportable(
            order.formats, material, leave=bench.of_the_photo if writings else ()
        )
        planned = [
            bench.planned(each.name, material, Path(), options=order.formats[each.name])
            for each in exporters
        ]
        writings.append(
            Writing(
                outcome=outcome,
                model=model,
                names=frozenset(path.name for paths in planned for path in paths),
                notes=notes,
                material=material,
                exporters=exporters,
            )
        )
    return writings


def write(
    bench: Workbench, order: Order, writing: Writing, folder: Path, stem: str
) -> tuple[list[WrittenFile], list[str]]:
    """Write it, replacing what is there, because the journal has found out whose the names are.

    Returns:
        The files, and sentences for the report.

    Raises:
        ExportError: a file was not written; those before it are complete.
    """
    if writing.material is None:
        files = bench.export_all(
            writing.outcome, folder, stem=stem, name=writing.model, border=order.border, force=True
        )
        return list(files), []
    written: list[WrittenFile] = []
    notes = list(writing.notes)
    for exporter in writing.exporters:
        done = bench.export(
            exporter.name,
            writing.material,
            folder,
            options=order.formats[exporter.name],
            force=True,
        )
        written += done.files
        notes += done.notes
    return written, notes
