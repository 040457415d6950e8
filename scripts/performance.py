"""Measures every stage against its floor and its peers, and writes docs/performance.md.

    python scripts/performance.py [--rounds N] [--out docs/performance.md]

Times are processor seconds of one thread, the least of interleaved rounds, so that other work of the
machine counts as little as possible; the report gives ratios. The floor of a stage is what its
operations and bytes, counted from the ONNX graph, would take at this machine's own speed: of a large
matrix product, and of a copy of memory.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "performance.md")
    parser.add_argument("--memory", help=argparse.SUPPRESS)
    parser.add_argument("--megapixels", type=float, default=12)
    options = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"  # before NumPy is imported
    sys.path.insert(0, str(ROOT))
    import cv2

    import app as app  # before ONNX Runtime: it keeps it from calling home

    cv2.setNumThreads(1)
    if options.memory:
        from scripts.performance_measures import print_memory

        print_memory(options.memory, options.megapixels)
        return
    from scripts.performance_report import write_report

    write_report(options.out, rounds=options.rounds)


if __name__ == "__main__":
    main()
