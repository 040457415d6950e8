"""What goes to stderr while the work goes on."""

from __future__ import annotations

import io
import json
import sys

import pytest

from app.cli.console import Progress, complain, harmless, one_line, print_json, tolerate_every_name


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Änne 写真 a.jpg", "Änne 写真 a.jpg"),
        ("two\nlines", "two\\nlines"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("turn\u202egpj.exe", "turn\\u202egpj.exe"),
        ("no\udcfftext", "no\\udcfftext"),
    ],
)
def test_names_cannot_drive_a_terminal(
    text: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert harmless(text) == shown
    complain(text)
    assert capsys.readouterr().err == f"revisage: {shown}\n"
    stream = io.StringIO()
    with Progress(1, stream=stream) as progress:
        progress.photo(text)
        progress.step("locate")
        progress.complain(text)
    assert stream.getvalue() == f"[1/1] {shown}: locate\nrevisage: {shown}\n"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_stdout_takes_every_name(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """Also where it is a pipe of Windows, or strict."""
    names = ["Änne", "写真", "no\udcfftext", "\x81"]
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding, errors="strict"))
    tolerate_every_name()
    print_json({"names": names})
    sys.stdout.flush()
    assert json.loads(written.getvalue()) == {"names": names}
    print("no\udcfftext 写真")
    sys.stdout.flush()
    last = written.getvalue().splitlines()[-1]
    expected = b"no\\udcfftext \\u5199\\u771f"
    as_given = "no\udcfftext 写真".encode("utf-8", sys.getfilesystemencodeerrors())
    assert last == (as_given if encoding == "utf-8" else expected)
