"""Where what lies in a package. No name comes from the case: a photo's own name is in the records."""

from __future__ import annotations

ROOT = "package/"
"""The bag's folder."""

BAGIT = "bagit.txt"
INFO = "bag-info.txt"
README = "README.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"

LOG = "data/log/log.jsonl"
ROWS = "data/records/rows.jsonl"
GRAPH = "data/records/case.jsonld"
REPORT_PDF = "data/report/report.pdf"
REPORT_JSON = "data/report/report.json"

SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "TIFF": ".tif", "WEBP": ".webp", "BMP": ".bmp"}


def original(photo: int, format: str) -> str:
    """The file of a photo's original bytes."""
    return f"data/originals/photo-{photo:04}{SUFFIXES.get(format, '.bin')}"


def output(run: int, role: str, number: int) -> str:
    """The file of a run's picture."""
    return f"data/outputs/run-{run:04}/{role}-{number:02}.png"


def run_map(run: int) -> str:
    """The file of the map that a run was made with."""
    return f"data/outputs/run-{run:04}/map.png"


def packed(sha256: str) -> str:
    """The file of a map or an edit as the case keeps it."""
    return f"data/maps/{sha256}.zlib"
