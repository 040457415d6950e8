"""`revisage batch --scheduler` with a real Dask scheduler and two real worker processes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Cli, write_png
from tests.support.tiny_models import (
    DrawnFace,
    add_model,
    draw_photo,
    reconstruct_model,
    write_tiny_zoo,
)

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals"),
    # The event loop of Dask's client warns when it was not served for a while: a busy machine.
    pytest.mark.expects_log("Event loop was unresponsive"),
]

PHOTOS = 24

DASK = """
import sys, time
from pathlib import Path
import app.workbench
from app.inference.zoo import Model
app.workbench.default_zoo_folders = lambda: (Path({zoo!r}),)
read, reconstruct = Model.read, app.workbench.Workbench.reconstruct
def noted_read(self):
    with open({reads!r}, "a") as file:
        file.write(self.card.name + "\\n")
    return read(self)
def slow(self, *arguments, **options):
    time.sleep({pause})  # long enough to be killed at work
    return reconstruct(self, *arguments, **options)
Model.read, app.workbench.Workbench.reconstruct = noted_read, slow
from dask.__main__ import main
sys.argv = ["dask", {role!r}, *{arguments!r}]
main()
"""


@dataclass
class Cluster:
    """A scheduler and its workers, processes of their own."""

    folder: Path
    zoo: Path
    address: str = ""
    workers: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(
        self, role: str, *arguments: str, zoo: Path | None = None, pause: float = 0.0
    ) -> subprocess.Popen[str]:
        code = DASK.format(
            zoo=str(zoo or self.zoo),
            reads=str(self.folder / f"reads{len(self.workers)}.txt"),
            pause=pause,
            role=role,
            arguments=[*arguments, "--no-dashboard"],
        )
        return subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )

    def add_worker(self, *options: str, zoo: Path | None = None, pause: float = 0.0) -> None:
        local = self.folder / f"local{len(self.workers)}"
        self.workers.append(
            self.start(
                "worker", self.address, "--nthreads", "1", "--no-nanny",
                "--local-directory", str(local), *options, zoo=zoo, pause=pause,
            )
        )  # fmt: skip

    def reads(self, worker: int) -> list[str]:
        """Names of the models that a worker has read, in order."""
        path = self.folder / f"reads{worker}.txt"
        return path.read_text().split() if path.exists() else []


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        process.kill()
        process.communicate(timeout=60)


@pytest.fixture
def cluster(tmp_path: Path, tiny_zoo: Path) -> Iterator[Cluster]:
    """A scheduler without workers."""
    made = Cluster(tmp_path, tiny_zoo)
    scheduler = made.start("scheduler", "--host", "127.0.0.1", "--port", "0")
    with ended(scheduler), ExitStack() as stack:
        assert scheduler.stderr is not None
        said: list[str] = []
        for line in scheduler.stderr:
            said.append(line)
            if address := re.search(r"Scheduler at:\s+(tcp://\S+)", line):
                made.address = address[1]
                break
        assert made.address, "".join(said)
        yield made
        for worker in made.workers:
            stack.enter_context(ended(worker))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "photos"
    photo = draw_photo(160, 120, [DrawnFace((40, 20, 110, 100))])
    for number in range(PHOTOS):
        (root / f"{number % 3}").mkdir(parents=True, exist_ok=True)
        photo[0, 0] = number, 0, 0
        write_png(root / f"{number % 3}" / f"{number}.png", photo)
    (root / "broken.jpg").write_bytes(b"no photo")
    return root


def pictures(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.png")
    }


@pytest.mark.timeout(400)
def test_a_killed_workers_photos_are_redone(
    cli: Cli, cluster: Cluster, tree: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        cluster.add_worker(pause=0.1)
    out = tmp_path / "out"
    code = (
        "import app.workbench, sys; from pathlib import Path; from app.cli.main import main;"
        f"app.workbench.default_zoo_folders = lambda: (Path({str(cluster.zoo)!r}),);"
        f"sys.exit(main(['batch', {str(tree)!r}, '--out', {str(out)!r}, '--json', '--quiet',"
        f" '--scheduler', {cluster.address!r}]))"
    )
    batch = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with ended(batch):
        deadline = time.monotonic() + 120
        # Both have loaded their models and the work is under way.
        while len(list(out.rglob("*.png"))) < 4 or not all(map(cluster.reads, (0, 1))):
            assert batch.poll() is None, batch.communicate()[1]
            assert time.monotonic() < deadline
            time.sleep(0.01)
        cluster.workers[0].send_signal(signal.SIGKILL)
        written, err = batch.communicate(timeout=240)
    assert batch.returncode == 1, err
    assert written, err
    document = json.loads(written)
    assert document["statuses"] == {"reconstructed": PHOTOS}
    assert (document["failed"], document["worked"]) == (1, PHOTOS + 1)
    assert "broken.jpg  is not an image" in err
    for worker in (0, 1):
        reads = cluster.reads(worker)
        assert len(reads) == len(set(reads)) == 4, "each model is loaded once"
    local = tmp_path / "local"
    cli("batch", tree, "--out", local, "--quiet")
    assert pictures(out) == pictures(local)
    assert len(pictures(out)) == PHOTOS
    # What the cluster has done, this machine does not repeat.
    assert cli("batch", tree, "--out", out, "--json", "--quiet").document["worked"] == 1


def test_only_workers_with_a_gpu_work_where_there_are_some(
    cli: Cli, cluster: Cluster, tree: Path, tmp_path: Path
) -> None:
    cluster.add_worker()
    cluster.add_worker("--resources", "GPU=1")
    wait_for_workers(cluster, 2)
    run = cli("batch", tree, "--out", tmp_path / "out", "--scheduler", cluster.address, "--json")
    assert run.document["done"] == PHOTOS
    assert cluster.reads(0) == []
    assert cluster.reads(1)


def test_a_worker_with_other_models_is_refused(
    cli: Cli, cluster: Cluster, tree: Path, tmp_path: Path
) -> None:
    other = write_tiny_zoo(tmp_path / "other")
    add_model(other, "a_default", "reconstruct", reconstruct_model(), default=True)
    cluster.add_worker(zoo=other)
    wait_for_workers(cluster, 1)
    run = cli("batch", tree, "--out", tmp_path / "out", "--scheduler", cluster.address, "--quiet")
    assert run.code == 1
    assert "another version of Revisage or of its models" in run.complaint
    assert not pictures(tmp_path / "out")


def test_without_workers(
    cli: Cli, cluster: Cluster, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.batch.cluster.CONNECT_S", 1)
    run = cli("batch", tree, "--out", tmp_path / "out", "--scheduler", cluster.address, "--quiet")
    assert run.code == 1
    assert "has no workers" in run.complaint


def test_cuda_needs_a_worker_that_says_so(
    cli: Cli, cluster: Cluster, tree: Path, tmp_path: Path
) -> None:
    cluster.add_worker()
    wait_for_workers(cluster, 1)
    run = cli(
        "batch", tree, "--out", tmp_path / "out", "--scheduler", cluster.address,
        "--device", "cuda", "--quiet",
    )  # fmt: skip
    assert run.code == 1
    assert "No worker" in run.complaint
    assert "--resources GPU=1" in run.complaint


def test_without_a_scheduler(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.batch.cluster.CONNECT_S", 1)
    run = cli(
        "batch", tree, "--out", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9", "--quiet"
    )
    assert run.code == 1
    assert "No scheduler answers at tcp://127.0.0.1:9" in run.complaint


def wait_for_workers(cluster: Cluster, count: int) -> None:
    from distributed import Client

    with Client(cluster.address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(count, timeout=120)
