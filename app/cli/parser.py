"""The command line's grammar and help texts; what the commands do lies in their own files."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from app import __version__
from app.cli.formats import add_format_options
from app.cli.options import (
    add_json,
    add_models,
    add_out,
    add_photos,
    add_work,
    positive,
    seed,
    sha256,
)

DESCRIPTION = """\
Revisage shows hypotheses of the part of a face that a mask hides. It identifies nobody.

  revisage [PATH...]       open the window, with photos or a folder if given
  revisage COMMAND ...     do the same work without a window
"""

EPILOG = """\
Each command has its own help: revisage COMMAND --help

exit codes:
  0  done
  1  the work failed; stderr says in one line what and what to do
  2  wrong usage
  130  interrupted

A model NAME is a folder of the model zoo, or a kind (rgb, sketch, gan) for that kind's default.
Pixel coordinates: x to the right, y down, origin at the top-left corner of the displayed photo.
"""

COMMANDS = {
    "locate": "find the faces of photos, masked or not",
    "map": "write the binary map of the masks in photos",
    "reconstruct": "write composites of what the masks may hide",
    "batch": "reconstruct every photo of a folder tree; resumable",
    "video": "reconstruct the faces of a video, a camera or a stream",
    "case": "keep evidence, runs and their log in one file; verify and reproduce them",
    "credentials": "set up and check the signatures of exports",
    "models": "list, show, verify, add, remove and choose the models of the zoo",
    "devices": "show which processors can be used, and why not the others",
    "selftest": "run a known photo through every stage on this machine",
}


class _Help(argparse.RawDescriptionHelpFormatter):
    """Room for the longest command's name; texts stay as they are written."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26)


class _Parser(argparse.ArgumentParser):
    """Ends wrong usage with one line that says where help is, and never abbreviates options."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", _Help)
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command; `revisage [PATH...]` never gets here."""
    parser = _Parser(
        prog="revisage",
        usage="revisage [PATH...]\n       revisage COMMAND ...",
        description=DESCRIPTION,
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"revisage {__version__}")
    commands = parser.add_subparsers(
        dest="command",
        metavar="COMMAND [OPTIONS]",
        required=True,
        title="commands",
        prog="revisage",
        parser_class=_Parser,
    )
    builders: dict[str, Callable[[argparse.ArgumentParser], None]] = {
        "locate": _locate,
        "map": _map,
        "reconstruct": _reconstruct,
        "batch": _batch,
        "video": _video,
        "case": _case,
        "credentials": _credentials,
        "models": _models,
        "devices": _devices,
        "selftest": _selftest,
    }
    for name, build in builders.items():
        build(commands.add_parser(name, help=COMMANDS[name], description=_sentence(COMMANDS[name])))
    return parser


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _locate(parser: argparse.ArgumentParser) -> None:
    add_photos(parser)
    add_json(parser)
    add_work(parser)
    parser.epilog = """\
The JSON document:
  {"photos": [{"path", "width", "height",
               "faces": [{"box": [x0, y0, x1, y1], "score": 0..1, "masked": 0..1,
                          "landmarks": [[x, y], ... 68 of them, iBUG-68 order]}]}],
   "failed": [{"path", "error"}]}     where "failed" is there only when a photo failed
A photo has "warnings": ["..."], too, where it is a picture that Revisage made itself, or where the
file holds several pictures (pages of a TIFF, frames of an animation) and only the first is used.
"""


def _map(parser: argparse.ArgumentParser) -> None:
    add_photos(parser)
    add_out(parser)
    add_json(parser)
    add_work(parser)
    parser.epilog = """\
Writes <stem>.map.png for every photo: 8 bit, the photo's size, 255 = mask, 0 = not, all faces in
one map. The map of an unmasked photo is all zero.
"""


def _reconstruct(parser: argparse.ArgumentParser) -> None:
    add_photos(parser)
    parser.add_argument(
        "--map",
        metavar="FILE|auto",
        default="auto",
        help="a map to use instead of the automatic one, for one photo: a PNG of the photo's size, "
        "128 and above is mask",
    )
    add_models(parser)
    _no_border(parser)
    add_format_options(parser)
    add_out(parser)
    add_json(parser)
    add_work(parser)
    parser.epilog = """\
Writes for every photo
  <stem>.<model>.h<k>.png            a composite in the photo's full size, k from 1
  <stem>.<model>.uncertainty.png     where the hypotheses differ, when there are several
  <stem>.provenance.json             what was done with what: hashes, models, seed, device
With --format it writes the export formats asked for instead of the pictures, such as
  <stem>.<model>.h<k>.tif, <stem>.<model>.h<k>.face.png, <stem>.<model>.sheet.pdf
A photo without a face or without a mask is reported; that is no failure.

examples:
  revisage reconstruct photo.jpg --model rgb,sketch --out results
  revisage reconstruct photo.jpg --map corrected.png --model gan --hypotheses 5 --out results
"""


def _batch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="folder tree of photos")
    add_models(parser)
    _no_border(parser)
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=positive,
        help="photos to work on at once on this machine, at most 256 (default: one per core)",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="send the work to the workers of a running Dask scheduler, such as tcp://host:8786, "
        "instead of doing it here",
    )
    add_format_options(parser)
    add_out(parser)
    add_json(parser)
    add_work(parser)
    parser.epilog = """\
Writes for every photo what reconstruct writes, --format included, in a folder tree like that of the
photos; where photos of one folder share a stem, their whole names take its place. Beside that
  revisage-batch.sqlite              what is done, so that a second run does only what is missing
                                     or changed, also after a crash
  revisage-batch.jsonl               one JSON document per photo
  revisage-batch.failures.jsonl      those that failed, when any did
A photo without a face or without a mask is reported; that is no failure. Failed photos are tried
again by the next run. --force does every photo anew.

examples:
  revisage batch photos --out results
  revisage batch photos --out results --model rgb,sketch --hypotheses 3 --jobs 4
  revisage batch photos --out results --hypotheses 3 --format composite-tiff,sheet-pdf
  revisage batch /share/photos --out /share/results --scheduler tcp://host:8786

The document of --json:
  {"photos", "done", "failed", "worked", "statuses": {status: photos}, "others", "links",
   "earlier_results", "results": FILE, "failures": FILE or null}
where others are files that are no photos, links linked folders, and earlier_results folders of other
batches' results, none of which were looked at; results is null where there was no room for the file
"""


def _video(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "input",
        metavar="IN",
        help="a video file, a camera's number (0 is the first), or an address",
    )
    parser.add_argument(
        "--out", metavar="OUT.mp4", type=Path, required=True, help="the video to write"
    )
    parser.add_argument(
        "--model", metavar="NAME", default="rgb", help="model to use (default: rgb)"
    )
    parser.add_argument(
        "--seed",
        metavar="S",
        type=seed,
        default=0,
        help="chooses the hypothesis, which is held for as long as a face is followed (default: 0)",
    )
    parser.add_argument(
        "--locate-every",
        metavar="K",
        type=positive,
        default=10,
        help="look for new faces in every K-th frame; those found are followed in every frame "
        "(default: 10)",
    )
    parser.add_argument(
        "--frames", metavar="N", type=positive, help="stop after N frames (default: all)"
    )
    parser.add_argument(
        "--force", action="store_true", help="replace a video that is already there"
    )
    add_json(parser)
    add_work(parser)
    parser.epilog = """\
Writes OUT.mp4 with the label below every frame and the sound of a file, frame by frame at its own
times, and OUT.provenance.json beside it. Work on a file that was interrupted goes on where it
stopped when the same command is given again. A recording from a camera or an address ends with
Ctrl-C (or --frames), or when the source is lost, and is kept; it has no sound. Frames that come faster
than they can be worked on are left out, and counted.

examples:
  revisage video corridor.mp4 --out corridor-hypothesis.mp4
  revisage video 0 --out recording.mp4 --model gan --frames 900
  revisage video rtsp://host/door --out door.mp4
"""


def _case(parser: argparse.ArgumentParser) -> None:
    from app.cli.case_parser import add_actions

    add_actions(parser)


def _credentials(parser: argparse.ArgumentParser) -> None:
    # Its file imports what signs; the grammar alone is read for every command.
    from app.cli.credentials_parser import add_actions

    add_actions(parser)


def _models(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(
        dest="action", metavar="ACTION", required=True, title="actions", parser_class=_Parser
    )
    listing = actions.add_parser("list", help="every model: name, task, size, figures")
    add_json(listing)
    show = actions.add_parser("show", help="one model's whole card")
    show.add_argument("name", metavar="NAME", help="a model's name or a kind")
    add_json(show)
    verify = actions.add_parser("verify", help="check model files against their cards (SHA-256)")
    verify.add_argument("names", metavar="NAME", nargs="*", help="models to check (default: all)")
    add_json(verify)
    add = actions.add_parser("add", help="add models from a folder, an archive or the network")
    add.add_argument(
        "source",
        metavar="FILE|FOLDER|URL",
        help="a model's folder or a file in it, a folder of such folders, a zip archive of either, "
        "or the http(s) or file address of such an archive",
    )
    add.add_argument(
        "--sha256",
        metavar="HEX",
        type=sha256,
        help="of the archive, where its giver has told it to you",
    )
    add.add_argument("--force", action="store_true", help="replace models that were added before")
    add.add_argument("--quiet", action="store_true", help="no progress on stderr")
    add_json(add)
    add.epilog = """\
Every model is checked before it is added: its card, its file's SHA-256 and its tensors. All models of
an archive are added, or none. A download that was interrupted goes on where it stopped when the same
command is given again. The names of the models that came with Revisage are never given to others, and
a model that is added takes the place of no default (revisage models default --help).
"""
    remove = actions.add_parser("remove", help="remove models that were added")
    remove.add_argument("names", metavar="NAME", nargs="+", help="models to remove")
    add_json(remove)
    default = actions.add_parser("default", help="choose the model that is used without a name")
    default.add_argument("name", metavar="NAME", help="the model that becomes the default")
    add_json(default)
    default.epilog = """\
Of each task, and of each kind of reconstruction (rgb, sketch, gan), one model is the default: `rgb`
means it, and photos are located and mapped with it. The choice is kept beside the models that you
added; choosing the model that came with Revisage undoes it.
"""


def _devices(parser: argparse.ArgumentParser) -> None:
    add_json(parser)


def _selftest(parser: argparse.ArgumentParser) -> None:
    add_json(parser)
    add_work(parser)


def _no_border(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-border",
        action="store_true",
        help="leave out the visible label below the picture; the label in the metadata stays",
    )
