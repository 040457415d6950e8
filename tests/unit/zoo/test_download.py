"""Downloads against a real server that breaks off, changes its file, or knows no ranges."""

from __future__ import annotations

import hashlib
import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.zoo.download import BLOCK, PATIENCE_S, download, is_address, path_of
from app.zoo.errors import InstallError

CONTENT = b"".join(hashlib.sha256(bytes([n % 251, n // 251])).digest() for n in range(40_000))
"""1.28 MB in which every place differs."""


@dataclass
class Served:
    """What the server does.

    Attributes:
        content: the file.
        etag: its version; "" for none.
        ranges: whether ranged requests are answered.
        stop_after: bytes after which each connection breaks off; None never.
        asked: the ranges asked for, "" for the whole file.
        sent: bytes sent in all.
        length: what it says of its length; "" for the truth.
        always: a status that answers everything; 0 for none.
        silent: while set, requests get no answer.
    """

    content: bytes = CONTENT
    etag: str = '"one"'
    ranges: bool = True
    stop_after: int | None = None
    asked: list[str] = field(default_factory=list)
    sent: int = 0
    length: str = ""
    always: int = 0
    silent: threading.Event = field(default_factory=threading.Event)
    address: str = ""


@pytest.fixture
def served() -> Iterator[Served]:
    """A server on this machine."""
    state = Served()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/model.zip":
                self.send_error(404)
                return
            wanted = self.headers.get("Range") or ""
            state.asked.append(wanted)
            while state.silent.is_set():
                time.sleep(0.01)
            if state.always:
                self.send_error(state.always)
                return
            start = 0
            fresh = self.headers.get("If-Range") == state.etag
            if wanted and state.ranges and fresh:
                start = int(wanted.removeprefix("bytes=").removesuffix("-"))
                if start >= len(state.content):
                    self.send_error(416)
                    return
                self.send_response(206)
                last, total = len(state.content) - 1, len(state.content)
                self.send_header("Content-Range", f"bytes {start}-{last}/{total}")
            else:
                self.send_response(200)
            if state.etag:
                self.send_header("ETag", state.etag)
            rest = state.content[start:]
            self.send_header("Content-Length", state.length or str(len(rest)))
            self.end_headers()
            rest = rest[: state.stop_after]
            state.sent += len(rest)
            self.wfile.write(rest)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_address[1]}/model.zip"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    state.silent.clear()
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_an_address_is() -> None:
    assert is_address("https://host/model.zip")
    assert is_address("HTTP://host/model.zip")
    assert not any(
        map(is_address, ("model.zip", "/a/b", "C:\\models", "ftp://host/a", "file:///a"))
    )


def test_a_whole_file(served: Served, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    path = download(served.address, tmp_path, progress=lambda *told: seen.append(told))
    assert path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_every_break_is_continued_where_it_was(served: Served, tmp_path: Path) -> None:
    served.stop_after = 300_000
    assert download(served.address, tmp_path).read_bytes() == CONTENT
    assert served.asked == ["", *(f"bytes={n}-" for n in range(300_000, 1_280_000, 300_000))]
    assert served.sent == len(CONTENT)


def test_the_next_call_goes_on_after_an_interruption(served: Served, tmp_path: Path) -> None:
    cancel = CancelToken()

    def stop(here: int, total: int | None) -> None:
        cancel.cancel()

    with pytest.raises(Cancelled):
        download(served.address, tmp_path, progress=stop, cancel=cancel)
    (part,) = tmp_path.glob("*.part")
    assert 0 < part.stat().st_size < len(CONTENT)
    assert download(served.address, tmp_path).read_bytes() == CONTENT
    assert served.asked[1].startswith("bytes=")


def test_a_file_that_changed_meanwhile_is_fetched_anew(served: Served, tmp_path: Path) -> None:
    served.stop_after = 0
    begun = tmp_path / "begun"
    with pytest.raises(InstallError):
        download(served.address, begun)
    served.stop_after, cancel = None, CancelToken()
    with pytest.raises(Cancelled):
        download(served.address, begun, progress=lambda *_: cancel.cancel(), cancel=cancel)
    served.content, served.etag = CONTENT[::-1], '"two"'
    assert download(served.address, begun).read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize("missing", ["ranges", "version"])
def test_a_server_that_cannot_continue_sends_the_whole_file(
    served: Served, tmp_path: Path, missing: str
) -> None:
    cancel = CancelToken()
    if missing == "ranges":
        served.ranges = False
    else:
        served.etag = ""
    with pytest.raises(Cancelled):
        download(served.address, tmp_path, progress=lambda *_: cancel.cancel(), cancel=cancel)
    assert download(served.address, tmp_path).read_bytes() == CONTENT


def test_a_part_longer_than_the_file_is_thrown_away(served: Served, tmp_path: Path) -> None:
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        download(served.address, tmp_path, progress=lambda *_: cancel.cancel(), cancel=cancel)
    served.content = CONTENT[: BLOCK // 8]
    assert download(served.address, tmp_path).read_bytes() == CONTENT[: BLOCK // 8]


@pytest.mark.parametrize("address", ["htp://host/a.zip", "ftp://host/a.zip"])
def test_an_address_of_another_kind_is_not_taken_for_a_path(address: str) -> None:
    with pytest.raises(InstallError, match=f"^{address} is no address that models are fetched"):
        path_of(address)


def test_no_such_file_is_one_sentence(served: Served, tmp_path: Path) -> None:
    with pytest.raises(InstallError, match="the server answered 404") as raised:
        download(served.address + ".gone", tmp_path)
    assert str(raised.value).endswith("; check the address and the connection.")


@pytest.mark.parametrize(
    ("always", "said"),
    [
        (302, "(its redirections lead nowhere)"),
        (503, "(the server answered 503 Service Unavailable)"),
    ],
)
def test_what_a_server_answers_is_said_in_words(
    served: Served, tmp_path: Path, always: int, said: str
) -> None:
    served.always = always
    with pytest.raises(InstallError) as raised:
        download(served.address, tmp_path)
    assert said in str(raised.value)


def test_nobody_there_is_one_sentence(tmp_path: Path) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/model.zip"
    with pytest.raises(InstallError, match=r"downloaded \([^\[\]]+\);"):
        download(address, tmp_path)


def test_what_has_arrived_is_worth_another_try(served: Served, tmp_path: Path) -> None:
    served.ranges, served.stop_after = False, BLOCK
    with pytest.raises(InstallError, match="give the same command again to go on"):
        download(served.address, tmp_path)


def test_a_server_that_never_sends_is_given_up(served: Served, tmp_path: Path) -> None:
    served.stop_after = 0
    with pytest.raises(InstallError, match="could not be downloaded"):
        download(served.address, tmp_path)
    assert len(served.asked) == 3


def test_a_server_that_knows_no_range_at_all_is_one_sentence(
    served: Served, tmp_path: Path
) -> None:
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        download(served.address, tmp_path, progress=lambda *_: cancel.cancel(), cancel=cancel)
    served.always = 416
    with pytest.raises(InstallError, match="the server answered 416"):
        download(served.address, tmp_path)
    assert served.asked[1:] == [f"bytes={BLOCK}-", ""]


def test_a_length_that_is_no_number_says_nothing(served: Served, tmp_path: Path) -> None:
    served.length = "abc"
    assert download(served.address, tmp_path).read_bytes() == CONTENT


def test_stopping_does_not_wait_for_a_silent_server(served: Served, tmp_path: Path) -> None:
    served.silent.set()
    cancel = CancelToken()
    timer = threading.Timer(0.3, cancel.cancel)
    timer.start()
    before = time.monotonic()
    with pytest.raises(Cancelled):
        download(served.address, tmp_path, cancel=cancel)
    assert time.monotonic() - before < PATIENCE_S / 3
    timer.join()
