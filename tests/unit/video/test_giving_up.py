"""A source that is silent is let go of as soon as somebody asks."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import av
import pytest

from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.video.giving_up import giving_up
from app.video.read import VideoFrames
from app.video.source import source_of

HOURS_S = 3 * 3600.0
"""Nobody's patience ends within a test."""


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def address(scheme: str, server: socket.socket) -> str:
    return f"{scheme}://127.0.0.1:{server.getsockname()[1]}/live"


@pytest.mark.parametrize("scheme", ["http", "rtsp", "rtmp", "tcp"])
def test_waiting_for_an_answer_ends_when_asked(silent: socket.socket, scheme: str) -> None:
    cancel = CancelToken()
    raised: list[BaseException] = []

    def wait() -> None:
        try:
            VideoFrames(source_of(address(scheme, silent)), patience_s=HOURS_S, cancel=cancel)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    client, _ = silent.accept()
    with client:
        assert thread.is_alive()  # it waits
        cancel.cancel()
        thread.join()  # while the server still holds the connection
    assert [type(error) for error in raised] == [Cancelled]


def test_who_was_asked_before_does_not_begin(silent: socket.socket) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        VideoFrames(source_of(address("http", silent)), patience_s=HOURS_S, cancel=cancel)


def test_only_the_thread_that_was_asked_gives_up() -> None:
    """Another source's patience is its own, also while this one is given up."""
    cancel = CancelToken()
    cancel.cancel()
    pyav = av.container.core.time  # type: ignore[attr-defined]
    others: list[float] = []
    with giving_up(cancel):
        first, second = pyav.monotonic(), pyav.monotonic()
        assert second - first > HOURS_S
        with giving_up(None):
            assert pyav.monotonic() - pyav.monotonic() == pytest.approx(0, abs=60)
        thread = threading.Thread(target=lambda: others.append(pyav.monotonic()))
        thread.start()
        thread.join()
    assert others[0] == pytest.approx(time.monotonic(), abs=60)
    assert pyav.time() == pytest.approx(time.time(), abs=60)


def test_the_clock_never_goes_back() -> None:
    """PyAV raises what it makes of that in whatever the thread does next, such as a recording's end."""
    cancel = CancelToken()
    pyav = av.container.core.time  # type: ignore[attr-defined]
    read = [pyav.monotonic()]
    with giving_up(cancel):
        read.append(pyav.monotonic())
        cancel.cancel()
        read.append(pyav.monotonic())
        with giving_up(CancelToken()):
            read.append(pyav.monotonic())
        read.append(pyav.monotonic())
    read.append(pyav.monotonic())
    assert read == sorted(read)
