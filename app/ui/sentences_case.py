"""What the check of a case and the case itself say, for :mod:`app.ui.sentences`.

``app/case/verify.py``, ``verify_contents.py`` and ``log.py`` say a place and a sentence for everything
that is not as it was saved. tests/unit/ui/test_case_sentences.py looks in these modules for sentences
that are missing here, and tampers with real cases.
"""

from __future__ import annotations

from typing import Final

from app.ui.menus.spec import QT_TRANSLATE_NOOP

CASE_SENTENCES: Final[tuple[str, ...]] = (
    # The file
    QT_TRANSLATE_NOOP(
        "Sentences", "{0} is a database of another program, or its first bytes are damaged."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} was made by a later version of Revisage (format {1}, this one reads up to {2}); "
        "open it with that version.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{0} has no format number; restore it from a copy or a backup."),
    QT_TRANSLATE_NOOP("Sentences", "{0} could not be read ({1})."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} was copied while it was open, without the file {1}-wal that holds the last changes; "
        "copy both, or close the case and copy it again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is cut short ({1} of {2} bytes); restore it from a copy or a backup.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} has {1} bytes after its end that do not belong to it; restore it from a copy or a "
        "backup.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} was not changed because the disk is full; free some space and try again.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} was not changed because its drive reported an error ({1}); check the drive and its "
        "free space.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} was moved, replaced or deleted while it was open, so nothing more was saved; put it back "
        "and try again, or save the case under another name.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{0} is in use by another program; close that and try again."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} cannot be opened in this folder ({1}); copy it, with the files whose names begin like "
        "it, to a folder that you may write.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{0} refused a change that is not allowed ({1})."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} is damaged ({1}); see `revisage case verify`, and restore it from a copy or a backup.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{0} is closed; open it again."),
    QT_TRANSLATE_NOOP("Sentences", "{0} was opened for reading only."),
    QT_TRANSLATE_NOOP("Sentences", "{0} can only be read: {1}"),
    QT_TRANSLATE_NOOP(
        "Sentences", "{0} is being written {1}; it can only be read until that is closed."
    ),
    QT_TRANSLATE_NOOP("Sentences", "by another process"),
    QT_TRANSLATE_NOOP("Sentences", "by {0} on {1}, process {2}, since {3}"),
    QT_TRANSLATE_NOOP(
        "Sentences", "Saving failed unexpectedly ({0}); the details help to report it."
    ),
    # Tables and structure
    QT_TRANSLATE_NOOP("Sentences", "The {0} is missing."),
    QT_TRANSLATE_NOOP("Sentences", "The {0} is not as Revisage makes it."),
    QT_TRANSLATE_NOOP("Sentences", "The {0} does not belong in a case."),
    QT_TRANSLATE_NOOP("Sentences", "SQLite finds: {0}."),
    QT_TRANSLATE_NOOP("Sentences", "It refers to a row of {0} that is not there."),
    QT_TRANSLATE_NOOP("Sentences", "It cannot be read: {0}."),
    QT_TRANSLATE_NOOP("Sentences", "It cannot be read: it holds text that is none."),
    QT_TRANSLATE_NOOP("Sentences", "it holds text that is none"),
    QT_TRANSLATE_NOOP("Sentences", "Further problems: {0}."),
    # Log
    QT_TRANSLATE_NOOP("Sentences", "It has more text than any log that Revisage writes."),
    QT_TRANSLATE_NOOP("Sentences", "Before it the log lacks {0}."),
    QT_TRANSLATE_NOOP("Sentences", "Its text was changed: it does not have its SHA-256."),
    QT_TRANSLATE_NOOP("Sentences", "it is no JSON object"),
    QT_TRANSLATE_NOOP("Sentences", "the field {0} is missing or wrong"),
    QT_TRANSLATE_NOOP("Sentences", "It was moved: it says that it is entry {0}."),
    QT_TRANSLATE_NOOP(
        "Sentences", "The chain breaks here: it does not follow the entry before it."
    ),
    QT_TRANSLATE_NOOP("Sentences", "It claims {0}, which it cannot."),
    QT_TRANSLATE_NOOP("Sentences", "The head of the log cannot be read: {0}."),
    QT_TRANSLATE_NOOP("Sentences", "the head of the log is missing"),
    QT_TRANSLATE_NOOP("Sentences", "Its end is missing: {0} of {1} entries are left."),
    QT_TRANSLATE_NOOP("Sentences", "The head of the log is not its last entry."),
    QT_TRANSLATE_NOOP("Sentences", "It has no entry with the hash {0}: it was rewritten or cut."),
    # Rows and bytes
    QT_TRANSLATE_NOOP("Sentences", "No log entry tells of it."),
    QT_TRANSLATE_NOOP("Sentences", "It holds a value of a kind that it cannot have."),
    QT_TRANSLATE_NOOP("Sentences", "It was changed after it was saved."),
    QT_TRANSLATE_NOOP("Sentences", "It is missing, although the log tells of it."),
    QT_TRANSLATE_NOOP("Sentences", "Nothing refers to it."),
    QT_TRANSLATE_NOOP("Sentences", "Its bytes are missing."),
    QT_TRANSLATE_NOOP("Sentences", "It has {0} bytes, but {1} were recorded."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "Its bytes were changed: they do not have the SHA-256 that was recorded.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{0} has no {1}; see `revisage case list`."),
    QT_TRANSLATE_NOOP("Sentences", "{0} is missing from {1}; restore it from a copy or a backup."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "{0} in {1} was changed: it does not have the SHA-256 it was recorded with; restore the "
        "case from a copy or a backup.",
    ),
    # Photos, maps, runs and reviews
    QT_TRANSLATE_NOOP("Sentences", "It has a size or depth that no photo has."),
    QT_TRANSLATE_NOOP("Sentences", "It does not have the size of photo {0}."),
    QT_TRANSLATE_NOOP("Sentences", "It is not the picture that the result names."),
    QT_TRANSLATE_NOOP("Sentences", "It has a verdict that no review has."),
    QT_TRANSLATE_NOOP("Sentences", "It is a review of a state that the log never had."),
    QT_TRANSLATE_NOOP("Sentences", "Its request names another photo than photo {0}."),
    QT_TRANSLATE_NOOP("Sentences", "Its request names another size than that of photo {0}."),
    QT_TRANSLATE_NOOP("Sentences", "Map {0} is not a map of photo {1}."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Map {0} after {1} edits is not the one that its request names."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Map {0} claims more pixels than any photo; restore the case."),
    QT_TRANSLATE_NOOP("Sentences", "Map {0} is not the one that was saved; restore the case."),
    QT_TRANSLATE_NOOP("Sentences", "Map {0} has {1} edits, not {2}."),
    QT_TRANSLATE_NOOP("Sentences", "Edit {0} of map {1}: {2}"),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "This edit reaches to {0} x {1}, but the map has {2} x {3} pixels; clear the history when "
        "the photo changes.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "A map of {0} x {1} pixels is not possible; open a photo first."
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "A map edit has the rectangle {0}; restore the case from a copy."
    ),
    QT_TRANSLATE_NOOP("Sentences", "A packed map is damaged ({0}); restore the case from a copy."),
    QT_TRANSLATE_NOOP(
        "Sentences", "A packed map has the wrong size; restore the case from a copy."
    ),
    QT_TRANSLATE_NOOP("Sentences", "The faces {0} cannot be read; restore the case."),
    QT_TRANSLATE_NOOP("Sentences", "A list of models cannot be read; restore the case."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "A record of the kind {0} is damaged (field {1}: {2}); restore the case from a copy.",
    ),
    QT_TRANSLATE_NOOP(
        "Sentences", "Run {0} has a result of another request; restore the case from a copy."
    ),
    QT_TRANSLATE_NOOP("Sentences", "Run {0} has no readable setup; restore the case."),
    QT_TRANSLATE_NOOP("Sentences", "{0} cannot be decoded: {1}"),
    QT_TRANSLATE_NOOP("Sentences", "{0} does not have the pixels that were recorded."),
    QT_TRANSLATE_NOOP("Sentences", "Photo {0} has no evidence; restore the case from a copy."),
    QT_TRANSLATE_NOOP("Sentences", "Photo {0} has a run but no map; restore the case from a copy."),
    QT_TRANSLATE_NOOP(
        "Sentences", "Photo {0} has a map but no faces; restore the case from a copy."
    ),
    # Runs made again
    QT_TRANSLATE_NOOP("Sentences", "{0}: {1} then, {2} now"),
    QT_TRANSLATE_NOOP("Sentences", "The photo decodes to other pixels than at intake."),
    QT_TRANSLATE_NOOP(
        "Sentences",
        "Run {0} names another photo or map than the case holds; see `revisage case verify`.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{0} (not installed)"),
    # Whether the case was reviewed
    QT_TRANSLATE_NOOP(
        "Sentences",
        "The case was changed after {0} reviewed it (log entry {1}); it must be reviewed again.",
    ),
    QT_TRANSLATE_NOOP("Sentences", "{0} reviewed and accepted this case."),
    QT_TRANSLATE_NOOP(
        "Sentences", "{0} worked on this case and cannot review it; a second person must."
    ),
)
"""As in :data:`app.ui.sentences.SENTENCES`."""

PLACES: Final[tuple[str, ...]] = (
    QT_TRANSLATE_NOOP("Places", "file"),
    QT_TRANSLATE_NOOP("Places", "tables"),
    QT_TRANSLATE_NOOP("Places", "structure"),
    QT_TRANSLATE_NOOP("Places", "structure of the file"),
    QT_TRANSLATE_NOOP("Places", "log"),
    QT_TRANSLATE_NOOP("Places", "head"),
    QT_TRANSLATE_NOOP("Places", "rows"),
    QT_TRANSLATE_NOOP("Places", "evidence and pictures"),
    QT_TRANSLATE_NOOP("Places", "contents"),
    QT_TRANSLATE_NOOP("Places", "done"),
    QT_TRANSLATE_NOOP("Places", "log entry {0}"),
    QT_TRANSLATE_NOOP("Places", "log {0}"),
    QT_TRANSLATE_NOOP("Places", "head {0}"),
    QT_TRANSLATE_NOOP("Places", "entry {0}"),
    QT_TRANSLATE_NOOP("Places", "{0} to {1}"),
    QT_TRANSLATE_NOOP("Places", "blob {0}"),
    QT_TRANSLATE_NOOP("Places", "property {0}"),
    QT_TRANSLATE_NOOP("Places", "evidence {0}"),
    QT_TRANSLATE_NOOP("Places", "evidence {0} ({1})"),
    QT_TRANSLATE_NOOP("Places", "Evidence {0} ({1})"),
    QT_TRANSLATE_NOOP("Places", "photo {0}"),
    QT_TRANSLATE_NOOP("Places", "faces {0}"),
    QT_TRANSLATE_NOOP("Places", "faces of photo {0}"),
    QT_TRANSLATE_NOOP("Places", "map {0}"),
    QT_TRANSLATE_NOOP("Places", "Map {0}"),
    QT_TRANSLATE_NOOP("Places", "map_edit {0}"),
    QT_TRANSLATE_NOOP("Places", "map {0}, edit {1}"),
    QT_TRANSLATE_NOOP("Places", "Edit {0} of map {1}"),
    QT_TRANSLATE_NOOP("Places", "run {0}"),
    QT_TRANSLATE_NOOP("Places", "run {0}, composite {1}"),
    QT_TRANSLATE_NOOP("Places", "run {0}, uncertainty {1}"),
    QT_TRANSLATE_NOOP("Places", "The composite {0} of run {1}"),
    QT_TRANSLATE_NOOP("Places", "The uncertainty {0} of run {1}"),
    QT_TRANSLATE_NOOP("Places", "output {0}"),
    QT_TRANSLATE_NOOP("Places", "note {0}"),
    QT_TRANSLATE_NOOP("Places", "review {0}"),
    QT_TRANSLATE_NOOP("Places", "{0} log entries"),
    QT_TRANSLATE_NOOP("Places", "{0} rows"),
    QT_TRANSLATE_NOOP("Places", "{0} blobs"),
    QT_TRANSLATE_NOOP("Places", "{0} photos"),
    QT_TRANSLATE_NOOP("Places", "{0} maps"),
    QT_TRANSLATE_NOOP("Places", "{0} runs"),
    QT_TRANSLATE_NOOP("Places", "{0} reviews"),
    QT_TRANSLATE_NOOP("Places", "{0} log entry"),
    QT_TRANSLATE_NOOP("Places", "{0} row"),
    QT_TRANSLATE_NOOP("Places", "{0} blob"),
    QT_TRANSLATE_NOOP("Places", "{0} photo"),
    QT_TRANSLATE_NOOP("Places", "{0} map"),
    QT_TRANSLATE_NOOP("Places", "{0} run"),
    QT_TRANSLATE_NOOP("Places", "{0} review"),
    QT_TRANSLATE_NOOP("Places", "table {0}"),
    QT_TRANSLATE_NOOP("Places", "index {0}"),
    QT_TRANSLATE_NOOP("Places", "trigger {0}"),
    QT_TRANSLATE_NOOP("Places", "view {0}"),
)
"""Where something is, and how many there are. What is in braces is a number, in parentheses any name."""

OBJECTS: Final = ("table {0}", "index {0}", "trigger {0}", "view {0}")
"""Those of :data:`PLACES` that have a name where the others have a number."""

ONE: Final = {
    "log entries": "log entry",
    "rows": "row",
    "blobs": "blob",
    "photos": "photo",
    "maps": "map",
    "runs": "run",
    "reviews": "review",
}
"""What the check of a case counts, and the word for one of it."""
