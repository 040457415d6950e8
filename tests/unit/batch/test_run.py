"""A whole batch whose workers or reports fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.batch.order import BatchError, Order, Result, Task
from app.batch.run import RESULTS_FILE, Batch
from app.cli.batch_progress import BatchProgress
from app.inference.session import CancelToken
from app.workbench import Workbench
from tests.support.tiny_models import write_tiny_zoo


class LostCluster:
    """Workers that are lost with the first photo."""

    def work(self, tasks: Iterator[Task], cancel: CancelToken) -> Iterator[Result]:
        next(tasks)
        raise BatchError("The scheduler was lost.")


def test_a_report_that_fails_does_not_replace_the_error_before(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").write_bytes(b"never opened")
    out = tmp_path / "out"
    (out / RESULTS_FILE).mkdir(parents=True)
    batch = Batch(tmp_path / "photos", out, Order(models=("rgb",)))
    bench = Workbench([write_tiny_zoo(tmp_path / "zoo")], device="cpu")
    with pytest.raises(BatchError, match="The scheduler was lost"):
        batch.run(bench, LostCluster(), BatchProgress(quiet=True), CancelToken())
