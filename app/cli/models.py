"""`revisage models`: what is in the zoo, what is added to it and removed, what is default."""

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
    """List, show, verify, add, remove or choose models; returns the exit code."""
    bench = Workbench()
    if options.action == "add":
        return _add(bench, options, cancel)
    actions = {
        "list": _list,
        "show": _show,
        "verify": _verify,
        "remove": _remove,
        "default": _default,
    }
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
        print_json({"added": [_entry(bench, model) for model in added]})
        return DONE
    for model in added:
        card = model.card
        print(
            f"{card.name}: added as a {_served(model)} model, SHA-256 {card.file.sha256}, "
            f"{model.folder}"
        )
        print(f"{card.name}: {_standing(bench, model)}")
    return DONE


def _standing(bench: Workbench, model: Model) -> str:
    """What an added model is to those who ask for no model by name."""
    default = bench.zoo.default(model.card.task, model.card.kind).card.name
    if default == model.card.name:
        return f"is the default {_served(model)} model"
    return (
        f"the default {_served(model)} model stays {default}; "
        f"to change that: revisage models default {model.card.name}"
    )


def _remove(bench: Workbench, options: argparse.Namespace) -> int:
    removed = [str(_installer(bench).remove(name)) for name in options.names]
    if options.json:
        print_json({"removed": removed})
        return DONE
    for folder in removed:
        print(f"{folder}: removed")
    return DONE


def _default(bench: Workbench, options: argparse.Namespace) -> int:
    from app.zoo.defaults import choose_default

    require_model(bench, options.name)
    before = choose_default(bench.zoo, own_zoo(), options.name)
    model = bench.zoo.default(before.card.task, before.card.kind)
    if options.json:
        print_json({"default": _entry(bench, model), "before": before.card.name})
        return DONE
    was = "" if before.card.name == model.card.name else f" instead of {before.card.name}"
    print(f"{model.card.name}: is the default {_served(model)} model{was}")
    return DONE


def _list(bench: Workbench, options: argparse.Namespace) -> int:
    device = bench.used_device()
    problems = bench.zoo.problems
    if options.json:
        print_json(
            {
                "models": [
                    {**_entry(bench, model), "device": device.provider}
                    for model in bench.zoo.entries
                ],
                "problems": [
                    {"folder": str(problem.folder), "error": problem.message}
                    for problem in problems
                ],
            }
        )
    else:
        for line in _table([_row(bench, model, device.name) for model in bench.zoo.entries]):
            print(line)
        for problem in problems:
            complain(problem.message)
    return DONE


def _show(bench: Workbench, options: argparse.Namespace) -> int:
    require_model(bench, options.name)
    model = bench.zoo.get(options.name)
    document = _entry(bench, model)
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


def _served(model: Model) -> str:
    return f"{model.card.task} {model.card.kind}" if model.card.kind else model.card.task


def _entry(bench: Workbench, model: Model) -> dict[str, Any]:
    """A model as JSON: its card, where it is, and whether it is the default here, whatever its card
    wishes."""
    document = model.card.model_dump(mode="json", exclude_none=True)
    document["default"] = bench.zoo.is_default(model.card)
    return {"name": model.card.name, "path": str(model.path), **document}


def _row(bench: Workbench, model: Model, device: str) -> tuple[str, ...]:
    card = model.card
    figures = card.figures.get("val") or next(iter(card.figures.values()), {})
    told = ", ".join(f"{key} {value}" for key, value in list(figures.items())[:3])
    return (
        card.name,
        _served(model),
        f"{card.input.size} px",
        f"{card.file.bytes / 1e6:.1f} MB",
        device,
        "default" if bench.zoo.is_default(card) else "",
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
