"""`revisage map`: the binary maps of photos."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from app.cli.console import Progress, print_json
from app.cli.work import Entry, Outputs, each_photo
from app.export.pictures import map_name
from app.imaging.photo import Photo
from app.inference.session import CancelToken
from app.workbench import Workbench


def run(options: argparse.Namespace, cancel: CancelToken) -> int:
    """Write the map of every photo; returns the exit code."""
    outputs = Outputs(options.out, options.photos, force=options.force)
    bench = Workbench(device=options.device)
    bench.load("locate", "align", "map")
    with Progress(len(options.photos), quiet=options.quiet) as progress:

        def map_photo(path: Path, photo: Photo) -> Entry:
            target = outputs.path(map_name(path.stem))
            progress.step("locate")
            faces = bench.locate(photo, cancel=cancel)
            progress.step("map")
            pixels = bench.map(photo, faces, cancel=cancel)
            count = int(np.count_nonzero(pixels))
            bench.export_map(photo, pixels, target, force=options.force)
            if count == 0:
                progress.complain(f"{path}: {finding(len(faces))}; its map is all zero.")
            return {"faces": len(faces), "map": str(target), "mask_pixels": count}

        report = each_photo(bench, options.photos, progress, map_photo)
    if options.json:
        print_json(report.document())
    else:
        for entry in report.photos:
            print(entry["map"])
    return report.exit_code


def finding(faces: int) -> str:
    """What an empty map means, in words."""
    return "no mask was found" if faces else "no face was found"
