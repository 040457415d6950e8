"""Writes the benchmark's tables from the results that are there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from training.benchmark_results import Budgets, Result
from training.benchmark_systems import ALL_DIFFER, BY_NAME, ENTRIES


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table.

    Attributes:
        title: its head.
        data: the faces that the figure is about.
        figure: its name in the results.
        digits: after the point.
        scale: factor of the shown figure.
    """

    title: str
    data: str
    figure: str
    digits: int = 3
    scale: float = 1.0


def _test(title: str, figure: str, digits: int = 3, scale: float = 1.0) -> Column:
    return Column(title=title, data="test", figure=figure, digits=digits, scale=scale)


def _real(title: str, figure: str, digits: int = 3, scale: float = 1.0) -> Column:
    return Column(title=title, data="real", figure=figure, digits=digits, scale=scale)


LEGEND = (
    "Brackets hold the 95 % bootstrap interval of the mean over faces (photos, for Locate); PSNR also "
    "has the standard deviation between faces. A dash: not measured, or the system has no such figure."
)

UNTRAINED, INSTALLED = "–", "as installed"
"""Budgets of what needs no training, and of models of the zoo."""

TRAINING = (
    "system",
    "published by",
    "recipe",
    "px",
    "parameters, M",
    "images",
    "steps",
    "minutes",
    "seed",
    "trained on",
    "commit",
)
"""The columns of the last table."""

STEPS = (
    "A budget in images is the same number of pictures for every system; how many steps become of them "
    "is up to a recipe's batch. Ours are smaller than the published systems', so that ours take more "
    "steps and longer."
)
"""What has to be known to compare systems of one budget."""

TABLES: tuple[tuple[str, str, str, tuple[Column, ...]], ...] = (
    (
        "reconstruct",
        "Reconstruction: inside the hole",
        "One photo each of people of `test`, LFW's 250 px frame; the hole is the polygon of landmarks "
        "1 to 15 and 28, dilated 7x7. One hypothesis. L1 and L2 are of the whole frame in 0..1, times "
        "1000. Installed models were measured with drawn skin that begins with what is beside it (ADR "
        "0027), which gives every system about .1 dB and .005 of SSIM more; the other rows lack it.",
        (
            _test("PSNR, dB", "psnr_hole", 2),
            _test("SSIM", "ssim_hole"),
            _test("mouth error", "mouth_error"),
            _test("L1", "l1", 2, 1000),
            _test("L2", "l2", 2, 1000),
        ),
    ),
    (
        "reconstruct",
        "Reconstruction: as a face",
        "SqueezeNet distances are neither LPIPS nor FID. Identity cosine is a recognition network's "
        "view of output and original: compare it with the grey hole's.",
        (
            _test("SqueezeNet distance", "squeeze_distance"),
            _test("SqueezeNet Frechet", "squeeze_frechet", 0),
            _test("SqueezeNet kernel", "squeeze_kernel", 0),
            _test("FID", "fid", 1),
            _test("identity cosine", "identity_cosine"),
            _test("face found", "face_found"),
            _test("ms", "milliseconds", 1),
        ),
    ),
    (
        "reconstruct",
        "Reconstruction: several hypotheses",
        "Coverage is the part of the values inside the stated interval, which is meant to hold .8; "
        "correlation is Spearman's, of error and uncertainty within a face: of pixels, and of the means "
        "of squares of 8 px. Were the stated intervals exactly true, that of pixels would be .3 to .5. "
        "Mouth and SqueezeNet distance are of all hypotheses but the first, from the truth and from "
        "each other: of samples of what could be hidden there, both are the same.",
        (
            _test("PSNR of the mean, dB", "psnr_hole_of_mean", 2),
            _test("spread", "spread"),
            _test("mouth: from the truth", "mouth_error_further", 4),
            _test("from each other", "mouth_difference", 4),
            _test("SqueezeNet: from the truth", "squeeze_distance_further"),
            _test("from each other", "squeeze_difference"),
            _test("coverage", "coverage"),
            _test("correlation", "error_correlation"),
            _test("of squares", "error_correlation_squares"),
        ),
    ),
    (
        "sketch",
        "Sketch",
        "In the model's own crop, inside the hole; the truth is the sketch of the uncovered face.",
        (
            _test("L1", "l1_hole"),
            _test("L1 of blank paper", "l1_hole_of_blank_paper"),
            _test("SSIM", "ssim_hole"),
            _test("ms", "milliseconds", 1),
        ),
    ),
    (
        "map",
        "Map",
        "Intersection over union on synthetic masks (people of `test`, true landmarks) and on "
        "hand-drawn maps of real masks (located by the application; a missed face counts 0).",
        (
            _test("synthetic: IoU", "iou"),
            _test("tenth percentile", "iou_p10"),
            _test("bare faces: false area", "bare_false_area", 4),
            _real("real: IoU", "iou"),
            _real("tenth percentile", "iou_p10"),
        ),
    ),
    (
        "locate",
        "Locate",
        "On the hand-labelled real photos. Recall and precision at an IoU of .4; AP and AR are COCO's.",
        (
            _real("recall", "recall"),
            _real("precision", "precision"),
            _real("AP", "ap"),
            _real("AP50", "ap50"),
            _real("AR@10", "ar10"),
            _real("ms", "milliseconds", 1),
        ),
    ),
)


def report(budgets: Budgets) -> str:
    """The Markdown text: a table per stage, and one of what each training took.

    Systems that were trained under different budgets must not be compared: where there are several,
    every row says its own, and rows of one budget stand together.

    Args:
        budgets: of :func:`training.benchmark_results.read_results`.
    """
    results, several = _rows(budgets), len(budgets) > 1
    lines = ["# Benchmark", "", f"{_introduction(budgets)} {LEGEND}"]
    for stage, title, text, columns in TABLES:
        rows = [row for row in results if row["stage"] == stage]
        used = [column for column in columns if any(_figure(row, column) for row in rows)]
        rows = [row for row in rows if any(_figure(row, column) for column in used)]
        if not rows:
            continue
        lines += ["", f"## {title}", "", text + _of_other_data(rows), ""]
        heads = ["system", *["budget"] * several, "n", *(column.title for column in used)]
        lines += [_line(heads), _line(["---"] * len(heads))]
        for row in rows:
            counts = sorted({int(f["n"]) for c in used if (f := _figure(row, c)) is not None})
            cells = [_cell(_figure(row, column), column) for column in used]
            named = [row["title"], *[row["budget"]] * several]
            lines.append(_line([*named, " / ".join(map(str, counts)), *cells]))
    lines += _differences(results)
    return "\n".join([*lines, *_trainings(results, several), *_measured_on(results)]) + "\n"


def _introduction(budgets: Budgets) -> str:
    words = [budget.in_words for budget in budgets]
    if len(words) == 1:
        return f"Budget of every trained system: {words[0]}."
    return (
        f"Systems were trained under {len(words)} budgets: {'; '.join(words)}. Compare rows of one "
        "budget with each other, and with those that have none because they need no training; a system "
        "that is missing was not trained under that budget. Installed models were trained as the last "
        "table says."
    )


def _rows(budgets: Budgets) -> list[Result]:
    """All rows, each with its ``budget``: what needs no training, the budgets, installed models.

    What no budget trained is the same under all: of several measurements the last one counts.
    """
    trained: list[Result] = []
    same: dict[str, Result] = {}
    for budget, results in budgets.items():
        for row in results:
            name, entry = row["system"], BY_NAME.get(row["system"])
            if entry is not None and entry.recipes:
                trained.append(row | {"budget": budget.in_words})
            elif name not in same or row["written"] >= same[name]["written"]:
                same[name] = row | {"budget": INSTALLED if entry is None else UNTRAINED}
    untrained = [same[entry.name] for entry in ENTRIES if entry.name in same]
    installed = [same[name] for name in sorted(same.keys() - BY_NAME.keys())]
    return [*untrained, *trained, *installed]


def _of_other_data(rows: list[Result]) -> str:
    """A sentence where rows of one table were measured on different data; those that name none count."""
    titles: dict[str, list[str]] = {}
    for row in rows:
        if "data_sha256" in row:
            data = ", ".join(f"{name} {sha[:12]}" for name, sha in row["data_sha256"].items())
            titles.setdefault(data, []).append(row["title"])
    if len(titles) < 2:
        return ""
    parts = "; ".join(f"{', '.join(named)} on {data}" for data, named in titles.items())
    return f" Not comparable, since the data differ: {parts}."


def _figure(row: Result, column: Column) -> dict[str, Any] | None:
    figure = row["figures"].get(column.data, {}).get(column.figure)
    return dict(figure) if figure is not None else None


def _cell(figure: dict[str, Any] | None, column: Column) -> str:
    if figure is None:
        return "–"

    def shown(value: float) -> str:
        return f"{value * column.scale:.{column.digits}f}"

    text = shown(figure["mean"])
    if column.figure == "psnr_hole" and _known(figure["sd"]):
        text += f" ± {shown(figure['sd'])}"
    if _known(figure["low"]):
        text += f" [{shown(figure['low'])}, {shown(figure['high'])}]"
    return text


def _known(value: float | None) -> bool:
    return value is not None and not math.isnan(value)


def _differences(results: list[Result]) -> list[str]:
    """What of the systems that have rows is not as it was published."""
    there = {row["system"] for row in results}
    titles: dict[str, list[str]] = {}
    for entry in ENTRIES:
        if entry.differs and entry.name in there:
            titles.setdefault(entry.differs, []).append(entry.title)
    if not titles:
        return []
    told = [f"- **{'; '.join(named)}**: {differs}" for differs, named in titles.items()]
    return ["", "## What differs from the publications", "", ALL_DIFFER, "", *told]


def _trainings(results: list[Result], several: bool) -> list[str]:
    heads = [TRAINING[0], *["budget"] * several, *TRAINING[1:]]
    lines = ["", "## What was trained", "", STEPS, "", _line(heads), _line(["---"] * len(heads))]
    for row in results:
        for stage in row["training"]:
            minutes = stage.get("minutes")
            lines.append(
                _line(
                    [
                        row["title"],
                        *[row["budget"]] * several,
                        row["source"] or "this project",
                        f"`{stage['recipe']}`",
                        str(stage.get("size") or "–"),
                        f"{row['parameters'] / 1e6:.1f}",
                        f"{stage.get('images', 0):,}",
                        f"{stage['steps']:,}" if stage.get("steps") else "–",
                        f"{minutes:.1f}" if minutes is not None else "–",
                        str(stage.get("seed", "–")),
                        str(stage.get("machine") or "–"),
                        str(stage.get("commit") or "–")[:10],
                    ]
                )
            )
    return lines


def _measured_on(results: list[Result]) -> list[str]:
    machines = sorted({row["machine"] for row in results})
    versions = sorted(
        {f"{name} {value}" for row in results for name, value in row["versions"].items()}
    )
    commits = sorted({row["commit"][:10] for row in results if row["commit"]})
    lines = [
        "",
        f"Measured on {'; '.join(machines)}, with {', '.join(versions)}, at {', '.join(commits)}.",
    ]
    copied = [row for row in results if "transcribed" in row]
    if copied:
        unknown = sum(not row["commit"] for row in copied)
        sources = sorted({row["transcribed"] for row in copied})
        lines[-1] += (
            f" {len(copied)} of {len(results)} rows were read back, their results being lost "
            f"({'; '.join(sources)}); of {unknown} of these the commit is not known."
        )
    return lines


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
