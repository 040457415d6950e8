"""The export formats; each file of this package that defines an ``Exporter`` adds one or more.

To use them (window, command line, case), go through the workbench:

    for exporter in exporters():                  # name, title, suffix, needs, options, lacks(...)
        ...
    material = bench.material(outcomes, stem="IMG_1", chosen={outcome: (1, 3)}, case=CaseText(...))
    exporter("sketch-pdf").lacks(material)        # "" or one sentence why it cannot be exported
    bench.planned("sketch-pdf", material, folder) # the paths it would write
    done = bench.export("sketch-pdf", material, folder, options={"paper": "letter"}, force=False)
    done.files                                    # WrittenFile, for provenance and log
    done.notes                                    # sentences to show, e.g. that credentials are missing

An option that is not given takes its first choice. Every failure is an ``ExportError`` of one sentence.
Label, XMP and, where signing is set up, C2PA credentials cannot be left out.

To add a format, add one file here:

1. Subclass :class:`app.export.exporter.Exporter`; set its class attributes; it is found by itself.
2. ``items`` names the files (``each_hypothesis``, ``each_face``, ``each_run`` do the usual naming),
   ``draw`` makes one file's bytes from the material, with label and XMP (``app.export.labels``,
   ``app.export.metadata``). It writes nothing and reads nothing but the material.
3. ``app.export.deliver`` checks that the label's source type is in the bytes, signs, writes the file
   whole and reads it back.
4. Test it in ``tests/unit/export/formats``: it reads back with another program's reader, and
   ``test_every_format.py`` covers it without a change.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil

from app.export.errors import ExportError
from app.export.exporter import Exporter

__all__ = ["exporter", "exporters"]


@functools.cache
def exporters() -> tuple[Exporter, ...]:
    """Every format, in the order of lists.

    Raises:
        RuntimeError: two formats have one name.
    """
    found: dict[str, Exporter] = {}
    for module in pkgutil.iter_modules(__path__):
        classes = inspect.getmembers(importlib.import_module(f"{__name__}.{module.name}"))
        for _, value in classes:
            if not inspect.isclass(value) or not issubclass(value, Exporter):
                continue
            if inspect.isabstract(value) or value.__module__ != f"{__name__}.{module.name}":
                continue
            if value.name in found:
                raise RuntimeError(f"two export formats are called {value.name}")
            found[value.name] = value()
    return tuple(sorted(found.values(), key=lambda each: (each.order, each.name)))


def exporter(name: str) -> Exporter:
    """The format of a name.

    Raises:
        ExportError: there is none.
    """
    for each in exporters():
        if each.name == name:
            return each
    names = ", ".join(each.name for each in exporters())
    raise ExportError(f"There is no export format {name!r}; there are: {names}.")
