"""What goes to stderr while the work goes on."""

from __future__ import annotations

import io

import pytest

from app.cli.console import Progress, one_line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def work(progress: Progress) -> None:
    with progress:
        for name in ("a.png", "b.png"):
            progress.photo(name)
            progress.step("locate")
            progress.photo_done()
        progress.complain("b.png: no mask was found")


def test_lines_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    work(Progress(2, stream=stream))
    assert stream.getvalue().splitlines() == [
        "[1/2] a.png: locate",
        "[2/2] b.png: locate",
        "revisage: b.png: no mask was found",
    ]


def test_a_bar_on_a_terminal() -> None:
    stream = Terminal()
    work(Progress(2, stream=stream))
    written = stream.getvalue()
    assert "\r" in written
    assert "b.png: locate" in written
    assert "revisage: b.png: no mask was found\n" in written


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["file", "terminal"])
def test_quiet_keeps_only_what_went_wrong(stream: io.StringIO) -> None:
    work(Progress(2, quiet=True, stream=stream))
    assert stream.getvalue() == "revisage: b.png: no mask was found\n"


def test_an_error_is_one_line() -> None:
    assert one_line(ValueError("a\n  b")) == "a b"
    assert one_line(ValueError()) == "ValueError"
