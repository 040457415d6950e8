"""Ctrl-C while a command works."""

from __future__ import annotations

import _thread
import threading

import pytest

from app.cli.interrupt import interruptible
from app.inference.session import CancelToken


def test_the_result_comes_back() -> None:
    assert interruptible(lambda cancel: threading.current_thread().name) == "revisage-command"


def test_an_error_comes_back() -> None:
    def work(cancel: CancelToken) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        interruptible(work)


def test_ctrl_c_cancels_the_work_and_waits_for_it() -> None:
    ended = threading.Event()

    def work(cancel: CancelToken) -> None:
        _thread.interrupt_main()
        while not cancel.cancelled:
            ended.wait(0.01)
        ended.set()

    with pytest.raises(KeyboardInterrupt):
        interruptible(work)
    assert ended.is_set()
