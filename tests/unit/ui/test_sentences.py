"""Sentences from below the window are translated by their patterns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from pytestqt.qtbot import QtBot

from app.imaging.errors import RevisageError
from app.imaging.photo import read_photo
from app.ui.sentences import PLACE, SENTENCES, in_language

ROOT = Path(__file__).resolve().parents[3]
OWN = {ROOT / "app" / "ui" / name for name in ("sentences.py", "sentences_case.py")}


@pytest.fixture
def german(qtbot: QtBot) -> Iterator[None]:
    """Texts are German for one test."""
    translator = QTranslator()
    assert translator.load(str(ROOT / "resources" / "translations" / "revisage_de.qm"))
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def said_in_code() -> str:
    """Every constant text of the application, the tables themselves left out."""
    texts = [
        node.value
        for path in (ROOT / "app").rglob("*.py")
        if path not in OWN
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return "\n".join(texts)


def test_every_sentence_of_the_table_is_said_somewhere() -> None:
    code = said_in_code()
    for sentence in SENTENCES:
        for part in PLACE.split(sentence):
            # A sentence may be put together from halves; each half must be there.
            for half in re.split(r"; | signing ", part):
                words = half.strip(" .,;:(").removeprefix("certificate ").removeprefix("key ")
                assert words in code, sentence


def test_no_sentence_is_there_twice() -> None:
    assert len(set(SENTENCES)) == len(SENTENCES)


def test_in_english_every_sentence_stays_as_it_is() -> None:
    for sentence in SENTENCES:
        filled = PLACE.sub("x 1", sentence)
        assert in_language(filled) == filled


def test_a_real_error_is_told_in_german(german: None, tmp_path: Path) -> None:
    missing = tmp_path / "missing.png"
    with pytest.raises(RevisageError) as caught:
        read_photo(missing)
    assert in_language(str(caught.value)) == (
        f"{missing} wurde nicht gefunden; prüfen Sie Namen und Ordner."
    )


def test_a_sentence_inside_another_is_translated_too(german: None) -> None:
    said = in_language("TensorRT needs CUDA: No NVIDIA driver was found on this machine.")
    assert said == "TensorRT braucht CUDA: Auf diesem Rechner wurde kein NVIDIA-Treiber gefunden."


def test_what_nobody_foresaw_is_shown_as_it_is(german: None) -> None:
    assert in_language("Something else happened.") == "Something else happened."
    assert in_language("") == ""
