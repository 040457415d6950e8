"""Where the weights are that a recipe starts from: a run of another recipe, or a zoo of an earlier time.

The recipes that made the shipped models are kept as their history. Many start from a model that a later
one has replaced in ``model_zoo``; they name it as if that zoo had been copied beside the folder of runs,
``../model_zoo_3/landmark_aligner/model.onnx``. The repository still has it, in an earlier commit.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from training.options import RECIPES

EARLIER_ZOOS = {
    1: "c7fdae9",
    2: "b8d1b9f",
    3: "8117bd9",
    4: "4c75eb9",
    8: "cb919f9",
    10: "3402197",
    12: "197d499",
    15: "36871ef",
    17: "c1f184c",
}
"""By the number in ``model_zoo_N``, a commit whose ``model_zoo`` holds what is started from."""


def how_to_get(weights: Path) -> str:
    """What to do about weights that are missing, as the end of a sentence.

    Args:
        weights: the file, in the folder of runs or in a copy of an earlier zoo beside it.
    """
    # The recipes know their tasks, which know how weights are started from.
    from training.system import NARROW

    folder = weights.parent
    zoo = re.fullmatch(r"model_zoo_(\d+)", folder.parent.name)
    if zoo and (commit := EARLIER_ZOOS.get(int(zoo[1]))):
        file = f"{commit}:model_zoo/{folder.name}/{weights.name}"
        make, put = shlex.quote(str(folder)), shlex.quote(str(weights))
        return (
            "they are a model of an earlier version; a clone of the repository brings it back with "
            f"`mkdir -p {make} && git show {file} > {put}`."
        )
    recipe = folder.name.removesuffix(NARROW)
    if (RECIPES / f"{recipe}.toml").exists():
        narrow = " --narrow" if recipe != folder.name else ""
        return (
            f"train the recipe {recipe} first (`revisage-train train {recipe}{narrow}`), or give --runs "
            "the folder of its runs."
        )
    return "train their recipe first, or give --runs the folder of its runs."
