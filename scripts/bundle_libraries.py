"""Whose each shared library of a built program is, and under which licence.

Wheels carry libraries of others along and their metadata do not name them. What cannot be told stops the
build, so that no library leaves without its licence (docs/adr/0012).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

GCC = "GPL-3.0-or-later WITH GCC-exception-3.1"
QT = "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"
GNU = "LGPL-3.0-or-later OR GPL-2.0-or-later"
OPENSSL = "OpenSSL (not compatible with the GPL)"

VENDORED: tuple[tuple[str, str], ...] = (
    (r"libx26[45]", "GPL-2.0-or-later"),
    (r"lib(gmp|nettle|hogweed|unistring)", GNU),
    (r"libgnutls", "LGPL-2.1-or-later"),
    (r"libasound", "LGPL-2.1-or-later"),
    (r"libmp3lame", "LGPL-2.0-or-later"),
    (r"libQt5\w+", "LGPL-3.0-only OR GPL-2.0-or-later"),
    (r"libgfortran|libgcc_s|libstdc\+\+", GCC),
    (r"libquadmath", "LGPL-2.1-or-later"),
    (r"lib(crypto|ssl)", OPENSSL),
    (r"libSvtAv1Enc", "BSD-3-Clause-Clear with the AOM patent licence"),
    (r"libaom", "BSD-2-Clause with the AOM patent licence"),
    (r"lib(dav1d|avif|openjp2)", "BSD-2-Clause"),
    (r"lib(vpx|opus|webp|webpmux|webpdemux|sharpyuv)", "BSD-3-Clause"),
    (r"lib(scipy_)?openblas[\w-]*", "BSD-3-Clause"),
    (r"libpcre2-\d+", "BSD-3-Clause"),
    (r"libopencore-amr[nw]b", "Apache-2.0"),
    (r"lib(vpl|drm|harfbuzz|lcms2|Xau|X11-xcb|xcb(-[a-z]+)*|xkbcommon(-x11)?)", "MIT"),
    (r"libbrotli\w+", "MIT"),
    (r"liblzma", "0BSD"),
    (r"libzstd", "BSD-3-Clause OR GPL-2.0-only"),
    (r"libfreetype", "FTL OR GPL-2.0-or-later"),
    (r"libjpeg", "IJG AND BSD-3-Clause"),
    (r"libpng16", "libpng-2.0"),
    (r"libtiff", "libtiff"),
    (r"libicu\w+", "Unicode-3.0"),
    (r"libQt6\w+", QT),
)
"""Licences of the libraries that wheels carry along, by their names without version and hash."""

FFMPEG = r"lib(avcodec|avdevice|avfilter|avformat|avutil|swresample|swscale)"
FFMPEG_OF = {
    # Configured with --enable-version3, without --enable-gpl; its libavcodec needs libx264 and libx265.
    "av": "LGPL-3.0-or-later, linked with GPL-2.0-or-later (x264, x265)",
    "opencv-python": "LGPL-2.1-or-later",
}
"""The builds of FFmpeg differ: what each says of itself with ``avutil_configuration()``."""


@dataclass(frozen=True, kw_only=True)
class Library:
    """One file of machine code.

    Attributes:
        place: in the built folder's ``_internal``, "/" between its parts.
        source: where it was taken from.
        extension: a Python module, and not a library for others.
    """

    place: str
    source: Path
    extension: bool


def bundled_libraries(work: Path) -> list[Library]:
    """Every extension module and shared library that PyInstaller's tables name.

    Args:
        work: PyInstaller's working folder of this build.
    """
    found: dict[str, Library] = {}
    for table in work.glob("COLLECT-*.toc"):
        for place, source, kind in _entries(ast.literal_eval(table.read_text(encoding="utf-8"))):
            if kind in ("BINARY", "EXTENSION"):
                place = str(PurePosixPath(*Path(place).parts))
                found[place] = Library(
                    place=place, source=Path(source), extension=kind == "EXTENSION"
                )
    return [found[place] for place in sorted(found)]


def _entries(table: object) -> Iterator[tuple[str, str, str]]:
    """The (name, source, kind) in a table, however deeply nested."""
    if isinstance(table, tuple) and len(table) == 3 and all(isinstance(x, str) for x in table):
        yield table
    elif isinstance(table, tuple | list):
        for entry in table:
            yield from _entries(entry)


def vendored_licence(library: Library, package: str) -> str | None:
    """The licence of a library that a wheel carries along; None when it is not known.

    Args:
        library: the file.
        package: PyPI name of the wheel, in normal form.
    """
    name = stem(library.place)
    if re.fullmatch(FFMPEG, name):
        return FFMPEG_OF.get(package)
    return next((said for pattern, said in VENDORED if re.fullmatch(pattern, name)), None)


def stem(place: str) -> str:
    """A library's name without folder, version, and the hash that wheels put into it:
    ``av.libs/libx264-d6533a8d.so.165`` is ``libx264``."""
    name = PurePosixPath(place).name
    name = re.sub(r"\.(so|dylib|dll)\b.*$", "", name)
    name = re.sub(r"\.\d+(\.\d+)*$", "", name)  # libavcodec.62.dylib
    return re.sub(r"(-[0-9a-f]{8})+$", "", name).rstrip("_-") if "-" in name else name
