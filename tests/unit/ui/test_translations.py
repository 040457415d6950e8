"""Every text of the window is translated, into whole sentences with the same placeholders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator

ROOT = Path(__file__).resolve().parents[3]
UI = ROOT / "app" / "ui"
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("de",)

MARKS = {"tr": 0, "translate": 1, "QT_TRANSLATE_NOOP": 1}
"""Functions that mark a text, and which argument the text is."""

SHOWN = {
    *("label", "QLabel", "QPushButton", "QCheckBox", "QMenu", "ElidedLabel"),
    *("setText", "setToolTip", "setAccessibleName", "setWindowTitle", "setPlaceholderText"),
    *("set_full_text", "setTitle", "show_warning", "show_information"),
}
"""Functions that show what they are given."""

OWN_NAMES = {"Revisage", "RGB", "GAN", "CPU", "CUDA", "A", "B", "SHA-256"}
"""Names that are the same in every language."""

FORBIDDEN = ("identifizier", "erkenn", "übereinstimm", "wahre gesicht", "echte gesicht")
"""What no text may promise, in German; the English words are looked for in tests/gui/test_window.py."""

HONEST = (
    "eignen sich nicht zur identifizierung",
    "für die identifizierung von personen ungeeignet",
    "lassen jede spätere änderung erkennen",
    "auch wo sie übereinstimmen, können alle falsch sein",
)
"""Where these words say what the pictures are not."""

Message = tuple[str, str]
"""Context and English text."""


def marked(path: Path) -> Iterator[Message]:
    """Every marked text of a module, as Qt's lupdate finds it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    def walk(node: ast.AST, context: str) -> Iterator[Message]:
        for child in ast.iter_child_nodes(node):
            inside = child.name if isinstance(child, ast.ClassDef) else context
            if isinstance(child, ast.Call):
                name = called(child)
                place = MARKS.get(name)
                if place is not None and len(child.args) > place:
                    text = child.args[place]
                    if isinstance(text, ast.Constant) and isinstance(text.value, str):
                        first = child.args[0]
                        given = first.value if isinstance(first, ast.Constant) else ""
                        yield (str(given) if place else inside), text.value
            yield from walk(child, inside)

    return walk(tree, "")


def called(call: ast.Call) -> str:
    """The name of the function."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def messages(language: str) -> dict[Message, str | None]:
    """What the .ts file holds; None where it is not finished."""
    found: dict[Message, str | None] = {}
    for context in ElementTree.parse(FOLDER / f"revisage_{language}.ts").getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            done = translation.text if not translation.get("type") else None
            found[context.findtext("name", ""), message.findtext("source", "")] = done
    return found


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{[^}]*\}", text))


@pytest.fixture(scope="module")
def texts() -> set[Message]:
    """Every text of the window."""
    return {message for path in UI.rglob("*.py") for message in marked(path)}


def test_there_is_much_to_translate(texts: set[Message]) -> None:
    assert len(texts) > 600
    assert ("Actions", "Open photos…") in texts
    assert ("MessageBar", "{0} more") in texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(texts: set[Message], language: str) -> None:
    """If this fails: python scripts/translations.py, translate, and once more."""
    known = messages(language)
    assert sorted(texts - known.keys()) == []
    assert sorted(message for message in texts if not known[message]) == []
    assert sorted(known.keys() - texts) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_marks_agree(language: str) -> None:
    for (_, text), translation in messages(language).items():
        assert translation is not None
        assert placeholders(translation) == placeholders(text), text
        assert translation.endswith("…") == text.endswith("…"), text
        assert translation.count("&") == text.count("&"), text
        assert (translation[:1] == " ") == (text[:1] == " "), text
        assert translation.endswith(".") == text.endswith("."), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_promises_to_name_anyone(language: str) -> None:
    for (_, text), translation in messages(language).items():
        lowered = (translation or "").lower()
        for phrase in HONEST:
            lowered = lowered.replace(phrase, "")
        assert not any(word in lowered for word in FORBIDDEN), (text, translation)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_is_the_translation(language: str) -> None:
    """If this fails: python scripts/translations.py."""
    translator = QTranslator()
    assert translator.load(str(FOLDER / f"revisage_{language}.qm"))
    for (context, text), translation in messages(language).items():
        assert translator.translate(context, text) == translation


def test_nothing_that_is_shown_is_left_unmarked() -> None:
    stray = []
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and called(node) in SHOWN and node.args):
                continue
            text = node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                words = text.value not in OWN_NAMES and re.search(r"[^\W\d_]{2}", text.value)
                if words:
                    stray.append(f"{path.name}: {text.value}")
    assert stray == []
