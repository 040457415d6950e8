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
    (r"x26[45]", "GPL-2.0-or-later"),
    (r"(gmp|nettle|hogweed|unistring)", GNU),
    (r"gnutls", "LGPL-2.1-or-later"),
    (r"asound", "LGPL-2.1-or-later"),
    (r"mp3lame", "LGPL-2.0-or-later"),
    (r"Qt5\w+", "LGPL-3.0-only OR GPL-2.0-or-later"),
    (r"gfortran|gcc_s|stdc\+\+", GCC),
    (r"quadmath", "LGPL-2.1-or-later"),
    (r"(crypto|ssl)", OPENSSL),
    (r"SvtAv1Enc", "BSD-3-Clause-Clear with the AOM patent licence"),
    (r"aom", "BSD-2-Clause with the AOM patent licence"),
    (r"(dav1d|avif|openjp2)", "BSD-2-Clause"),
    (r"(vpx|opus|webp|webpmux|webpdemux|sharpyuv)", "BSD-3-Clause"),
    (r"(scipy_)?openblas[\w-]*", "BSD-3-Clause"),
    (r"pcre2", "BSD-3-Clause"),
    (r"opencore-amr[nw]b", "Apache-2.0"),
    (r"(vpl|drm|harfbuzz|lcms2|Xau|X11-xcb|xcb(-[a-z]+)*|xkbcommon(-x11)?)", "MIT"),
    (r"brotli\w+", "MIT"),
    (r"lzma", "0BSD"),
    (r"zstd", "BSD-3-Clause OR GPL-2.0-only"),
    (r"freetype", "FTL OR GPL-2.0-or-later"),
    (r"jpeg", "IJG AND BSD-3-Clause"),
    (r"png16", "libpng-2.0"),
    (r"tiff", "libtiff"),
    (r"icu\w+", "Unicode-3.0"),
    (r"Qt6\w+", QT),
)
"""Licences of the libraries that wheels carry along, by their names without version and hash."""

FFMPEG = r"(avcodec|avdevice|avfilter|avformat|avutil|swresample|swscale)"
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
    """A library's name without folder, "lib", version, and the hash that wheels put into it:
    ``av.libs/libx264-d6533a8d.so.165``, ``libx264-165.dll`` and ``libx264.165.dylib`` are ``x264``."""
    name = PurePosixPath(place).name
    name = re.sub(r"\.(so|dylib|dll)\b.*$", "", name)
    name = re.sub(r"(\.\d+)+$", "", name)
    name = re.sub(r"(-[0-9a-f]{8,32})+(\.\d+)*$", "", name)
    name = re.sub(r"-\d+$", "", name).rstrip("_-")
    return name.removeprefix("lib")
