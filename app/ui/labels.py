"""How hypotheses, models and processors are named in the window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from app.ui.sentences import in_language
from app.ui.session import Hypothesis, PhotoSession


def hypothesis_caption(hypothesis: Hypothesis) -> tuple[str, str]:
    """The model's title, and which hypothesis of which seed."""
    request = hypothesis.outcome.request
    details = QCoreApplication.translate("Labels", "hypothesis {0} of {1} · seed {2}").format(
        hypothesis.number, hypothesis.of, request.seed
    )
    return in_language(hypothesis.outcome.card.title), details


MARK_AFTER_MS = 150
"""Time without an edit after which hypotheses of another map are looked for."""


def made_with_another_map(photo: PhotoSession, hypotheses: Iterable[Hypothesis]) -> set[Hypothesis]:
    """Those that do not belong to the map as it is now, beside which they would be misread."""
    document = photo.document
    if document is None:
        return set()
    return {each for each in hypotheses if not document.is_all(each.outcome.map_part)}


def another_map(details: str) -> str:
    """The details of a hypothesis that was made with another map than the one that is shown."""
    return QCoreApplication.translate("Labels", "another map · {0}").format(details)


def short_titles(titles: Iterable[str]) -> dict[str, str]:
    """Titles of models without what stands behind their first comma, for places with little room.

    A title that would then be another's, too, stays whole.
    """
    short = {title: title.partition(",")[0].strip() for title in titles}
    times = Counter(short.values())
    return {title: cut if times[cut] == 1 else title for title, cut in short.items()}


def provider_name(provider: str) -> str:
    """ONNX Runtime's name of a processor as people say it: CPU, CUDA."""
    return provider.removesuffix("ExecutionProvider").upper()
