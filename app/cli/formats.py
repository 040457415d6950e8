"""What commands that export share: which formats, with which options, signed with what."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from app.cli.console import UsageError


class _ListFormats(argparse.Action):
    """Prints the formats and ends, as `--help` does."""

    def __init__(self, option_strings: list[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **options)

    def __call__(self, *_: object, **__: object) -> NoReturn:
        print(format_listing())
        raise SystemExit(0)


def add_format_options(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Give a command `--format`, `--set`, `--list-formats`, `--certificate` and `--key`."""
    parser.add_argument(
        "--format",
        metavar="NAME[,NAME...]",
        type=_names,
        default=(),
        required=required,
        help="export formats to write" + ("" if required else " instead of the usual pictures"),
    )
    parser.add_argument(
        "--set",
        metavar="OPTION=VALUE",
        type=_setting,
        action="append",
        default=[],
        help="an option of the formats, such as paper=letter; may be given several times",
    )
    parser.add_argument(
        "--list-formats",
        action=_ListFormats,
        help="show the export formats with their options, and end",
    )
    parser.add_argument(
        "--certificate",
        metavar="FILE",
        type=Path,
        help="sign exports with this certificate chain (PEM) instead of the one that is set up",
    )
    parser.add_argument(
        "--key", metavar="FILE", type=Path, help="the certificate's private key (PEM)"
    )


def format_listing() -> str:
    """Every format with its options, for people."""
    from app.export.formats import exporters

    lines = ["export formats:"]
    for each in exporters():
        lines.append(f"  {each.name:<18}{each.title}")
        for option in each.options:
            values = ", ".join(choice.value for choice in option.choices)
            lines.append(f"  {'':<18}  {option.name}={values}")
    lines.append("The first value of an option is taken when none is set.")
    return "\n".join(lines)


def chosen_formats(options: argparse.Namespace) -> dict[str, Mapping[str, str]]:
    """The formats asked for, each with those of the settings that it has.

    Raises:
        UsageError: a format or option that does not exist.
    """
    from app.export.deliver import complete_options
    from app.export.errors import ExportError
    from app.export.formats import exporter

    settings = dict(options.set)
    chosen: dict[str, Mapping[str, str]] = {}
    used: set[str] = set()
    try:
        for name in options.format:
            known = {option.name for option in exporter(name).options}
            mine = {key: value for key, value in settings.items() if key in known}
            chosen[name] = complete_options(exporter(name), mine)
            used |= set(mine)
    except ExportError as error:
        raise UsageError(str(error)) from error
    if unused := sorted(set(settings) - used):
        raise UsageError(f"None of the formats has the option {unused[0]!r}; see --list-formats.")
    return chosen


def use_signing(bench: Any, options: argparse.Namespace) -> None:
    """Let a workbench sign with the certificate of the command line, where one is given.

    Raises:
        UsageError: certificate and key are not given together.
        ExportError: one of them is missing.
    """
    from app.export.signing import Signing, check_signing

    if (options.certificate is None) != (options.key is None):
        raise UsageError("--certificate and --key belong together; give both or neither.")
    if options.certificate is not None:
        bench.signing = check_signing(Signing(certificate=options.certificate, key=options.key))


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if not all(names) or len(set(names)) != len(names):
        raise argparse.ArgumentTypeError(f"{text!r} names no format, or one twice")
    return names


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not OPTION=VALUE")
    return name, value
