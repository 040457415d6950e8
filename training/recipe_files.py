"""Recipes in files: every problem with one is one sentence that names it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from training.options import RECIPES
from training.tasks import Recipe, read_recipe, recipe_problem


def named_recipe(name: str, *, narrow: bool, steps: int | None) -> Recipe:
    """A bundled recipe or a TOML file's.

    Args:
        name: of the bundled recipe, or the file.
        narrow, steps: see :func:`training.tasks.read_recipe`.

    Raises:
        OSError, ValueError: there is none, or something in it is wrong.
    """
    bundled = RECIPES / f"{name}.toml"
    path = bundled if bundled.exists() else Path(name)
    try:
        values = read_values(path)
    except FileNotFoundError:
        names = ", ".join(sorted(file.stem for file in RECIPES.glob("*.toml")))
        raise ValueError(f"There is no recipe {name}; there are {names}.") from None
    return checked_recipe(values, path, narrow=narrow, steps=steps)


def read_values(path: Path) -> dict[str, Any]:
    """What a recipe's file says, still unchecked.

    Raises:
        OSError: it is missing or cannot be read.
        ValueError: it is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"The recipe {path} is not UTF-8 text; save it again as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ValueError(
            f"The recipe {path} is not valid TOML ({error}); correct that line."
        ) from error


def checked_recipe(
    values: dict[str, Any], path: Path, *, narrow: bool = False, steps: int | None = None
) -> Recipe:
    """The recipe of these values, which come from a file.

    Raises:
        ValueError: a value is wrong; the sentence names file and field.
    """
    try:
        return read_recipe(values, narrow=narrow, steps=steps)
    except ValidationError as error:
        raise ValueError(f"The recipe {path} {recipe_problem(error)}; correct it.") from error
