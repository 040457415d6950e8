"""Keeps the translations of the window up to date, with Qt's own tools.

    python scripts/translations.py          take new texts into the .ts files, and compile them
    python scripts/translations.py --check  say what is missing; changes nothing

New texts are marked as unfinished; translate them in the .ts file (Qt Linguist, or any editor), then run
it once more. tests/unit/ui/test_translations.py keeps anything unfinished out.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import PySide6

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("de",)


def main() -> int:
    """Update or check; returns the exit code."""
    parser = argparse.ArgumentParser(description="Keeps the window's translations up to date.")
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args()
    unfinished = 0
    for language in LANGUAGES:
        path = FOLDER / f"revisage_{language}.ts"
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch) / path.name
            if path.exists():
                copy.write_bytes(path.read_bytes())
            update(copy, language)
            left = open_texts(copy)
            unfinished += len(left)
            print(f"{path.name}: {len(left)} texts to translate")
            for context, text in left:
                print(f"  {context}: {text}")
            if not options.check:
                path.write_bytes(copy.read_bytes())
                compile_to(path, path.with_suffix(".qm"))
    return 1 if unfinished else 0


def update(path: Path, language: str) -> None:
    """Take every text of the window into a .ts file; what is translated stays.

    Raises:
        subprocess.CalledProcessError: lupdate failed.
    """
    sources = sorted(str(each) for each in (ROOT / "app" / "ui").rglob("*.py"))
    # Line numbers would change with every edit of the code.
    options = ["-locations", "none", "-no-obsolete", "-silent", "-target-language", language]
    subprocess.run([tool("lupdate"), *sources, *options, "-ts", str(path)], check=True)


def compile_to(path: Path, target: Path) -> None:
    """Compile a .ts file; what is unfinished is left out.

    Raises:
        subprocess.CalledProcessError: lrelease failed.
    """
    command = [tool("lrelease"), "-silent", str(path), "-qm", str(target)]
    subprocess.run(command, check=True)


def tool(name: str) -> str:
    """A tool of Qt Linguist; PySide6_Essentials brings both."""
    folder = Path(PySide6.__file__).parent
    found = [folder / f"{name}{suffix}" for suffix in ("", ".exe")]
    return str(next((path for path in found if path.is_file()), found[0]))


def open_texts(path: Path) -> list[tuple[str, str]]:
    """What is not translated yet, each with its context."""
    found = []
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None or not translation.text or translation.get("type"):
                name, text = context.findtext("name", ""), message.findtext("source", "")
                found.append((name, text))
    return found


if __name__ == "__main__":
    sys.exit(main())
