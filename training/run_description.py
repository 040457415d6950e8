"""``recipe.json``: what a run says of its beginning, and whether that is what is asked for now."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import torch

from training.data.side_files import read_json, replace_text
from training.precision import fast_in_bfloat16
from training.task import Task

DESCRIPTION = "recipe.json"
"""The file's name in the folder of the run."""

PACKAGES = ("torch", "numpy", "opencv-python", "pydantic", "lightning-fabric")
"""Whose versions are noted with a run; one that is not installed is left out."""

OF_EXPORT = (
    *("looks", "further_looks", "looks_even", "finer", "truncation"),
    *("sketch_looks", "sketch_further_looks", "sketch_detail"),
    *("blend", "blend_with", "sketch_blend", "sketch_blend_with"),
)
"""Fields of the recipe that training never reads; the model is exported as the last of them say."""

MAY_DIFFER = ("steps", *OF_EXPORT)
"""Fields of the recipe that a continued run may have another value in: it may be given more steps."""

OTHER = "take another folder (--out of train, --runs of benchmark), or go back to the first {}."


def read_description(run: Path) -> dict[str, Any]:
    """What a run says of its beginning: at least ``recipe``, and as texts its data's hash, commit and
    machine.

    Raises:
        OSError: the file is missing or cannot be opened.
        ValueError: it is damaged; the sentence names it.
    """
    return read_json(
        run / DESCRIPTION,
        _description,
        remedy="copy it again, or train the recipe again into another folder",
    )


def _description(document: Any) -> dict[str, Any]:
    described = dict(document)
    texts = [described[name] for name in ("data_sha256", "commit", "machine")]
    if not isinstance(described["recipe"], dict) or not all(isinstance(x, str) for x in texts):
        raise TypeError("a field holds something else")
    return described


def difference(before: dict[str, Any], recipe: dict[str, Any]) -> str:
    """What a run was started with, where the recipe now says something else; empty where it does not.

    Args:
        before: the resolved recipe that is kept with the run.
        recipe: the resolved recipe of now.
    """
    before, now = _completed(before), json.loads(json.dumps(recipe))
    for name in sorted(before.keys() | now.keys()):
        if name not in MAY_DIFFER and before.get(name) != now.get(name):
            return (
                f"started with {name} = {before.get(name)!r}, and the recipe now says "
                f"{now.get(name)!r}"
            )
    return ""


def other_data(before: str, now: str) -> str:
    """What a run was started on, from the two hashes."""
    return f"started on other data (data_sha256 {before[:12]}, now {now[:12]})"


def _completed(recipe: dict[str, Any]) -> dict[str, Any]:
    """A recipe with the fields that it has got since it was written, as they are left out."""
    # The recipes know their tasks, which know how runs are kept.
    from training.tasks import read_recipe

    try:
        return recipe | read_recipe(recipe).model_dump(mode="json")
    except ValueError:  # of another version, with a field that is gone: compared as it stands
        return recipe


def describe(path: Path, task: Task, recipe: dict[str, Any], start: int) -> None:
    """Write or go on with a run's ``recipe.json``.

    Args:
        path: the run's folder.
        task: what it trains.
        recipe: the resolved recipe.
        start: the step that the run begins or goes on at.

    Raises:
        OSError: it cannot be written; the sentence says so.
        ValueError: the one of the run that is gone on with is damaged.
    """
    file = path / DESCRIPTION
    described: dict[str, Any] = {
        "recipe": recipe,
        "seed": task.seed,
        "data_sha256": task.data_sha256,
        "data": task.data.described,
        "further_data": task.data.further,
        "versions": _versions(),
        "torch": torch.__version__,
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "device": _device_name(task.device),
        "commit": git_commit(),
        "continued": [],
    }
    if start and file.exists():
        first = read_description(path)
        keys = ("versions", "python", "machine", "device", "commit")
        again = {"step": start} | {key: described[key] for key in keys}
        described = first | {
            "recipe": recipe,
            "continued": [*first.get("continued", []), again],
        }
    replace_text(file, json.dumps(described, indent=2))


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _device_name(device: torch.device) -> str:
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"
    return f"{name}, {'bfloat16' if fast_in_bfloat16(device) else 'float32'}"


def git_commit() -> str:
    """The commit the code is at, or "unknown" outside a checkout."""
    folder = Path(__file__).resolve().parent
    try:
        result = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return "unknown"
    return result.stdout.strip() if result.returncode == 0 else "unknown"
