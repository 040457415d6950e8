"""The work on many machines: a running Dask scheduler gives photos to its workers.

Photos and results lie on a drive that every machine sees under the same path; only names travel.
A worker loads each model once and keeps it. A photo whose worker died is given to another one, and
because results are written whole and decided by photo and order alone, it does not matter which.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from app.batch.journal import FILE as JOURNAL
from app.batch.order import BatchError, Failed, Order, Result, Task
from app.batch.steps import Steps
from app.inference.devices import default_threads
from app.inference.session import CancelToken
from app.workbench import Workbench

GPU = "GPU"
"""Resource that a worker with a GPU says it has: ``dask worker ADDRESS --resources GPU=1``."""

CONNECT_S = 10
"""How long a scheduler may take to answer, and to have its first worker."""

LISTEN_S = 0.05
"""How often results are looked for; each thread of a worker has its next photo already."""

LOOK_S = 5.0
"""How often the cluster is asked for its size: workers may come and go."""

AHEAD = 2
"""Photos per thread of a worker: one under way, and one waiting so that none is idle."""

_benches: dict[tuple[str, int], Workbench] = {}
_benches_lock = threading.Lock()


class ClusterCrew:
    """Works through tasks with the workers of a scheduler."""

    def __init__(self, address: str, bench: Workbench, order: Order) -> None:
        """
        Args:
            address: of the scheduler, such as ``tcp://host:8786``.
            bench: the models of this machine, which those of the workers must equal.
            order: what to do.

        Raises:
            BatchError: Dask is not installed, or no scheduler or worker answers.
        """
        self._address = address
        self._order = order
        self._request = order.request(bench)
        self._checked: set[str] = set()
        self._client = _connect(address)
        try:
            self._gpu = self._uses_gpu()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave the cluster; what is under way there ends with its photo."""
        with suppress(Exception):
            self._client.close(timeout=CONNECT_S)

    def work(self, tasks: Iterator[Task], cancel: CancelToken) -> Iterator[Result]:
        """Results as they come, in any order; tasks are drawn only when there is room for one.

        Raises:
            Cancelled: the token was cancelled.
            BatchError: the cluster cannot do this order, or was lost.
        """
        try:
            first = next(tasks, None)
            if first is not None:
                self._check_workers(first)
                yield from self._work(first, tasks, cancel)
        finally:
            self.close()

    def _work(self, first: Task, tasks: Iterator[Task], cancel: CancelToken) -> Iterator[Result]:
        from distributed import as_completed

        ended: Any = as_completed(loop=self._client.loop)  # type: ignore[no-untyped-call]
        under_way: dict[str, tuple[Task, Any]] = {}
        task: Task | None = first
        room, looked = self._room(), time.monotonic()
        while task is not None or under_way:
            cancel.check()
            while task is not None and len(under_way) < room:
                future = self._submit(task)
                under_way[future.key] = task, future
                ended.add(future)
                task = next(tasks, None)
            if time.monotonic() - looked > LOOK_S:
                self._check_workers(first)
                room, looked = max(room, self._room()), time.monotonic()
            if not ended.has_ready():
                if self._client.status not in ("running", "connecting"):
                    raise self._lost()
                time.sleep(LISTEN_S)
                continue
            for future in ended.next_batch(block=False):
                given, _ = under_way.pop(future.key)
                if future.status in ("cancelled", "lost"):
                    # With a live scheduler only the worker died that held the answer: it is asked again.
                    if self._client.status != "running":
                        raise self._lost()
                    again = self._submit(given)
                    under_way[again.key] = given, again
                    ended.add(again)
                    continue
                yield self._result(given, future)

    def _submit(self, task: Task) -> Any:
        return self._client.submit(
            work_on,
            self._order,
            self._request,
            task,
            self._marks(task),
            key=f"revisage-{task.id}-{os.urandom(4).hex()}",
            pure=False,
            resources={GPU: 1} if self._gpu else None,
        )

    def _result(self, task: Task, future: Any) -> Result:
        """What came of a photo; an error of the cluster itself becomes that photo's."""
        from distributed import KilledWorker

        if future.status == "finished":
            try:
                result: Result = future.result()
            except Exception as lost:  # the worker died between its answer and our asking
                return Failed(id=task.id, error=f"{task.source}: its result was lost ({lost}).")
            return result
        error = future.exception()
        if isinstance(error, KilledWorker):
            text = "every worker that took it died; look at the workers' own messages"
        elif isinstance(error, BatchError):
            text = str(error)
        else:
            text = f"{type(error).__name__}: {' '.join(str(error).split())}"
        return Failed(id=task.id, error=f"{task.source}: {text.rstrip('.')}.")

    # --- the cluster -----------------------------------------------------------------------------

    def _workers(self) -> dict[str, dict[str, Any]]:
        try:
            info = self._client.scheduler_info(n_workers=-1)
        except (OSError, TimeoutError) as error:
            raise self._lost() from error
        # Between the loss of the scheduler and the error of the next call the answer is empty.
        if "workers" not in info:
            raise self._lost()
        return dict(info["workers"])

    def _room(self) -> int:
        """How many photos may be under way."""
        useful = [
            worker
            for worker in self._workers().values()
            if not self._gpu or GPU in worker["resources"]
        ]
        return max(1, AHEAD * sum(int(worker["nthreads"]) for worker in useful))

    def _uses_gpu(self) -> bool:
        """Whether only workers with a GPU get photos, so that one kind of device makes all results."""
        tagged = any(GPU in worker["resources"] for worker in self._workers().values())
        if self._order.device == "cpu":
            return False
        if self._order.device != "auto" and not tagged:
            raise BatchError(
                f"No worker of {self._address} says that it has a GPU; start some with "
                "`dask worker ADDRESS --resources GPU=1`, or use --device cpu."
            )
        return tagged

    def _check_workers(self, task: Task) -> None:
        """Look whether every worker sees the photos and has the same models: before any work, and
        when another one has come, which else would fail one photo after the other."""
        new = sorted(self._workers().keys() - self._checked)
        if not new:
            return
        # Single files, because the folder that a drive is mounted on is there without the drive.
        paths = [*([str(task.source)] if task.source.exists() else []), *self._marks(task)]
        try:
            answers = self._client.run(look, self._order, paths, on_error="return", workers=new)
        except (OSError, TimeoutError) as error:
            raise self._lost() from error
        for worker, answer in answers.items():
            if isinstance(answer, BaseException):
                if worker not in self._workers():
                    continue  # it left before it answered
                raise BatchError(
                    f"The worker {worker} cannot do this work "
                    f"({type(answer).__name__}: {' '.join(str(answer).split())}); "
                    "install the same Revisage there."
                )
            missing, request = answer
            if missing:
                raise _unseen(worker, missing[0])
            if request != self._request:
                raise _other_models(worker)
            self._checked.add(worker)

    @staticmethod
    def _marks(task: Task) -> list[str]:
        """What a machine sees when it has the drive of the results: the batch's journal."""
        above = (folder / JOURNAL for folder in (task.folder, *task.folder.parents))
        return [str(path) for path in above if path.exists()][:1]

    def _lost(self) -> BatchError:
        return BatchError(
            f"The scheduler {self._address} was lost; what is done is kept, "
            "so start it again and give the same command."
        )


def _connect(address: str) -> Any:
    try:
        from distributed import Client
        from distributed.comm.addressing import parse_address, parse_host_port
    except ImportError as error:
        raise BatchError(
            "There is no Dask here, and no built program brings it; install Revisage from source with "
            "the extra `cluster` for work on many machines."
        ) from error
    # Its own messages go to stderr with traces; what matters comes as an error of ours.
    for name in [
        name for name in logging.root.manager.loggerDict if name.startswith("distributed")
    ]:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        scheme, place = parse_address(address)
        if scheme in ("tcp", "tls"):
            # A client that cannot connect leaves a thread behind; so look first.
            socket.create_connection(parse_host_port(place), timeout=CONNECT_S).close()
        client: Any = Client(  # type: ignore[no-untyped-call]
            address, timeout=CONNECT_S, set_as_default=False
        )
    except (OSError, ValueError, TimeoutError) as error:
        raise BatchError(
            f"No scheduler answers at {address}; start one with `dask scheduler`, and give the "
            "address that it prints."
        ) from error
    try:
        client.wait_for_workers(1, timeout=CONNECT_S)
    except TimeoutError as error:
        client.close()
        raise BatchError(
            f"The scheduler {address} has no workers; start some with `dask worker {address}`."
        ) from error
    return client


def _unseen(worker: str, path: str) -> BatchError:
    return BatchError(
        f"The worker {worker} does not see {path}; "
        "share its folder under the same path on every machine."
    )


def _other_models(worker: str) -> BatchError:
    return BatchError(
        f"The worker {worker} has another version of Revisage or of its models, so its results would "
        "differ; install the same there."
    )


# --- what runs on the workers ----------------------------------------------------------------------


def look(order: Order, paths: list[str]) -> tuple[list[str], str]:
    """On a worker: files that it does not see, and the hash of the order with its own models."""
    return _missing(paths), order.request(Workbench(device=order.device))


def _missing(paths: list[str]) -> list[str]:
    return [path for path in paths if not os.path.exists(path)]  # noqa: PTH110 - plain texts travel


def work_on(order: Order, request: str, task: Task, marks: list[str]) -> Result:
    """On a worker: all steps of one photo, whose results go where the marks are.

    Raises:
        BatchError: the worker does not see the drives, or its models are others than those of
            whoever gave the order.
    """
    from distributed import get_worker

    worker = get_worker()
    # It may have come, or lost its drive, since all were looked at.
    if unseen := _missing([str(task.source.parent), *marks]):
        raise _unseen(worker.address, unseen[0])
    bench = _bench(order, request, worker.address, worker.state.nthreads)
    return Steps(bench, order).whole(task)


def _bench(order: Order, request: str, worker: str, photos_at_once: int) -> Workbench:
    """The models of this worker, loaded by the first photo and kept for all later ones."""
    with _benches_lock:
        bench = _benches.get((request, photos_at_once))
        if bench is None:
            threads = max(1, default_threads() // photos_at_once)
            bench = Workbench(device=order.device, threads=threads)
            if order.request(bench) != request:
                raise _other_models(worker)
            order.load(bench)
            _benches.clear()  # models of an earlier order would only take memory
            _benches[request, photos_at_once] = bench
        return bench
