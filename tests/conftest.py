"""What every test gets: a home of its own, no screen needed, no stray log record, no stray thread."""

from __future__ import annotations

import logging
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pydantic.fields  # noqa: F401  whole: PySide6 looks into modules that are being imported
import pytest
from hypothesis import settings

# Before anything imports Qt: without a screen Qt aborts the interpreter instead of raising.
if not any(os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

# The window speaks the system's language by default; the tests read English.
os.environ.update(LC_ALL="C.UTF-8", LANG="C.UTF-8", LANGUAGE="en")

# Property tests search anew on a developer's machine and repeat themselves where others wait for them.
# How long an example takes says nothing on a busy machine; speed is measured in tests/benchmarks.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

THREAD_GRACE_S = 3.0
"""How long a worker may take to end after its test."""


def pytest_configure() -> None:
    """Let Ctrl-C reach the tests and the programs they start.

    A runner that starts the tests in the background has it ignored, and that is inherited.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def isolated_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Settings, user models and caches of the person who runs the tests stay out of them."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    for name, folder in (
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_STATE_HOME", ".local/state"),
    ):
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.delenv("REVISAGE_ZOO", raising=False)
    return home


class _Collector(logging.Handler):
    """Keeps the records of WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning nobody expected fails the test; `@pytest.mark.expects_log("pattern")` expects it."""
    expected = [
        re.compile(pattern)
        for mark in request.node.iter_markers("expects_log")
        for pattern in mark.args
    ]
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(collector)
    stray = [
        f"{record.levelname} {record.name}: {record.getMessage()}"
        for record in collector.records
        if not any(pattern.search(record.getMessage()) for pattern in expected)
    ]
    if stray:
        pytest.fail("unexpected log records:\n" + "\n".join(stray))


@pytest.fixture(autouse=True)
def no_leaked_thread() -> Iterator[None]:
    """Whatever a test starts has ended when the test has."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREAD_GRACE_S
    while leaked := [thread for thread in threading.enumerate() if thread not in before]:
        if time.monotonic() > deadline:
            pytest.fail("threads still running: " + ", ".join(thread.name for thread in leaked))
        time.sleep(0.02)


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample case as a PNG file: one masked face, 512 x 512."""
    from app.sample import write_sample

    return write_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def unmasked_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same person without the mask, as a PNG file."""
    import cv2
    from skimage import data

    path = tmp_path_factory.mktemp("unmasked") / "unmasked.png"
    path.write_bytes(cv2.imencode(".png", data.astronaut()[:, :, ::-1])[1].tobytes())
    return path
