"""The grammar of `revisage credentials`."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_actions(parser: argparse.ArgumentParser) -> None:
    """Give `revisage credentials` its actions."""
    actions = parser.add_subparsers(
        dest="action", metavar="ACTION", required=True, title="actions", parser_class=type(parser)
    )
    new = actions.add_parser("new", help="make a signing certificate on this computer")
    new.add_argument("organisation", metavar="NAME", help="the lab's name; every export shows it")
    new.add_argument("--out", metavar="DIR", type=Path, help="folder (default: your settings)")
    new.add_argument("--force", action="store_true", help="replace an earlier one")
    show = actions.add_parser("show", help="say what exports are signed with")
    show.add_argument("--json", action="store_true", help="print one JSON document")
    verify = actions.add_parser("verify", help="check the content credentials of a file")
    verify.add_argument("file", metavar="FILE", type=Path, help="an exported picture or document")
    verify.add_argument("--json", action="store_true", help="print one JSON document")
