"""`revisage models`: what is in the zoo, and what is added to it and removed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.console import DONE, FAILED, complain, print_json
from app.cli.work import require_model
from app.inference.session import CancelToken
from app.inference.zoo import Model
from app.workbench import Workbench, own_zoo, shipped_zoo


def run(options: argparse.Namespace, cancel: CancelToken) -> int:
    """List, show, verify, add or remove models; returns the exit code."""
    bench = Workbench()
    if options.action == "add":
        return _add(bench, options, cancel)
    actions = {"list": _list, "show": _show, "verify": _verify, "remove": _remove}
    return actions[options.action](bench, options)


def _installer(bench: Workbench) -> Any:
    from app.zoo.install import Installer

    return Installer(bench.zoo, own_zoo(), shipped=shipped_zoo())


def _add(bench: Workbench, options: argparse.Namespace, cancel: CancelToken) -> int:
    from app.cli.download_progress import DownloadProgress

    with DownloadProgress(quiet=options.quiet) as progress:
        added = _installer(bench).add(
            options.source,
            sha256=options.sha256 or "",
            force=options.force,
            progress=progress,
            cancel=cancel,
        )
    if options.json:
        print_json({"added": [_entry(model) for model in added]})
        return DONE
    for model in added:
        card = model.card
        served = f"{card.task} {card.kind}" if card.kind else card.task
        print(f"{card.name}: added as a {served} model, SHA-256 {card.file.sha256}, {model.folder}")
    return DONE


def _remove(bench: Workbench, options: argparse.Namespace) -> int:
    removed = [str(_installer(bench).remove(name)) for name in options.names]
    if options.json:
        print_json({"removed": removed})
        return DONE
    for folder in removed:
        print(f"{folder}: removed")
    return DONE


def _list(bench: Workbench, options: argparse.Namespace) -> int:
    device = bench.used_device()
    problems = bench.zoo.problems
    if options.json:
        print_json(
            {
                "models": [
                    {**_entry(model), "device": device.provider} for model in bench.zoo.entries
                ],
                "problems": [
                    {"folder": str(problem.folder), "error": problem.message}
                    for problem in problems
                ],
            }
        )
    else:
        for line in _table([_row(model, device.name) for model in bench.zoo.entries]):
            print(line)
        for problem in problems:
            complain(problem.message)
    return DONE


def _show(bench: Workbench, options: argparse.Namespace) -> int:
    require_model(bench, options.name)
    model = bench.zoo.get(options.name)
    document = _entry(model)
    if options.json:
        print_json(document)
        return DONE
    for key, value in document.items():
        _print_field(key, value, indent="")
    return DONE


def _verify(bench: Workbench, options: argparse.Namespace) -> int:
    """Check the named models, or all of them and everything the zoo could not read."""
    results: list[dict[str, Any]] = []
    for name in options.names or [model.card.name for model in bench.zoo.entries]:
        require_model(bench, name)
        problems = list(bench.zoo.verify(name))
        results.append({"name": name, "ok": not problems, "problems": problems})
    if not options.names:
        results.extend(
            {"name": problem.folder.name, "ok": False, "problems": [problem.message]}
            for problem in bench.zoo.problems
        )
    good = all(result["ok"] for result in results)
    if options.json:
        print_json({"ok": good, "models": results})
    else:
        for result in results:
            print(f"{result['name']}: {'ok' if result['ok'] else 'NOT ok'}")
            for message in result["problems"]:
                complain(message)
    if not results:
        complain(f"No model is installed; looked in {_places(bench.zoo.folders)}.")
        return FAILED
    return DONE if good else FAILED


def _entry(model: Model) -> dict[str, Any]:
    """A model as JSON: its card, where it is, and its card's SHA-256 at the top."""
    document = model.card.model_dump(mode="json", exclude_none=True)
    return {"name": model.card.name, "path": str(model.path), **document}


def _row(model: Model, device: str) -> tuple[str, ...]:
    card = model.card
    figures = card.figures.get("val") or next(iter(card.figures.values()), {})
    told = ", ".join(f"{key} {value}" for key, value in list(figures.items())[:3])
    return (
        card.name,
        f"{card.task} {card.kind}" if card.kind else card.task,
        f"{card.input.size} px",
        f"{card.file.bytes / 1e6:.1f} MB",
        device,
        "default" if card.default else "",
        card.file.sha256[:12],
        told,
    )


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    head = ("NAME", "TASK", "INPUT", "FILE", "DEVICE", "DEFAULT", "SHA-256", "FIGURES")
    rows = [head, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _print_field(key: str, value: object, *, indent: str) -> None:
    if isinstance(value, dict):
        print(f"{indent}{key}:")
        for name, part in value.items():
            _print_field(name, part, indent=indent + "  ")
    elif isinstance(value, list):
        print(f"{indent}{key}:")
        for part in value:
            print(f"{indent}  - {part}")
    else:
        print(f"{indent}{key}: {value}")


def _places(folders: tuple[Path, ...]) -> str:
    return ", ".join(str(folder) for folder in folders)
