"""The Debian package of a built program: where each file goes, and what dpkg is told of it."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from shutil import copyfile, copytree

from app import __version__
from app.cli.parser import COMMANDS, DESCRIPTION

ROOT = Path(__file__).resolve().parent.parent
LINUX = ROOT / "packaging" / "linux"

DEPENDS = (
    "libc6 (>= 2.35)",
    "libegl1",
    "libgl1",
    "libfontconfig1",
    "libdbus-1-3",
    "libglib2.0-0t64 | libglib2.0-0",
    "libx11-xcb1",
    "libxkbcommon-x11-0",
    "desktop-file-utils",
    "hicolor-icon-theme",
    "shared-mime-info",
)
"""What Qt opens on the machine: graphics drivers, fonts and the desktop's bus are the machine's own."""

SIZES = (48, 128, 256)
"""Sides of the icon in pixels, for desktops that do not draw SVG."""

NOBODY = "Nobody (built without --maintainer) <revisage@localhost>"

CONTROL = """\
Package: revisage
Version: {version}
Section: graphics
Priority: optional
Architecture: {architecture}
Installed-Size: {kilobytes}
Depends: {depends}
Maintainer: {maintainer}
Description: hypotheses of the face under a mask, for forensic image analysts
 Revisage locates faces in photos and videos, maps what a mask hides, lets the
 analyst correct the map, and shows hypotheses of what may lie under it,
 labelled as such and recorded in a case file. It does not identify anyone,
 and it works without a network.
"""

MANUAL = """\
.TH REVISAGE 1 {date} "Revisage {version}" "User Commands"
.SH NAME
revisage \\- hypotheses of the face under a mask, for forensic image analysts
.SH SYNOPSIS
.B revisage
.RI [ PATH ...]
.br
.B revisage
.I COMMAND
.RI [ OPTIONS ]
.SH DESCRIPTION
{description}
Without a command the window opens, with photos, a folder, a video or a case if given.
Every command prints its own help with
.BR \\-\\-help .
.SH COMMANDS
{commands}
.SH EXIT STATUS
0 done; 1 the work failed; 2 wrong usage; 130 interrupted.
.SH ENVIRONMENT
.TP
.B REVISAGE_ZOO
further folders of models, separated by colons
.TP
.B REVISAGE_DEBUG
set to 1, unexpected errors show where they came from
.SH FILES
.TP
.I /opt/revisage/THIRD_PARTY.md
what the program consists of, with versions and licences
"""


def debian_package(
    folder: Path,
    out: Path,
    work: Path,
    *,
    suffix: str,
    maintainer: str,
    icons: dict[int, Path],
) -> Path:
    """Make the package; caches of icons, desktop entries and file types are kept by dpkg's own triggers.

    Args:
        folder: the built program.
        out: where the package goes.
        work: scratch.
        suffix: of the version, such as ``+gpu``; "" for none.
        maintainer: ``NAME <ADDRESS>``; "" when nobody answers for the build.
        icons: pictures of the icon by their side in pixels.
    """
    tree, version = work / "deb", f"{__version__}{suffix}"
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    copytree(folder, tree / "opt" / "revisage", symlinks=True)
    program = tree / "usr" / "bin" / "revisage"
    program.parent.mkdir(parents=True)
    program.symlink_to("/opt/revisage/revisage")
    _desktop_files(tree, icons)
    _documents(tree, version, maintainer or NOBODY)
    _tidy_modes(tree)
    sums = _md5sums(tree)
    kilobytes = sum(path.lstat().st_size for path in tree.rglob("*")) // 1024
    (tree / "DEBIAN").mkdir(mode=0o755)
    (tree / "DEBIAN" / "md5sums").write_text(sums, encoding="utf-8")
    (tree / "DEBIAN" / "control").write_text(
        CONTROL.format(
            version=version,
            architecture=architecture,
            kilobytes=kilobytes,
            depends=", ".join(DEPENDS),
            maintainer=maintainer or NOBODY,
        ),
        encoding="utf-8",
    )
    path = out / f"revisage_{version}_{architecture}.deb"
    # The files are large libraries: quick compression loses little against the best.
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(tree), str(path)],
        check=True,
        stdout=sys.stderr,
    )
    return path


def _desktop_files(tree: Path, icons: dict[int, Path]) -> None:
    """Menu entry, file type, icons, and what software centres show."""
    share = tree / "usr" / "share"
    _copy(LINUX / "revisage.desktop", share / "applications" / "revisage.desktop")
    _copy(LINUX / "revisage.xml", share / "mime" / "packages" / "revisage.xml")
    hicolor = share / "icons" / "hicolor"
    _copy(ROOT / "resources/icons/revisage.svg", hicolor / "scalable" / "apps" / "revisage.svg")
    for side, picture in icons.items():
        _copy(picture, hicolor / f"{side}x{side}" / "apps" / "revisage.png")
    name = "org.revisage.Revisage.metainfo.xml"
    text = (LINUX / name).read_text(encoding="utf-8")
    text = text.replace("@VERSION@", __version__).replace("@DATE@", _built().date().isoformat())
    _write(share / "metainfo" / name, text)


def _documents(tree: Path, version: str, maintainer: str) -> None:
    """Copyright, changes and manual page, where Debian looks for them."""
    documents = tree / "usr" / "share" / "doc" / "revisage"
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8").split("\n\n", 2)[2]
    licence = "\n".join(f" {line or '.'}" for line in licence.strip().splitlines())
    text = (LINUX / "copyright").read_text(encoding="utf-8")
    _write(documents / "copyright", text.replace("@MIT@", licence))
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    _gzip(documents / "changelog.gz", changes)
    _copy(LINUX / "lintian-overrides", tree / "usr/share/lintian/overrides/revisage")
    commands = "\n".join(f".TP\n.B {name}\n{does}" for name, does in COMMANDS.items())
    manual = MANUAL.format(
        date=_built().date().isoformat(),
        version=version,
        description=DESCRIPTION.splitlines()[0],
        commands=commands,
    )
    _gzip(tree / "usr/share/man/man1/revisage.1.gz", manual.encode())
    entry = (
        f"revisage ({version}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n"
        f" -- {maintainer}  {format_datetime(_built())}\n"
    )
    _gzip(documents / "changelog.Debian.gz", entry.encode())


def _built() -> datetime:
    """The day of the build; packagers who want equal builds name it, as everywhere."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else datetime.now(UTC)


def _tidy_modes(tree: Path) -> None:
    """Readable by all, writable by root only, and only programs can be run."""
    for path in tree.rglob("*"):
        if path.is_symlink():
            continue
        runs = path.is_dir() or path == tree / "opt/revisage/revisage"
        path.chmod(0o755 if runs else 0o644)


def _md5sums(tree: Path) -> str:
    """What ``dpkg --verify`` compares with."""
    lines = []
    for path in sorted(tree.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
            lines.append(f"{digest.hexdigest()}  {path.relative_to(tree)}\n")
    return "".join(lines)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    copyfile(source, target)


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _gzip(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, 9, mtime=0))
