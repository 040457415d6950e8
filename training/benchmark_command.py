"""``revisage-train benchmark``: its options, and the order of its work."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

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
    budget = parser.add_mutually_exclusive_group(required=True)
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
        help="only write the table from the results that are there",
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
    import torch

    from app.inference.zoo import Zoo
    from training import benchmark
    from training.benchmark_report import picture_grid, read_results, report
    from training.benchmark_systems import BY_NAME
    from training.benchmark_training import Budget, Place
    from training.cli import RECIPES, _data, _device

    amount = options.budget_images if options.budget_minutes is None else options.budget_minutes
    if amount <= 0 or options.count < 1 or options.hypotheses < 1:
        raise ValueError("Budget, --count and --hypotheses must be positive.")
    budget = Budget(
        images=options.budget_images or 0,
        minutes=options.budget_minutes or 0.0,
        narrow=options.narrow,
    )
    folder = options.runs / "benchmark" / budget.label
    if not options.collect:
        if options.threads:
            torch.set_num_threads(options.threads)
        place = Place(
            data=_data(options),
            packs=options.packs,
            folder=folder,
            recipes=options.recipes or RECIPES,
            device=_device(options.device),
            workers=options.workers,
        )
        zoo = Zoo(options.zoo)
        names = options.systems.split(",") if options.systems else list(BY_NAME)
        # Every name is looked up before the first hour is spent.
        for entry in [benchmark.entry_of(name, zoo) for name in names]:
            if options.part != "measure" and not benchmark.train(entry, place, budget):
                print(f"Stopped; the same command goes on: {folder}")
                return 1
            if options.part != "train":
                path = benchmark.measure_entry(
                    entry,
                    place,
                    budget,
                    zoo,
                    count=options.count,
                    hypotheses=options.hypotheses,
                )
                print(f"{entry.title}: {path}", flush=True)
        if options.part == "train":
            return 0
    results = read_results(folder)
    grid = picture_grid(folder, options.packs, results)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(report(results, _in_words(budget)), encoding="utf-8")
    print(f"{options.out} has {len(results)} systems" + (f"; look at {grid}" if grid else ""))
    return 0


def _in_words(budget: Budget) -> str:
    amount = f"{budget.images:,} images" if budget.images else f"{budget.minutes:g} minutes"
    return f"{amount}, {'narrow' if budget.narrow else 'full-size'} recipes"
