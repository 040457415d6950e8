"""The grammar of `revisage case`."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from app.case.properties import PROPERTIES
from app.cli.options import add_json, add_models, add_work, positive


def add_actions(parser: argparse.ArgumentParser) -> None:
    """Give `revisage case` its actions."""
    actions = parser.add_subparsers(
        dest="action", metavar="ACTION", required=True, title="actions", parser_class=type(parser)
    )
    new = actions.add_parser("new", help="make a new, empty case; never replaces one")
    _file(new)
    new.add_argument("--title", default="", help="what to call the case")
    _examiner(new)
    add_json(new)
    add = actions.add_parser("add", help="take photos in as evidence, byte for byte")
    _file(add)
    add.add_argument("photos", metavar="PHOTO", nargs="+", type=Path, help="photo files")
    _examiner(add)
    add_json(add)
    add.add_argument("--quiet", action="store_true", help="no progress on stderr")
    add.epilog = (
        "Prints each photo's number in the case. Bytes that are in it are not added again.\n"
    )
    _run(actions.add_parser("run", help="locate, map and reconstruct photos of the case"))
    listing = actions.add_parser("list", help="photos, faces, maps and runs with their hashes")
    _file(listing)
    add_json(listing)
    log = actions.add_parser("log", help="what was done, when and by whom")
    _file(log)
    add_json(log)
    verify = actions.add_parser("verify", help="check everything, and name what is wrong and where")
    verify.add_argument(
        "file", metavar="FILE|PACKAGE.zip", type=Path, help="a case file, or a sealed package"
    )
    verify.add_argument(
        "--head",
        metavar="SHA256",
        help="a hash from an earlier verify or a report, which the log must contain",
    )
    add_json(verify)
    verify.add_argument("--quiet", action="store_true", help="no progress on stderr")
    verify.epilog = """\
The JSON document: {"ok": bool, "problems": [{"where", "what"}], "entries", "head", "checked"}
A log that someone rewrote from end to end is whole in itself: keep its head hash elsewhere.
"""
    _reproduce(actions.add_parser("reproduce", help="do recorded runs again and compare"))
    _export(
        actions.add_parser("export", help="write the report, or every photo in a picture format")
    )
    _seal(
        actions.add_parser("seal", help="write a package to hand on, which verify checks by itself")
    )
    _review(actions.add_parser("review", help="record a second person's review"))
    _set(actions.add_parser("set", help="set what the report says of the case"))


def _run(parser: argparse.ArgumentParser) -> None:
    _file(parser)
    parser.add_argument(
        "--photo",
        metavar="ID",
        type=positive,
        action="append",
        help="a photo's number; may be given several times (default: all)",
    )
    parser.add_argument(
        "--map",
        metavar="auto|PNG",
        help="draw the map anew, or take one from a file, for one photo (default: the map that the "
        "case has, else a new one)",
    )
    add_models(parser)
    _examiner(parser)
    add_json(parser)
    add_work(parser)
    parser.epilog = """\
Prints each run's number. A photo without a face or without a mask is reported; that is no failure.
"""


def _reproduce(parser: argparse.ArgumentParser) -> None:
    _file(parser)
    parser.add_argument(
        "runs", metavar="RUN", nargs="*", type=positive, help="runs' numbers (default: all)"
    )
    _examiner(parser)
    add_json(parser)
    add_work(parser)
    parser.epilog = """\
The JSON document:
  {"runs": [{"run", "identical": bool, "max_difference": 0..255, "tolerance", "same_setup", "ok"}]}
On the versions, provider and machine of the record the tolerance is 0.
"""


def _export(parser: argparse.ArgumentParser) -> None:
    _file(parser)
    parser.add_argument("--format", metavar="NAME", required=True, help="one of those below")
    _leaving(parser)
    parser.add_argument(
        "--out", metavar="DIR", type=Path, required=True, help="the folder to write to"
    )
    parser.format_help = partial(_help_with_formats, parser)  # type: ignore[method-assign]


def _help_with_formats(parser: argparse.ArgumentParser) -> str:
    """The help of ``case export``; formats are looked for only when somebody reads it."""
    from app.export.formats import exporters

    titles = {"report": "the report on the case, PDF/A", "report-json": "the same content as JSON"}
    lines = [f"  {name:<16} {title}" for name, title in titles.items()]
    lines += [f"  {each.name:<16} {each.title}" for each in exporters()]
    parser.epilog = "Formats:\n" + "\n".join(lines) + "\n"
    return argparse.ArgumentParser.format_help(parser)


def _seal(parser: argparse.ArgumentParser) -> None:
    _file(parser)
    _leaving(parser)
    parser.add_argument(
        "--out", metavar="PACKAGE.zip", type=Path, required=True, help="the package to write"
    )
    parser.epilog = """\
The package holds originals, labelled pictures, report, log, all records and CASE/UCO, with hash lists.
The same state of a case gives the same bytes. The log keeps the package's SHA-256.
"""


def _review(parser: argparse.ArgumentParser) -> None:
    _file(parser)
    parser.add_argument(
        "--reviewer", metavar="NAME", required=True, help="who reviewed; not who worked on the case"
    )
    outcome = parser.add_mutually_exclusive_group(required=True)
    outcome.add_argument("--accept", action="store_true", help="the report is final")
    outcome.add_argument(
        "--return", dest="returned", action="store_true", help="back to the examiner, with --text"
    )
    parser.add_argument("--text", metavar="TEXT", default="", help="what the reviewer says")
    add_json(parser)


def _set(parser: argparse.ArgumentParser) -> None:
    _file(parser)
    parser.add_argument("name", metavar="NAME", choices=tuple(PROPERTIES), help="see below")
    parser.add_argument("value", metavar="VALUE", help="the text")
    _examiner(parser)
    lines = [f"  {name:<16} {words}" for name, words in PROPERTIES.items()]
    parser.epilog = "Names:\n" + "\n".join(lines) + "\n"


def _leaving(parser: argparse.ArgumentParser) -> None:
    """What every command has that writes files out of a case."""
    parser.add_argument("--force", action="store_true", help="replace existing files")
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")
    _examiner(parser)
    add_json(parser)


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="the case file (.rvcase)")


def _examiner(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--examiner",
        metavar="NAME",
        default="",
        help="whose name goes into the log (default: the case's, for a new case the account's)",
    )
