"""`revisage devices`: which processors can run the models."""

from __future__ import annotations

import argparse
import dataclasses

from app.cli.console import DONE, print_json
from app.inference.session import CancelToken
from app.workbench import Workbench


def run(options: argparse.Namespace, _cancel: CancelToken) -> int:
    """Print every processor, and which one would be used; returns the exit code."""
    bench = Workbench()
    found, used = bench.devices(), bench.used_device()
    if options.json:
        print_json(
            {
                "used": used.provider,
                "devices": [dataclasses.asdict(device) for device in found],
            }
        )
        return DONE
    for device in found:
        state = "used" if device == used else "usable" if device.usable else "not usable"
        reason = f": {device.reason}" if device.reason else ""
        print(f"{device.name:<10} {device.provider:<28} {state}{reason}")
    return DONE
