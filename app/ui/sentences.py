"""Sentences that come from below the window, in the window's language.

Cases, exports and models know nothing of languages; their errors and notes are English, in logs and on
the command line too. The window translates those that an analyst meets in daily work, by their patterns;
a sentence that is not in the table is shown as it is.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.ui.menus.spec import QT_TRANSLATE_NOOP
from app.ui.sentences_case import CASE_SENTENCES, OBJECTS, PLACES

SENTENCES: Final[tuple[str, ...]] = (
    QT_TRANSLATE_NOOP("Sentences", "The stream {0} broke off ({1})."),
    QT_TRANSLATE_NOOP("Sentences", "The stream {0} gave nothing for {1} seconds."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The stream {0} gave no answer within {1} seconds; check the address and the network.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The stream {0} could not be opened ({1}); check the address and the network.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{0} sends no more frames."),
    QT_TRANSLATE_NOOP("Sentences", "{0} holds no video; choose another."),
    QT_TRANSLATE_NOOP("Sentences", "{0} is a folder; choose a video."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} could not be opened as a video ({1}); copy it again, or choose another.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "No frame of {0} could be decoded."),
    QT_TRANSLATE_NOOP("Sentences", "No frame of {0} could be decoded; copy it again."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "No frame of {0} could be decoded; if it is a file, download it and give that.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The stream {0} broke off ({1}); if it is a file, download it and give that.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The stream {0} gave nothing for {1} seconds; if it is a file, download it and give that.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "There is no camera {0}; none is connected."),
    QT_TRANSLATE_NOOP("Sentences", "There is no camera {0}; connected are: {1}."),
    QT_TRANSLATE_NOOP("Sentences", "The camera {0} broke off ({1})."),
    QT_TRANSLATE_NOOP("Sentences", "The camera {0} gave nothing for {1} seconds."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The camera {0} may not be used by this user; ask for the right to.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The camera {0} gives no picture ({1}); see that it is connected and "
        "that no other program uses it.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} could not be read any more ({1}); connect its drive again.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "No NVIDIA driver was found on this machine."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "This installation of ONNX Runtime has no {0}; install onnxruntime-gpu for it.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "This installation of ONNX Runtime has no {0}; onnxruntime-gpu has it, on machines "
        "with an NVIDIA GPU.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "This installation of ONNX Runtime has no {0}; onnxruntime-directml has it, on "
        "Windows only.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "This installation of ONNX Runtime has no {0}; onnxruntime has it, on macOS only.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "TensorRT needs CUDA: {0}"),
    QT_TRANSLATE_NOOP("Sentences", "{0} did not start; it needs TensorRT's libraries."),
    QT_TRANSLATE_NOOP("Sentences", "{0} did not start; it needs a GPU."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "CUDA did not start; it needs an NVIDIA GPU, CUDA and cuDNN as "
        "onnxruntime-gpu[cuda,cudnn] installs them.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "Revisage does not use it."),
    QT_TRANSLATE_NOOP("Sentences", "{0} has one answer only; {1} hypotheses were asked for."),
    QT_TRANSLATE_NOOP("Sentences", "{0} gave {1} different hypotheses of the {2} asked for."),
    QT_TRANSLATE_NOOP("Sentences", "{0} failed unexpectedly ({1}); the details help to report it."),
    QT_TRANSLATE_NOOP("Sentences", "{0} was not found; check its name and folder."),
    QT_TRANSLATE_NOOP("Sentences", "{0} is empty (zero bytes); copy it again from its source."),
    QT_TRANSLATE_NOOP("Sentences", "{0} is a folder; choose a photo in it."),
    QT_TRANSLATE_NOOP("Sentences", "{0} is not a file; choose a photo."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} may not be read by this user; ask for the right to read it, or copy it.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} does not fit into this computer's memory; close other programs or reduce it first.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} does not fit into this computer's memory; close other programs first.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} could not be read ({1}); check the drive it is on, or copy it again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} has {1} GB, more than any photo that Revisage opens; choose another file.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} has {1} x {2} pixels, more than the {3} million that Revisage opens; cut or "
        "reduce it first.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is cut short: the end of the file is missing; copy it again from its source.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is cut short: its lower part holds no picture; copy it again from its source.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{0} holds only zeros; copy it again from its source."),
    QT_TRANSLATE_NOOP("Sentences", "{0} is damaged or cut short; copy it again from its source."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is damaged: a checksum is wrong; copy it again from its source.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is cut short, damaged or of an unusual kind; copy it again from its source, or "
        "save it as PNG or 8- or 16-bit TIFF.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} holds {1} pixels; save it again with 8 or 16 bits per channel.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is a kind of TIFF that cannot be read faithfully; save it again as grey, RGB "
        "or RGBA with 8 or 16 bits and interleaved channels.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is not an image; choose a JPEG, PNG, TIFF, WebP or BMP photo.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is {1}, which Revisage does not read; convert it to PNG or TIFF.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The map {0} has {1} x {2} pixels, but the photo has {3} x {4}; use the map made "
        "for this photo.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "The map was not read: {0}"),
    QT_TRANSLATE_NOOP("Sentences", "There is no model named {0}; installed are: {1}."),
    QT_TRANSLATE_NOOP("Sentences", "No {0} model is installed; add one to {1}."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The model file {0} has {1} bytes, but its card says {2}; install the model {3} again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The model file {0} is not the one that its card describes (SHA-256 differs); "
        "install the model {1} again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The model file {0} could not be read ({1}); install the model {2} again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The model file {0} is not a usable ONNX file ({1}); install the model {2} again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The model {0} could not be run ({1}); try again with less memory in use, or use "
        "another model.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The model {0} gave a '{1}' with values that are no numbers; use another model, and "
        "install this one again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is a picture that Revisage made and no photo; what is made of it tells nothing of "
        "whoever is in it, so take the original photo.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} holds {1} pictures, of which only the first is used; save the others as files of "
        "their own.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is a video that Revisage made and no recording; what is made of it tells nothing of "
        "whoever is in it, so take the original video.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} was not written because the disk is full; free some space and export again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} was not written because {1} is read-only for you; choose another folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} was not written because {1} is no folder; choose another folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} was not written because its name is too long; shorten the photo's name.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} was not written ({1}); choose another folder and try again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} exists already and was not replaced; allow replacing (--force) or choose "
        "another folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is a source photo and is never replaced; choose another folder.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{0} is a file, not a folder; choose a folder."),
    QT_TRANSLATE_NOOP("Sentences", "{0} cannot be exported: {1}"),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} does not hold what was written to it; check the drive and export again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "Content credentials were not added, because the package c2pa-python is not "
        "installed on this computer.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The signing certificate {0} is missing; name another in the settings, or make one "
        "with `revisage credentials new`.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The signing key {0} is missing; name another in the settings, or make one with "
        "`revisage credentials new`.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The name of the organisation must have 1 to 64 characters; give a shorter one.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{0} is no case file, or its first bytes are damaged."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is empty (zero bytes); restore it from a copy or a backup.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{0} is cut short; restore it from a copy or a backup."),
    QT_TRANSLATE_NOOP("Sentences", "{0} is a folder; choose a case file (.rvcase)."),
    QT_TRANSLATE_NOOP("Sentences", "{0} exists already and was not replaced; choose another name."),
    QT_TRANSLATE_NOOP("Sentences", "{0} was not written ({1}); try another folder."),
    QT_TRANSLATE_NOOP("Sentences", "No second person has reviewed this case yet."),
    QT_TRANSLATE_NOOP("Sentences", "{0} returned the case to the examiner."),
    QT_TRANSLATE_NOOP("Sentences", "{0} worked on this case; a second person must review it."),
    QT_TRANSLATE_NOOP("Sentences", "Composite (PNG)"),
    QT_TRANSLATE_NOOP("Sentences", "Composite (TIFF, 8 or 16 bits)"),
    QT_TRANSLATE_NOOP("Sentences", "Composite (JPEG, with loss)"),
    QT_TRANSLATE_NOOP("Sentences", "Face (PNG)"),
    QT_TRANSLATE_NOOP("Sentences", "Sketch (PNG)"),
    QT_TRANSLATE_NOOP("Sentences", "Sketch (SVG outlines)"),
    QT_TRANSLATE_NOOP("Sentences", "Sketch (PDF for print)"),
    QT_TRANSLATE_NOOP("Sentences", "Comparison sheet (PDF)"),
    QT_TRANSLATE_NOOP("Sentences", "Comparison sheet (PNG)"),
    QT_TRANSLATE_NOOP("Sentences", "Uncertainty (PNG)"),
    QT_TRANSLATE_NOOP("Sentences", "Map (PNG)"),
    QT_TRANSLATE_NOOP("Sentences", "Where the photo was taken"),
    QT_TRANSLATE_NOOP("Sentences", "Keep"),
    QT_TRANSLATE_NOOP("Sentences", "Leave out"),
    QT_TRANSLATE_NOOP("Sentences", "Depth"),
    QT_TRANSLATE_NOOP("Sentences", "As the photo"),
    QT_TRANSLATE_NOOP("Sentences", "16 bits per channel"),
    QT_TRANSLATE_NOOP("Sentences", "Beside the hypothesis"),
    QT_TRANSLATE_NOOP("Sentences", "Photo and map"),
    QT_TRANSLATE_NOOP("Sentences", "Nothing"),
    QT_TRANSLATE_NOOP("Sentences", "Paper"),
    QT_TRANSLATE_NOOP("Sentences", "Area"),
    QT_TRANSLATE_NOOP("Sentences", "Each face"),
    QT_TRANSLATE_NOOP("Sentences", "Whole photo"),
    QT_TRANSLATE_NOOP("Sentences", "Show as"),
    QT_TRANSLATE_NOOP("Sentences", "Colours over the photo, with a legend"),
    QT_TRANSLATE_NOOP("Sentences", "Values 0 to 255, for other programs"),
    *CASE_SENTENCES,
)
"""English patterns; what varies is a number in braces. tests/unit/ui/test_sentences.py looks for each of
them in the code that says it."""

PLACE: Final = re.compile(r"\{\d\}")

NUMBER: Final = r"(-?\d+)"


def in_language(sentence: str) -> str:
    """A sentence from below in the window's language, or as it is where the table does not have it."""
    found = _found(sentence)
    if found is not None:
        text, filled_in = found
        # What is filled in may be a sentence itself, why something else did not work, or a place.
        parts = [in_language(part) for part in filled_in]
        return QCoreApplication.translate("Sentences", text).format(*parts)
    # A word without a number is no place here: a file may be called "log".
    return sentence if sentence in PLACES else place_in_language(sentence)


def place_in_language(place: str) -> str:
    """A place in a case, or a count of what is in it, in the window's language; others as they are."""
    for pattern, text in _places():
        found = pattern.fullmatch(place)
        if found is not None:
            return QCoreApplication.translate("Places", text).format(*found.groups())
    return place


@lru_cache(maxsize=1024)
def _found(sentence: str) -> tuple[str, tuple[str, ...]] | None:
    """Which pattern of the table a sentence is, and what is filled in; kept, for there are hundreds."""
    for pattern, text in _patterns():
        found = pattern.fullmatch(sentence)
        if found is not None:
            return text, found.groups()
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The table as patterns, the most particular first."""
    ordered = sorted(SENTENCES, key=lambda text: -len(PLACE.sub("", text)))
    return tuple((re.compile(_pattern(text), re.DOTALL), text) for text in ordered)


@cache
def _places() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The table of places as patterns.

    They are short, and a photo may be called nearly like one: where no name belongs, only a number fits.
    """
    made = []
    for text in PLACES:
        pattern = _pattern(text) if text in OBJECTS else _pattern(text, NUMBER)
        made.append((re.compile(pattern.replace(rf"\({NUMBER}\)", r"\((.*)\)"), re.DOTALL), text))
    return tuple(made)


def _pattern(text: str, fill: str = "(.+?)") -> str:
    return fill.join(re.escape(part) for part in PLACE.split(text))
