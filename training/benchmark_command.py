"""``revisage-train benchmark``: its options, and the order of its work."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from training.options import RECIPES, data_folder, device_of, refuse_below

if TYPE_CHECKING:
    from training.benchmark_training import Budget


def add_benchmark(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    zoo: Path,
) -> None:
    """Add the command.

    Args:
        commands: what it is added to.
        common: the options that all commands share.
        zoo: the folder of the models that ship.
    """
    parser = commands.add_parser(
        "benchmark",
        parents=[common],
        help="train and measure every system under one budget, and write the table",
    )
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument("--budget-images", type=int, metavar="N", help="pictures per system")
    budget.add_argument("--budget-minutes", type=float, metavar="M", help="minutes per system")
    parser.add_argument(
        "--systems", metavar="A,B,...", help="systems, or models of the zoo (default: all systems)"
    )
    parser.add_argument(
        "--narrow", action="store_true", help="the recipes' variants for a few CPU cores"
    )
    parser.add_argument("--part", choices=["train", "measure"], help="only one half of the work")
    parser.add_argument(
        "--collect",
        action="store_true",
        help="only write the tables: of every budget that has results, or of the one that is given",
    )
    parser.add_argument("--zoo", type=Path, default=zoo, help="gives locator and aligner")
    parser.add_argument("--recipes", type=Path, help="folder of the recipes (default: the bundled)")
    parser.add_argument("--count", type=int, default=200, help="people of the test split at most")
    parser.add_argument("--hypotheses", type=int, default=4, help="of systems that have several")
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare batches")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: all)")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmark.md"), help="the table")
    parser.set_defaults(run=_benchmark)


def _benchmark(options: argparse.Namespace) -> int:
    budget = _budget(options)
    if budget is not None and not options.collect and not _work(options, budget):
        return 1
    return 0 if options.part == "train" and not options.collect else _collect(options, budget)


def _budget(options: argparse.Namespace) -> Budget | None:
    """The budget that is given; None where every one is to be collected.

    Raises:
        ValueError: it is missing, or a number is not positive.
    """
    from training.benchmark_training import Budget

    amounts = [options.budget_images, options.budget_minutes]
    given = [amount for amount in amounts if amount is not None]
    if not given and not options.collect:
        raise ValueError(
            "The benchmark needs a budget: --budget-images N or --budget-minutes M; only --collect "
            "goes without."
        )
    if not all(0 < amount < math.inf for amount in (*given, options.count, options.hypotheses)):
        raise ValueError("Budget, --count and --hypotheses must be positive numbers.")
    refuse_below(options, workers=0, threads=0)
    if not given:
        return None
    return Budget(
        images=options.budget_images or 0,
        minutes=options.budget_minutes or 0.0,
        narrow=options.narrow,
    )


def _work(options: argparse.Namespace, budget: Budget) -> bool:
    """Train and measure what is asked for; False when a signal stopped it."""
    import torch

    from app.inference.zoo import Zoo
    from training import benchmark
    from training.benchmark_systems import BY_NAME
    from training.benchmark_training import Place

    if options.threads:
        torch.set_num_threads(options.threads)
    place = Place(
        data=data_folder(options),
        packs=options.packs,
        folder=options.runs / "benchmark" / budget.label,
        recipes=options.recipes or RECIPES,
        device=device_of(options.device),
        workers=options.workers,
    )
    zoo = Zoo(options.zoo)
    names = options.systems.split(",") if options.systems else list(BY_NAME)
    # Every name is looked up before the first hour is spent.
    for entry in [benchmark.entry_of(name, zoo) for name in names]:
        if options.part != "measure" and not benchmark.train(entry, place, budget):
            print(f"Stopped; the same command goes on: {place.folder}")
            return False
        if options.part != "train":
            path = benchmark.measure_entry(
                entry, place, budget, zoo, count=options.count, hypotheses=options.hypotheses
            )
            print(f"{entry.title}: {path}", flush=True)
    return True


def _collect(options: argparse.Namespace, only: Budget | None) -> int:
    """Write the tables; after work on one budget they still hold the others.

    Beside the tables lie the results that they were written from, so that a machine without the runs
    of another can add its own.
    """
    from training.benchmark_grid import picture_grid
    from training.benchmark_report import report
    from training.benchmark_results import read_kept, read_results, write_kept

    beside = options.out.with_suffix(".json")
    kept = read_kept(beside)
    budgets = read_results(
        options.runs / "benchmark",
        only=only.label if only and options.collect else None,
        kept=kept,
    )
    folders = [options.runs / "benchmark" / budget.label for budget in budgets]
    grids = [
        picture_grid(folder, options.packs, results)
        for folder, results in zip(folders, budgets.values(), strict=True)
    ]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(report(budgets), encoding="utf-8")
    write_kept(beside, budgets, kept)
    drawn = ", ".join(str(grid) for grid in grids if grid)
    count = sum(len(results) for results in budgets.values())
    print(f"{options.out} has {count} results" + (f"; look at {drawn}" if drawn else ""))
    return 0
