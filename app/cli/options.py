"""Options that several commands share, and the types of their values."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.inference.devices import NAMES


def add_models(parser: argparse.ArgumentParser) -> None:
    """Which models make how many hypotheses from which seed."""
    parser.add_argument(
        "--model",
        metavar="NAME[,NAME...]",
        type=names,
        default=("rgb",),
        help="models to use, in this order (default: rgb)",
    )
    parser.add_argument(
        "--hypotheses",
        metavar="N",
        type=positive,
        default=1,
        help="how many hypotheses to make with each model that can make several (default: 1)",
    )
    parser.add_argument(
        "--seed",
        metavar="S",
        type=seed,
        default=0,
        help="chooses the hypotheses; the same seed gives the same pictures (default: 0)",
    )


def add_photos(parser: argparse.ArgumentParser) -> None:
    """The photos to work on."""
    parser.add_argument("photos", metavar="PHOTO", nargs="+", type=Path, help="photo files")


def add_out(parser: argparse.ArgumentParser) -> None:
    """Where results go, and whether they may replace earlier ones."""
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        required=True,
        help="folder for the results, made if absent",
    )
    parser.add_argument(
        "--force", action="store_true", help="replace results that are already there"
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Results as one JSON document."""
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one JSON document on stdout and nothing else there",
    )


def add_work(parser: argparse.ArgumentParser) -> None:
    """What every command has that runs models."""
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")
    parser.add_argument(
        "--device",
        choices=NAMES,
        default="auto",
        help="where to run the models; auto takes CUDA or DirectML where one works (default: auto); "
        "see revisage devices",
    )


def sha256(text: str) -> str:
    """A SHA-256 in lower case, as an option's value."""
    if len(text) != 64 or set(text.lower()) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a SHA-256 of 64 hexadecimal digits")
    return text.lower()


def positive(text: str) -> int:
    """A whole number of at least 1, as an option's value."""
    return _whole_number(text, least=1)


def seed(text: str) -> int:
    """A whole number of at least 0, as an option's value."""
    return _whole_number(text, least=0)


def names(text: str) -> tuple[str, ...]:
    """Names of models in the order given, each once, as an option's value."""
    given = tuple(name.strip() for name in text.split(","))
    if not all(given):
        raise argparse.ArgumentTypeError(f"{text!r} has an empty model name")
    if len(set(given)) != len(given):
        raise argparse.ArgumentTypeError(f"{text!r} names a model twice")
    return given


def _whole_number(text: str, *, least: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
    return number
