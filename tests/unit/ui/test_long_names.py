"""Sentences with long file names become short enough to be read, and lose nothing else."""

from __future__ import annotations

import pytest

from app.ui.long_names import LONGEST, LONGEST_NAME, elided, with_short_names

NAME = "Camera 4 main entrance north, cut-out of the recording of 2026-11-03, second copy (as sent).png"


def test_short_sentences_stay_as_they_are() -> None:
    sentence = "/tmp/photo one.png is not an image; choose a JPEG, PNG, TIFF, WebP or BMP photo."
    assert with_short_names(sentence) == sentence


@pytest.mark.parametrize("folder", ["/home/analyst/cases", r"C:\Users\analyst\cases"])
def test_a_long_name_gives_way_in_its_middle(folder: str) -> None:
    mark = "/" if folder.startswith("/") else "\\"
    said = with_short_names(f"{folder}{mark}{NAME} is not an image; choose another.")
    assert said.endswith("(as sent).png is not an image; choose another.")
    assert said.startswith(f"…{mark}Camera 4 main")
    assert len(said) <= LONGEST_NAME + len(" is not an image; choose another.")


def test_folders_give_way_to_a_name_that_has_room() -> None:
    folder = "/data/" + "/".join(f"folder-{number}" for number in range(20))
    said = with_short_names(f"The file {folder}/photo of the door.png is gone; copy it again.")
    assert said.startswith("The file /data/folder-0")
    # The last folder stays where it is short, for files that all have one name.
    assert "…/folder-19/photo of the door.png is gone; copy it again." in said


def test_a_sentence_that_is_long_without_a_path_keeps_both_ends() -> None:
    said = with_short_names(f"{'a' * 300} is not an image; choose another.")
    assert len(said) == LONGEST
    assert said.startswith("aaa")
    assert said.endswith("is not an image; choose another.")


def test_elided_texts_have_the_length_that_was_asked_for() -> None:
    assert elided("abcdefghij", 10) == "abcdefghij"
    assert elided("abcdefghijk", 6) == "ab…ijk"
