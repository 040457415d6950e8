"""Writes what a format drew: checked, signed, whole, and read back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.export.errors import ExportError
from app.export.exporter import Drawn, Exporter, Item, Material
from app.export.files import check_target, write_file
from app.export.pictures import WrittenFile
from app.export.signing import Origin, Signing, sign

Progress = Callable[[float, str], None]
"""Told the share of the work done, 0..1, and the file that comes next."""


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What an export left.

    Attributes:
        files: in the order written.
        notes: sentences for the user, each once.
    """

    files: tuple[WrittenFile, ...]
    notes: tuple[str, ...] = ()


def complete_options(exporter: Exporter, given: Mapping[str, str]) -> dict[str, str]:
    """A value for every option of a format.

    Raises:
        ExportError: an option or value that the format does not have.
    """
    known = {option.name: option for option in exporter.options}
    for name, value in given.items():
        if name not in known:
            names = ", ".join(known) or "none"
            raise ExportError(
                f"The format {exporter.name} has no option {name!r}; it has: {names}."
            )
        values = [choice.value for choice in known[name].choices]
        if value not in values:
            raise ExportError(
                f"The option {name} of {exporter.name} cannot be {value!r}; "
                f"choose {' or '.join(values)}."
            )
    return {name: given.get(name, option.default) for name, option in known.items()}


def planned(
    exporter: Exporter, material: Material, options: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """The names of the files that :func:`deliver` would write.

    Raises:
        ExportError: the material lacks what the format needs, or an option is wrong.
    """
    return tuple(item.file_name for item in _items(exporter, material, options or {})[0])


def deliver(
    exporter: Exporter,
    material: Material,
    folder: Path,
    *,
    options: Mapping[str, str] | None = None,
    signing: Signing | None = None,
    force: bool = False,
    protected: Collection[Path] = (),
    progress: Progress | None = None,
) -> Delivered:
    """Export in one format.

    Args:
        exporter: the format.
        material: what it is made from.
        folder: where to; must exist.
        options: by name; those left out take their first choice.
        signing: the lab's certificate; None writes no credentials.
        force, protected: see :func:`app.export.files.check_target`.
        progress: told before each file, from the calling thread; may raise to stop between files.

    Raises:
        ExportError: one file was not written; those before it are complete.
    """
    items, chosen = _items(exporter, material, options or {})
    for item in items:
        check_target(folder / item.file_name, force=force, protected=protected)
    files: list[WrittenFile] = []
    notes: list[str] = []
    for number, item in enumerate(items):
        if progress is not None:
            progress(number / len(items), item.file_name)
        drawn = exporter.draw(material, item, chosen)
        _check_marks(exporter, drawn)
        path = folder / item.file_name
        content = drawn.content
        if signing is not None and drawn.source_type:
            signed = sign(content, _origin(exporter, material, item, drawn), signing)
            content = signed.content
            notes.append(signed.note)
        write_file(path, content, force=force, protected=protected)
        if path.read_bytes() != content:
            raise ExportError(
                f"{path} does not hold what was written to it; check the drive and export again."
            )
        files.append(_written(path, content, item, drawn))
    return Delivered(files=tuple(files), notes=tuple(note for note in dict.fromkeys(notes) if note))


def _items(
    exporter: Exporter, material: Material, options: Mapping[str, str]
) -> tuple[list[Item], dict[str, str]]:
    chosen = complete_options(exporter, options)
    if lacks := exporter.lacks(material):
        raise ExportError(f"{exporter.title} cannot be exported: {lacks}")
    return list(exporter.items(material, chosen)), chosen


def _check_marks(exporter: Exporter, drawn: Drawn) -> None:
    """No generated picture leaves without its marks, whatever a format forgets."""
    if drawn.role == "map":
        return
    if not drawn.label or drawn.source_type.encode() not in drawn.content or not drawn.source_type:
        raise RuntimeError(f"the format {exporter.name} left out the label or its source type")


def _origin(exporter: Exporter, material: Material, item: Item, drawn: Drawn) -> Origin:
    return Origin(
        title=item.file_name,
        mime=exporter.mime,
        source_type=drawn.source_type,
        label=drawn.label,
        time=material.time,
        photo_sha256=material.photo.sha256,
        photo_name=material.name,
        photo_format=material.photo.format,
        evidence=material.evidence,
        result=item.run.result if item.run else None,
        hypothesis=item.hypothesis,
    )


def _written(path: Path, content: bytes, item: Item, drawn: Drawn) -> WrittenFile:
    return WrittenFile(
        path=path,
        role=drawn.role,
        sha256=hashlib.sha256(content).hexdigest(),
        request_key=item.run.result.request.key if item.run else "",
        hypothesis=item.hypothesis,
        label=drawn.label,
        border=bool(drawn.label),
    )
