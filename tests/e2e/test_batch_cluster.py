"""`revisage batch --scheduler` with a real Dask scheduler and two real worker processes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from app.batch.order import Result
from app.cli.batch_progress import BatchProgress
from app.export.pictures import encode_map
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
    scheduler: subprocess.Popen[str] | None = None

    def start(
        self,
        role: str,
        *arguments: str,
        zoo: Path | None = None,
        pause: float = 0.0,
        inside: Sequence[str] = (),
    ) -> subprocess.Popen[str]:
        code = DASK.format(
            zoo=str(zoo or self.zoo),
            reads=str(self.folder / f"reads{len(self.workers)}.txt"),
            pause=pause,
            role=role,
            arguments=[*arguments, "--no-dashboard"],
        )
        return subprocess.Popen(
            [*inside, sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )

    def add_worker(
        self,
        *options: str,
        zoo: Path | None = None,
        pause: float = 0.0,
        inside: Sequence[str] = (),
    ) -> None:
        """Start one.

        Args:
            options: of ``dask worker``.
            zoo: its models, when they are others.
            pause: seconds for which it holds every photo.
            inside: the beginning of a command line that starts it elsewhere.
        """
        local = self.folder / f"local{len(self.workers)}"
        self.workers.append(
            self.start(
                "worker", self.address, "--nthreads", "1", "--no-nanny",
                "--local-directory", str(local), *options, zoo=zoo, pause=pause, inside=inside,
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
    made.scheduler = scheduler
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


def _may(*command: str) -> bool:
    """Whether this computer lets this user do that."""
    if shutil.which(command[0]) is None:
        return False
    tried = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return tried.returncode == 0


needs_mount = pytest.mark.skipif(
    not _may("unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"),
    reason="this user may not mount, as root does, a drive that only one process sees",
)


def elsewhere(folder: Path) -> list[str]:
    """The beginning of a command line whose process sees no folder there."""
    script = 'mount -t tmpfs none "$0" && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", script, str(folder)]


@contextmanager
def second_machine() -> Iterator[tuple[str, str, list[str]]]:
    """Another network with a cable to it: our address, its own, and what starts a process there."""
    name = f"rv{os.getpid()}"
    here, there = "10.213.77.1", "10.213.77.2"
    if not _may("ip", "netns", "add", name):
        pytest.skip(
            "this user may not make network namespaces, as root may where the kernel has them"
        )
    inside = ["ip", "netns", "exec", name]
    steps = (
        (
            "ip",
            "link",
            "add",
            f"{name}a",
            "type",
            "veth",
            "peer",
            "name",
            f"{name}b",
            "netns",
            name,
        ),
        ("ip", "address", "add", f"{here}/30", "dev", f"{name}a"),
        ("ip", "link", "set", f"{name}a", "up"),
        (*inside, "ip", "address", "add", f"{there}/30", "dev", f"{name}b"),
        (*inside, "ip", "link", "set", f"{name}b", "up"),
        (*inside, "ip", "link", "set", "lo", "up"),
    )
    try:
        if not all(_may(*step) for step in steps):
            pytest.skip("this kernel has no virtual network cables")
        yield here, there, inside
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=True, timeout=60)


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


def test_workers_leave_out_what_revisage_made(
    cli: Cli, cluster: Cluster, tree: Path, tmp_path: Path
) -> None:
    (tree / "found.png").write_bytes(encode_map(np.zeros((20, 30), np.bool_)))
    cluster.add_worker()
    wait_for_workers(cluster, 1)
    run = cli("batch", tree, "--out", tmp_path / "out", "--scheduler", cluster.address, "--json")
    assert run.document["statuses"] == {"reconstructed": PHOTOS, "made by Revisage, left out": 1}


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


@needs_mount
def test_a_worker_without_the_photos_is_refused(
    cli: Cli, cluster: Cluster, tree: Path, tmp_path: Path
) -> None:
    """A machine on which another drive is mounted where the photos should be."""
    cluster.add_worker(inside=elsewhere(tree))
    wait_for_workers(cluster, 1)
    run = cli("batch", tree, "--out", tmp_path / "out", "--scheduler", cluster.address, "--quiet")
    assert run.code == 1
    assert f"does not see {tree}" in run.complaint
    assert "share its folder under the same path on every machine" in run.complaint
    assert not pictures(tmp_path / "out")


@needs_mount
def test_a_worker_without_the_drive_of_the_results_is_refused(
    cli: Cli, cluster: Cluster, tree: Path, tmp_path: Path
) -> None:
    """It would write them where nobody finds them: the folder that the drive is mounted on is there."""
    out = tmp_path / "out"
    out.mkdir()
    cluster.add_worker(inside=elsewhere(out))
    wait_for_workers(cluster, 1)
    run = cli("batch", tree, "--out", out, "--scheduler", cluster.address, "--quiet")
    assert run.code == 1
    assert f"does not see {out / 'revisage-batch.sqlite'}" in run.complaint
    assert not pictures(out)


@needs_mount
@pytest.mark.timeout(400)
def test_a_worker_without_the_photos_that_comes_later_is_refused_too(
    cli: Cli, cluster: Cluster, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.batch.cluster.LOOK_S", 0.2)
    cluster.add_worker(pause=600)  # all but the first photos wait when the other one comes
    wait_for_workers(cluster, 1)
    begin = BatchProgress.begin

    def come(self: BatchProgress, **numbers: int) -> None:
        begin(self, **numbers)
        cluster.add_worker(inside=elsewhere(tree))

    monkeypatch.setattr(BatchProgress, "begin", come)
    run = cli("batch", tree, "--out", tmp_path / "out", "--scheduler", cluster.address, "--quiet")
    assert run.code == 1
    assert f"does not see {tree}" in run.err


@pytest.mark.timeout(400)
def test_a_scheduler_that_is_lost(
    cli: Cli, cluster: Cluster, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is done is kept; a new scheduler goes on from there."""
    cluster.add_worker()
    wait_for_workers(cluster, 1)
    advance, out = BatchProgress.advance, tmp_path / "out"
    seen: list[int] = []

    def lose(self: BatchProgress, result: Result, path: Path | None) -> None:
        advance(self, result, path)
        seen.append(result.id)
        if len(seen) == 6:
            assert cluster.scheduler is not None
            cluster.scheduler.kill()

    monkeypatch.setattr(BatchProgress, "advance", lose)
    run = cli("batch", tree, "--out", out, "--scheduler", cluster.address, "--quiet")
    assert run.code == 1
    assert f"The scheduler {cluster.address} was lost" in run.complaint
    monkeypatch.undo()
    monkeypatch.setattr("app.workbench.default_zoo_folders", lambda: (cluster.zoo,))
    made = len(pictures(out))
    assert made >= 5
    again = cli("batch", tree, "--out", out, "--json", "--quiet")
    # Of those that were under way the results may be there, and nobody was told.
    assert again.document["done"] == PHOTOS
    assert again.document["worked"] <= PHOTOS + 1 - 5


@pytest.mark.timeout(400)
def test_two_machines(cluster: Cluster, tree: Path, tmp_path: Path, cli: Cli) -> None:
    """A scheduler here and a worker that shares no network with it but a cable: a network namespace."""
    with second_machine() as (here, there, inside):
        remote = Cluster(tmp_path / "remote", cluster.zoo)
        remote.folder.mkdir()
        scheduler = remote.start("scheduler", "--host", here, "--port", "8786")
        with ended(scheduler), ExitStack() as stack:
            remote.address = f"tcp://{here}:8786"
            remote.add_worker("--host", there, inside=inside)
            stack.enter_context(ended(remote.workers[0]))
            wait_for_workers(remote, 1)
            out = tmp_path / "out"
            run = cli(
                "batch", tree, "--out", out, "--scheduler", remote.address, "--json", "--quiet"
            )
            assert run.document["done"] == PHOTOS, run.err
    local = tmp_path / "local"
    cli("batch", tree, "--out", local, "--quiet")
    assert pictures(out) == pictures(local)


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


def test_without_dask(
    cli: Cli, tiny_zoo: Path, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a built program, where no pip could bring it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    run = cli("batch", tree, "--out", tmp_path / "out", "--scheduler", "tcp://lab:8786", "--quiet")
    assert run.code == 1
    assert "install Revisage from source with the extra `cluster`" in run.complaint
    assert "pip" not in run.complaint


def wait_for_workers(cluster: Cluster, count: int) -> None:
    from distributed import Client

    with Client(cluster.address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(count, timeout=120)
