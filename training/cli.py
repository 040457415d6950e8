"""``revisage-train``: prepare the data, train a recipe, export a run into the zoo, evaluate a model."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app.imaging.errors import RevisageError
from training.benchmark_command import add_benchmark
from training.data.layouts import LAYOUTS
from training.options import ZOO, data_folder, device_of, refuse_below, training_data

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 failed or stopped, 2 wrong usage)."""
    parser = _parser()
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    # What the exporter's packages tell of their own work helps nobody who trains a network.
    logging.getLogger("training").setLevel(logging.INFO)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        print("revisage-train: Interrupted; the same command starts again.", file=sys.stderr)
    except (OSError, ValueError, RevisageError) as error:
        # Of several processes that fail alike one speaks; Fabric has gone, torchrun's variable stays.
        if os.environ.get("RANK", "0") == "0":
            print(f"revisage-train: {_sentence(error)}", file=sys.stderr)
    return 1


def _sentence(error: Exception) -> str:
    """An expected error on one line."""
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}."
    return " ".join(str(error).split())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="revisage-train", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    data = os.environ.get("REVISAGE_DATA")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--data",
        type=Path,
        default=Path(data) if data else None,
        help="the data folder (default $REVISAGE_DATA)",
    )
    common.add_argument(
        "--packs", type=Path, default=Path("packs"), help="folder of the packed data"
    )
    common.add_argument("--runs", type=Path, default=Path("runs"), help="folder of the runs")
    common.add_argument("--device", default="auto", help="auto, cpu or cuda")

    prepare = commands.add_parser(
        "prepare", parents=[common], help="pack the data set and draw the synthetic masks"
    )
    prepare.add_argument("--variants", type=int, default=2, help="synthetic masks per face")
    prepare.add_argument("--jobs", type=int, default=1, help="processes that draw masks")
    prepare.add_argument(
        "--layout",
        choices=LAYOUTS,
        help="of the data folder: LFW, CelebA, or any folder of faces (default: found out)",
    )
    prepare.add_argument(
        "--teach",
        type=Path,
        metavar="ZOO",
        help="only map the unlabelled real photos with this zoo's models",
    )
    prepare.set_defaults(run=_prepare)

    train = commands.add_parser(
        "train", parents=[common], help="train a recipe, or continue its run"
    )
    train.add_argument("recipe", help="name of a bundled recipe, or a TOML file")
    train.add_argument("--out", type=Path, help="the run's folder (default: RUNS/<name>)")
    train.add_argument("--steps", type=int, help="other number of steps than the recipe's")
    train.add_argument(
        "--narrow", action="store_true", help="the recipe's variant for a few CPU cores"
    )
    train.add_argument(
        "--workers",
        type=int,
        help="processes that prepare batches (default: 1, on a GPU as many as there are cores)",
    )
    train.add_argument(
        "--threads", type=int, default=0, help="CPU threads of the network (default: all)"
    )
    train.add_argument(
        "--compile", action="store_true", help="compile the networks; pays in long runs on a GPU"
    )
    train.add_argument(
        "--checkpoint-seconds", type=float, default=180.0, help="time between two checkpoints"
    )
    train.add_argument(
        "--log-seconds", type=float, default=15.0, help="time between two rows of metrics"
    )
    train.set_defaults(run=_train)

    pack = commands.add_parser(
        "pack", parents=[common], help="make the prepared packs small enough to travel"
    )
    pack.add_argument("--out", type=Path, required=True, help="the folder to write")
    pack.add_argument(
        "--size", type=int, default=192, help="side of the crops that will be trained on, in pixels"
    )
    pack.add_argument("--shard", type=float, default=12.0, help="the largest file, in MiB")
    pack.add_argument("--quality", type=int, default=88, help="of the WebP pictures, 1 to 100")
    pack.add_argument(
        "--whole",
        action="store_true",
        help="keep the whole photos: the aligner and the locator are trained on them",
    )
    pack.set_defaults(run=_pack)

    export = commands.add_parser("export", parents=[common], help="write a run into the model zoo")
    export.add_argument("run_folder", type=Path, metavar="RUN")
    export.add_argument("--name", required=True, help="the model's name in the zoo")
    export.add_argument("--kind", choices=["rgb", "sketch", "gan"], help="of a reconstruction")
    export.add_argument("--version", default="1")
    export.add_argument("--zoo", type=Path, default=ZOO)
    export.add_argument(
        "--force", action="store_true", help="replace the model of that name, its figures too"
    )
    export.set_defaults(run=_export)

    evaluate = commands.add_parser(
        "evaluate", parents=[common], help="measure a model of the zoo into its card"
    )
    evaluate.add_argument("model", help="the model's name")
    evaluate.add_argument("--zoo", type=Path, default=ZOO)
    evaluate.add_argument(
        "--split",
        action="append",
        choices=["val", "test"],
        help="default: val; a locator is measured on the hand-labelled photos alone",
    )
    evaluate.add_argument(
        "--count",
        type=int,
        help="faces per split at most (default: 200, of a map model and an aligner 400)",
    )
    evaluate.add_argument(
        "--dry-run", action="store_true", help="print the figures, leave the card alone"
    )
    evaluate.set_defaults(run=_evaluate)
    add_benchmark(commands, common, ZOO)
    return parser


def _prepare(options: argparse.Namespace) -> int:
    from training.data.faces import pack_faces
    from training.data.masked import pack_masked
    from training.data.sheet import contact_sheet

    data = data_folder(options)
    refuse_below(options, variants=1, jobs=1)
    if options.teach:
        from app.inference.zoo import Zoo
        from training.data.taught import pack_taught

        count = pack_taught(data, Zoo(options.teach), options.packs / "taught")
        print(f"{count} real faces are in {options.packs / 'taught'}.")
        return 0
    faces = pack_faces(
        data,
        options.packs / "faces",
        layout=options.layout,
        device=str(device_of(options.device)),
    )
    masked = pack_masked(
        data, faces, options.packs / "masked", variants=options.variants, jobs=options.jobs
    )
    print(f"Look at {contact_sheet(masked)} before you train.")
    return 0


def _train(options: argparse.Namespace) -> int:
    import torch

    from training.compiled import compiled
    from training.engine import train
    from training.parallel import rank, together
    from training.recipe_files import named_recipe
    from training.tasks import make_task

    refuse_below(options, steps=1, workers=0, threads=0)
    recipe = named_recipe(options.recipe, narrow=options.narrow, steps=options.steps)
    if options.threads:
        torch.set_num_threads(options.threads)
    out = options.out or options.runs / recipe.name
    data = training_data(options)
    with together(device_of(options.device)) as device:
        if device.type == "cuda":
            torch.set_float32_matmul_precision("high")
            torch.backends.cudnn.benchmark = True
        task = make_task(recipe, packs=options.packs, data=data, runs=options.runs, device=device)
        with compiled(task, wanted=options.compile):
            finished = train(
                task,
                recipe=recipe.model_dump(mode="json"),
                out=out,
                steps=recipe.steps,
                device=device,
                workers=options.workers,
                checkpoint_seconds=options.checkpoint_seconds,
                log_seconds=options.log_seconds,
            )
        if rank() == 0:
            print(f"{'Finished' if finished else 'Stopped; the same command continues'}: {out}")
    return 0 if finished else 1


def _pack(options: argparse.Namespace) -> int:
    from training.packing import Compacting, pack_compact

    if options.size < 8 or options.shard <= 0.1 or not 1 <= options.quality <= 100:
        raise ValueError(
            "Packs need --size from 8, --shard above 0.1 MiB and --quality from 1 to 100."
        )
    how = Compacting(
        size=options.size, shard_mib=options.shard, whole=options.whole, quality=options.quality
    )
    for name, size in pack_compact(options.packs, data_folder(options), options.out, how).items():
        files = len([path for path in (options.out / name).rglob("*") if path.is_file()])
        print(f"{options.out / name}: {size / 2**20:.1f} MiB in {files} files")
    return 0


def _export(options: argparse.Namespace) -> int:
    from app.inference.card import KINDS, MODEL_NAME, Kind
    from training.export import check_free, export_run
    from training.recipe_files import checked_recipe
    from training.run_description import DESCRIPTION, read_description
    from training.tasks import system_of

    run: Path = options.run_folder
    recipe = checked_recipe(read_description(run)["recipe"], run / DESCRIPTION)
    system = system_of(recipe)
    # Checked before the minutes that an export can take.
    kind: Kind | None = options.kind
    kinds = system.kinds(recipe)
    if kind is None and len(kinds) == 1:
        kind = kinds[0]
    if kind not in (kinds or (None,)):
        needs = "needs" if kind is None else "cannot have"
        names = " or ".join(kinds or KINDS)
        raise ValueError(f"The {recipe.task} model of {run} {needs} --kind {names}.")
    if not MODEL_NAME.fullmatch(options.name) or options.name in KINDS:
        raise ValueError(
            f"{options.name} cannot be a model's name; take letters, digits, '_', '-' and '.'."
        )
    if not options.version.strip():
        raise ValueError("A model needs a version; give --version a text, such as 2.")
    folder = options.zoo / options.name
    check_free(folder, force=options.force)
    card, difference = export_run(
        recipe, run, options.runs, folder, kind=kind, version=options.version
    )
    print(f"{folder}: {card.file.bytes / 1e6:.1f} MB, differs from torch by {difference:.5f}")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from app.inference.card import write_card
    from app.inference.zoo import Zoo
    from training import evaluate
    from training.align_figures import evaluate_align
    from training.data.compact import WHOLE, check_framing
    from training.data.faces import open_pack
    from training.data.masked import open_masked
    from training.interval import fitted
    from training.map_figures import evaluate_map, evaluate_real_maps

    data = data_folder(options)
    zoo = Zoo(options.zoo)
    model = zoo.get(options.model)
    refuse_below(options, count=1)
    task, splits = model.card.task, options.split or ["val"]
    count = options.count or (200 if task == "reconstruct" else 400)
    figures: dict[str, evaluate.Figures] = {}
    groups: dict[str, evaluate.Figures] = {}
    measured: list[tuple[dict[str, evaluate.Figures], dict[str, evaluate.Figures]]] = []
    match task:
        case "locate":
            figures = evaluate.evaluate_locate(zoo, data, model=model)
            groups = evaluate.locate_under_conditions(zoo, data, model=model)
        case "align":
            folder = options.packs / "masked"
            masked = open_masked(folder)
            check_framing(masked.framing, WHOLE, folder)
            measured = [evaluate_align(zoo, masked, split, count, model=model) for split in splits]
        case "map":
            masked = open_masked(options.packs / "masked")
            measured = [evaluate_map(zoo, masked, split, count, model=model) for split in splits]
            measured.append(evaluate_real_maps(zoo, data, model=model))
        case "reconstruct":
            folder = options.packs / "faces"
            evaluate.whole_index(folder)
            pack = open_pack(folder)
            if len(pack.indices("val")):
                model = fitted(model, pack)
            elif model.card.output.error:
                log.warning(
                    "No face of the split val is in %s; the interval stays as it is.", folder
                )
            measured = [
                evaluate.evaluate_sketch(zoo, options.model, pack, data, split, count=count)
                if model.card.kind == "sketch"
                else evaluate.evaluate_reconstruct(
                    zoo, options.model, pack, data, split, count=count, model=model
                )
                for split in splits
            ]
    for whole, parts in measured:
        figures |= whole
        groups |= parts
    print(json.dumps({"figures": figures, "groups": groups}, indent=2))
    if not options.dry_run:
        card = model.card.model_copy(
            update={
                "figures": {**model.card.figures, **figures},
                "groups": {**model.card.groups, **groups},
            }
        )
        write_card(card, model.folder)
    return 0
