"""What a built program consists of: THIRD_PARTY.md with versions and licences, and the licence texts.

Nothing is listed by hand: PyInstaller's tables say which file came from where, the packages' own
metadata and Debian's package database say whose it is.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path

from app import __version__
from scripts.bundle_libraries import OPENSSL, Library, bundled_libraries, vendored_licence
from scripts.bundle_notice import GPU, HEAD, NO_OFFER, OFFER, OPEN_QUESTION

TEXTS = re.compile(r"(^|\.)(licen[cs]e|copying|copyright|notice|authors|thirdparty)", re.IGNORECASE)
"""File names of licence texts."""

NOTES = {
    "pyinstaller": "with an exception for what it builds",
    "cryptography": "with OpenSSL 3 or newer (Apache-2.0) inside",
    "pypdfium2": "with PDFium inside",
    "uharfbuzz": "with HarfBuzz (MIT) inside",
}
"""What wheels have compiled in and their metadata do not say; PyPI name in normal form."""

TEXTS_OF_OURS = Path(__file__).resolve().parent.parent / "packaging" / "licences"
"""Licences that libraries are under whose wheels leave the text out."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing that was taken in.

    Attributes:
        name, version: its own.
        licence: as its metadata say, one line; empty when they do not.
        home: a web address, or the Debian package it came in.
        texts: its licence files on this machine.
    """

    name: str
    version: str
    licence: str
    home: str
    texts: tuple[Path, ...] = field(default=())


class UnknownOriginError(Exception):
    """Files of the bundle that belong to nobody known."""


def write_licences(work: Path, bundle: Path, *, maintainer: str = "") -> list[Part]:
    """Write THIRD_PARTY.md and the licence texts into a bundle.

    Args:
        work: PyInstaller's working folder of this build, with its ``.toc`` tables.
        bundle: the built folder.
        maintainer: who answers for it and offers its source, as ``NAME <ADDRESS>``.

    Raises:
        UnknownOriginError: a file's origin, or the licence of a package or library, is not known.
    """
    parts = find_parts(bundled_sources(work))
    libraries = bundled_libraries(work)
    rows = library_rows(libraries)
    page = HEAD.format(
        version=__version__,
        offer=OFFER.format(maintainer=maintainer) if maintainer else NO_OFFER,
        gpu=GPU if any(_is_nvidia(each) for each in libraries) else "",
    )
    if any(OPENSSL in row for row in rows):
        page += f"\n{OPEN_QUESTION}"
    page += "\n## Packages\n\n| name | version | licence | from |\n|---|---|---|---|\n"
    page += "".join(f"| {p.name} | {p.version} | {p.licence} | {p.home} |\n" for p in parts)
    page += (
        "\n## Extension modules and shared libraries\n\n| file | from | licence |\n|---|---|---|\n"
    )
    page += "".join(f"{row}\n" for row in rows)
    (bundle / "THIRD_PARTY.md").write_text(page, encoding="utf-8")
    (bundle / "licences").mkdir(exist_ok=True)
    for ours in sorted(TEXTS_OF_OURS.glob("*.txt")):
        shutil.copyfile(ours, bundle / "licences" / ours.name)
    for part in parts:
        for text in part.texts:
            # Wheels keep the licences of their parts under one name in several folders.
            folder = bundle / "licences" / part.name
            folder.mkdir(parents=True, exist_ok=True)
            same = sum(1 for other in folder.iterdir() if other.stem.startswith(text.stem))
            target = folder / (f"{text.stem}-{same + 1}{text.suffix}" if same else text.name)
            shutil.copyfile(text, target)
    return parts


def library_rows(libraries: Iterable[Library]) -> list[str]:
    """One row of the table of libraries for each, in the same order.

    Raises:
        UnknownOriginError: a licence is not known.
    """
    owners, listed = _owners(), list(libraries)
    strangers = {e.source for e in listed if e.source not in owners and not _is_python(e.source)}
    packages = _debian_packages(strangers)
    rows, unknown = [], []
    for each in listed:
        distribution = owners.get(each.source)
        if distribution is not None:
            home, licence = distribution.name, _library_licence(each, distribution)
        elif each.source in packages:
            home = packages[each.source].split(":")[0]
            licence = f"see licences/{home}"
        else:
            home, licence = "Python", "PSF-2.0" if _is_python(each.source) else ""
        if not licence:
            unknown.append(each.place)
        rows.append(f"| {each.place} | {home} | {licence} |")
    if unknown:
        raise UnknownOriginError(
            f"No licence is known of {', '.join(unknown[:8])}; "
            "find it out and add it to scripts/bundle_libraries.py."
        )
    return rows


def _library_licence(library: Library, distribution: Distribution) -> str:
    """Of a library in a wheel; empty when it is carried along from elsewhere and not known."""
    said = vendored_licence(library, _normal(distribution.name))
    if said is not None and not library.extension:
        return said
    # auditwheel, delvewheel and delocate put what is not the wheel's own into such a folder.
    carried = any(part.endswith((".libs", ".dylibs")) for part in library.source.parts)
    return "" if carried else _licence(distribution)


def _is_nvidia(library: Library) -> bool:
    return "nvidia" in library.source.parts


def bundled_sources(work: Path) -> set[Path]:
    """Where each file and module of the bundle came from."""
    sources: set[Path] = set()
    for table in [*work.glob("COLLECT-*.toc"), *work.glob("PYZ-*.toc")]:
        sources.update(_paths(ast.literal_eval(table.read_text(encoding="utf-8"))))
    # What PyInstaller itself made of them lies in its working folder.
    return {source for source in sources if work not in source.parents}


def _paths(table: object) -> Iterator[Path]:
    """The sources in a table of (name, source, kind), however deeply nested."""
    if isinstance(table, tuple) and len(table) == 3 and isinstance(table[2], str):
        if isinstance(table[1], str) and Path(table[1]).is_absolute():
            yield Path(table[1])
    elif isinstance(table, tuple | list):
        for entry in table:
            yield from _paths(entry)


def find_parts(sources: Iterable[Path]) -> list[Part]:
    """Whose the files are, by name."""
    owners = _owners()
    own = Path(__file__).resolve().parent.parent
    taken: dict[str, Distribution] = {}
    system: set[Path] = set()
    for source in sources:
        distribution = owners.get(source)
        if distribution is not None:
            taken[_normal(distribution.name)] = distribution
        elif not _is_python(source) and own not in source.parents:
            system.add(source)
    parts = [_python(), *map(_package, taken.values()), *_system_packages(system)]
    nameless = [part.name for part in parts if not part.licence]
    if nameless:
        raise UnknownOriginError(f"No licence is known of {', '.join(nameless)}.")
    return sorted(parts, key=lambda part: part.name.casefold())


def _owners() -> dict[Path, Distribution]:
    """Every installed file's package."""
    return {
        Path(str(file.locate())): distribution
        for distribution in distributions()
        for file in distribution.files or ()
    }


def _is_python(source: Path) -> bool:
    """Part of Python itself."""
    libraries = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
    resolved = source.resolve()
    inside = any(library in resolved.parents for library in libraries)
    return (inside and "site-packages" not in resolved.parts) or source.name.startswith(
        "libpython3"
    )


def _python() -> Part:
    version = sys.version.split()[0]
    home = "https://www.python.org"
    text = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    texts = (text,) if text.is_file() else ()
    return Part(name="Python", version=version, licence="PSF-2.0", home=home, texts=texts)


def _package(distribution: Distribution) -> Part:
    meta = distribution.metadata
    texts = [
        Path(str(file.locate())) for file in distribution.files or () if TEXTS.search(file.name)
    ]
    homes = [_field(distribution, "Home-page")]
    homes += [address.split(",", 1)[1].strip() for address in meta.get_all("Project-URL") or ()]
    licence = _licence(distribution)
    note = NOTES.get(_normal(distribution.name))
    return Part(
        name=distribution.name,
        version=distribution.version,
        licence=f"{licence}, {note}" if note and licence else licence,
        home=next((home for home in homes if home), "PyPI"),
        texts=tuple(
            text for text in texts if text.is_file() and text.suffix not in (".py", ".pyc")
        ),
    )


def _field(distribution: Distribution, name: str) -> str:
    """One field of a package's metadata; empty when it is not there."""
    metadata = distribution.metadata
    return str(metadata[name]).strip() if name in metadata else ""


def _licence(distribution: Distribution) -> str:
    """What the metadata say, in the order in which they are exact."""
    meta = distribution.metadata
    plain = _field(distribution, "License")
    classifiers = [
        line.rsplit("::", 1)[1].strip()
        for line in meta.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    exact = _field(distribution, "License-Expression")
    if exact:
        return exact
    if plain and "\n" not in plain and len(plain) < 80:
        return plain
    return ", ".join(classifiers) or (plain.splitlines()[0] if plain else "")


def _system_packages(files: set[Path]) -> list[Part]:
    """The Debian packages of libraries that were taken from the system."""
    packages = _debian_packages(files)
    unknown = sorted(str(file) for file in files if file not in packages)
    if unknown:
        raise UnknownOriginError(f"Nobody is known to own {', '.join(unknown[:8])}.")
    parts = []
    for package in sorted(set(packages.values())):
        name, version = _run("dpkg-query", "-W", "-f=${Package} ${Version}", package).split(" ")
        text = Path("/usr/share/doc") / name / "copyright"
        texts = (text,) if text.is_file() else ()
        licence = "see licences" if texts else f"see packages.debian.org/{name}"
        parts.append(
            Part(name=name, version=version, licence=licence, home="Debian package", texts=texts)
        )
    return parts


def _debian_packages(files: set[Path]) -> dict[Path, str]:
    """The package that each file came in, where one is known."""
    asked: dict[str, Path] = {}
    for file in files:
        for name in (str(file), str(file.resolve())):
            asked[name] = file
            # Packages name their files as they were before /lib became a link to /usr/lib, or after.
            asked[name.removeprefix("/usr") if name.startswith("/usr/") else f"/usr{name}"] = file
    if not asked or shutil.which("dpkg-query") is None:
        return {}
    # It fails when it does not know one of the names, and answers for the others all the same.
    answer = subprocess.run(
        ["dpkg-query", "-S", *asked], capture_output=True, text=True, check=False
    ).stdout
    found = (line.rsplit(": ", 1) for line in answer.splitlines() if ": " in line)
    return {asked[name]: owner.split(",")[0] for owner, name in found if name in asked}


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
